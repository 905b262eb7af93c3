//! Refunds and reversals against a naive model: in any parts a full return is exact.

use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{Charge, ChargeKind, DestinationShare, ProcessingFee};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::refund::{
    CancelRefund, MarkRefundFailed, MarkRefundPending, OnShortfall, Recover, Refund, RefundFailure,
};
use counterfoil_domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil_domain::transfer::{ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, Recorded, RefundId, TopupId, TransferId};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::proptest;

use crate::cases::cases;
use crate::market::{open, rail_name};
use crate::model;

const BAKERY: AccountId = AccountId(1);

/// A generous limit, so that no refund is refused for want of cover.
const OVERDRAFT: Minor = 1_000_000;

fn charge(world: &mut World, amount: Minor, kind: ChargeKind) -> ChargeId {
    let mut command = Charge::separate(Money::new(Currency::USD, amount), rail_name(0));
    command.kind = kind;
    ChargeId::new(first(&world.execute(command).unwrap(), "charge_succeeded"), 0)
}

/// The position of what a command did first; the platform's reserve may have followed it.
pub(crate) fn first(events: &[Recorded], name: &str) -> u64 {
    events.iter().find(|recorded| recorded.event.name() == name).unwrap().position
}

/// Amounts that sum to `total`, each above zero, cut at the given points.
pub(crate) fn parts(total: Minor, cuts: &[Minor]) -> Vec<Minor> {
    let mut points: Vec<Minor> = cuts.iter().map(|cut| cut % total).chain([0, total]).collect();
    points.sort_unstable();
    points.dedup();
    points.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// What is owed to the platform and to the bakery, and what the card holds.
pub(crate) fn standing(world: &World) -> (i128, i128, i128) {
    let (accounts, rails, _) = model::sums(world.log(), Currency::USD);
    let of = |number| accounts.get(&number).copied().unwrap_or_default();
    (of(0), of(BAKERY.0), rails[&1])
}

/// Small amounts, whose halves are often half a cent, and others.
fn amount() -> impl Strategy<Value = Minor> {
    prop_oneof![1..40_i64, 1..30_000_i64]
}

fn cuts() -> impl Strategy<Value = Vec<(Minor, bool)>> {
    proptest::collection::vec((1..100_000_i64, any::<bool>()), 0..6)
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn refunds_and_reversals_in_any_order_give_the_fee_back_once(
        amount in amount(),
        share in 0..=100_i64,
        cuts in cuts(),
        reversals in proptest::collection::vec(any::<bool>(), 7),
    ) {
        let mut world = open(ProcessingFee::NONE, OVERDRAFT);
        let fee = (amount * share / 100).max(1);
        let kind = DestinationShare::LessApplicationFee(fee);
        let id = charge(&mut world, amount, ChargeKind::Destination { account: BAKERY, share: kind });
        let (points, waits): (Vec<Minor>, Vec<bool>) = cuts.into_iter().unzip();
        let (mut back, mut refunded) = (0, 0);
        for (index, part) in parts(amount, &points).into_iter().enumerate() {
            if waits.get(index).copied().unwrap_or_default() {
                let to = world.now().plus_seconds(86_400);
                world.execute(AdvanceTo { to }).unwrap();
            }
            if reversals[index] {
                let reversal = ReverseTransfer::full(id.destination_transfer());
                let (amount, refund_application_fee) = (Some(part), true);
                world.execute(ReverseTransfer { amount, refund_application_fee, ..reversal }).unwrap();
            } else {
                let mut refund = Refund::full(id);
                (refund.amount, refund.refund_application_fee) = (Some(part), true);
                refund.recover = Recover::OwnTransfer;
                world.execute(refund).unwrap();
                refunded += part;
            }
            back += part;
            let due = model::nearest_even(fee, back, amount);
            assert_eq!(world.records().get(id).unwrap().fee_refunded, due, "after {back} of {amount}");
            let left = i128::from(amount - back - fee + due);
            let platforms = i128::from(back - refunded + fee - due);
            assert_eq!(standing(&world), (platforms, left, i128::from(amount - refunded)));
        }
        // All of the transfer is back: what is still refunded gives nothing more.
        let (charge, mut refund) = (world.records().get(id).unwrap().clone(), Refund::full(id));
        (refund.recover, refund.refund_application_fee) = (Recover::OwnTransfer, true);
        assert_eq!((charge.fee_refunded, charge.transferred), (fee, 0));
        if charge.refundable() > 0 {
            world.execute(refund).unwrap();
            assert_eq!(standing(&world), (0, 0, 0));
        }
    }

    #[test]
    fn a_destination_charge_refunded_in_any_parts_returns_exactly(
        amount in amount(),
        share in 0..=100_i64,
        with_fee in any::<bool>(),
        cuts in cuts(),
    ) {
        let mut world = open(ProcessingFee::NONE, OVERDRAFT);
        let part = amount * share / 100;
        let (kind, moved, fee) = if with_fee {
            (DestinationShare::LessApplicationFee(part), amount, part)
        } else {
            (DestinationShare::Amount(part.max(1)), part.max(1), 0)
        };
        let id = charge(&mut world, amount, ChargeKind::Destination { account: BAKERY, share: kind });
        let (points, waits): (Vec<Minor>, Vec<bool>) = cuts.into_iter().unzip();
        let mut refunded = 0;
        for (index, part) in parts(amount, &points).into_iter().enumerate() {
            if waits.get(index).copied().unwrap_or_default() {
                // From pending to matured, and perhaps paid out, between the parts.
                world.set_now(world.now().plus_seconds(60 * 3_600));
            }
            let refund = Refund {
                charge: id,
                amount: Some(part),
                recover: Recover::OwnTransfer,
                refund_application_fee: fee > 0,
                reason: None,
                on_shortfall: None,
            };
            world.execute(refund).unwrap();
            refunded += part;
            let reversed = model::nearest_even(moved, refunded, amount);
            let fee_back = model::nearest_even(fee, refunded, amount);
            let bakery = moved - fee - reversed + fee_back;
            let platform = (amount - refunded) - bakery;
            let expected = (i128::from(platform), i128::from(bakery), i128::from(amount - refunded));
            assert_eq!(standing(&world), expected, "after {refunded} of {amount}");
        }
        assert_eq!(standing(&world), (0, 0, 0));
        let transfer = world.records().get(id.destination_transfer()).unwrap();
        assert_eq!((transfer.reversed, world.records().get(id).unwrap().fee_refunded), (moved, fee));
    }

    #[test]
    fn a_direct_charge_refunded_in_any_parts_returns_its_fee_exactly(
        amount in amount(),
        share in 0..=100_i64,
        cuts in cuts(),
    ) {
        let mut world = open(ProcessingFee::NONE, OVERDRAFT);
        let fee = amount * share / 100;
        let id = charge(&mut world, amount, ChargeKind::Direct { account: BAKERY, application_fee: fee });
        let points: Vec<Minor> = cuts.into_iter().map(|(cut, _)| cut).collect();
        let mut refunded = 0;
        for part in parts(amount, &points) {
            let refund = Refund {
                charge: id,
                amount: Some(part),
                recover: Recover::None,
                refund_application_fee: fee > 0,
                reason: None,
                on_shortfall: None,
            };
            world.execute(refund).unwrap();
            refunded += part;
            let platform = fee - model::nearest_even(fee, refunded, amount);
            let held = amount - refunded;
            assert_eq!(standing(&world), (platform.into(), (held - platform).into(), held.into()));
        }
        assert_eq!(standing(&world), (0, 0, 0));
    }

    #[test]
    fn what_failed_between_the_parts_of_a_full_refund_leaves_no_trace(
        (amount, share) in (amount(), 0..=100_i64),
        direct in any::<bool>(),
        fixed in 0..50_i64,
        cuts in cuts(),
        fates in proptest::collection::vec((0..4_u8, any::<usize>()), 6),
    ) {
        let processing_fee = ProcessingFee { fixed: fixed.min(amount), ..ProcessingFee::NONE };
        let mut world = open(processing_fee, OVERDRAFT);
        let fee = amount * share / 100;
        let kind = if direct {
            ChargeKind::Direct { account: BAKERY, application_fee: fee }
        } else {
            ChargeKind::Destination { account: BAKERY, share: DestinationShare::LessApplicationFee(fee) }
        };
        let id = charge(&mut world, amount, kind);
        let recover = if direct { Recover::None } else { Recover::OwnTransfer };
        let refund = |part| Refund {
            amount: part,
            recover: recover.clone(),
            refund_application_fee: fee > 0,
            ..Refund::full(id)
        };
        let mut live: Vec<RefundId> = Vec::new();
        let (points, waits): (Vec<Minor>, Vec<bool>) = cuts.into_iter().unzip();
        for (index, part) in parts(amount, &points).into_iter().enumerate() {
            if waits.get(index).copied().unwrap_or_default() {
                world.set_now(world.now().plus_seconds(60 * 3_600));
            }
            live.push(made(&world.execute(refund(Some(part))).unwrap()));
            let (fate, which) = fates[index % fates.len()];
            let which = which % live.len();
            match fate {
                0 => {
                    let refund = live.swap_remove(which);
                    world.execute(MarkRefundFailed { refund, failure: RefundFailure::Unknown }).unwrap();
                }
                1 => {
                    let refund = live.swap_remove(which);
                    world.execute(MarkRefundPending { refund, requires_action: true }).unwrap();
                    world.execute(CancelRefund { refund }).unwrap();
                }
                _ => {}
            }
        }
        // What is left of the charge goes back too: then all of it did.
        if world.records().get(id).unwrap().refundable() > 0 {
            world.execute(refund(None)).unwrap();
        }
        let charge = world.records().get(id).unwrap().clone();
        let fee_paid = i128::from(charge.processing_fee);
        let paid = if direct { (0, -fee_paid, -fee_paid) } else { (-fee_paid, 0, -fee_paid) };
        assert_eq!(standing(&world), paid, "only the processing fee is gone");
        assert_eq!((charge.refunded, charge.fee_refunded, charge.transferred), (amount, fee, 0));
    }

    #[test]
    fn a_refund_that_fails_leaves_everything_as_it_was(
        (amount, share) in (amount(), 0..=100_i64),
        way in 0..3_u8,
        earlier in 1..30_000_i64,
        part in 1..30_000_i64,
        (matured, canceled) in any::<(bool, bool)>(),
    ) {
        let mut world = open(ProcessingFee::NONE, OVERDRAFT);
        // The grocer is paid out in the middle of the month, so its money stays.
        let (account, fee) = (AccountId(3), amount * share / 100);
        let kind = match way {
            0 => ChargeKind::Direct { account, application_fee: fee },
            1 => ChargeKind::Destination { account, share: DestinationShare::LessApplicationFee(fee) },
            _ => ChargeKind::Separate,
        };
        let id = charge(&mut world, amount, kind);
        let mut recover = if way == 1 { Recover::OwnTransfer } else { Recover::None };
        if way == 2 {
            let transfer = Transfer::new(account, Money::new(Currency::USD, amount));
            let transfer = Transfer { source_charge: Some(id), ..transfer };
            let made = TransferId::new(first(&world.execute(transfer).unwrap(), "transfer_created"), 0);
            recover = Recover::Exactly(vec![(made, (amount / 3).max(1))]);
        }
        if matured {
            world.execute(AdvanceTo { to: "2026-03-05".parse().unwrap() }).unwrap();
        }
        let refund = |part: Minor, recover: &Recover| Refund {
            amount: Some(part),
            recover: recover.clone(),
            refund_application_fee: way < 2 && fee > 0,
            ..Refund::full(id)
        };
        let earlier = earlier % amount;
        if earlier > 0 && way < 2 {
            world.execute(refund(earlier, &recover)).unwrap();
        }
        let left = world.records().get(id).unwrap().refundable();
        let before = (balances(&world), world.records().get(id).cloned(), owed(&world, id));
        let refund = refund(part % left + 1, &recover);
        let refund = made(&world.execute(refund).unwrap());
        if canceled {
            world.execute(MarkRefundPending { refund, requires_action: true }).unwrap();
            world.execute(CancelRefund { refund }).unwrap();
        } else {
            world.execute(MarkRefundFailed { refund, failure: RefundFailure::Declined }).unwrap();
        }
        let after = (balances(&world), world.records().get(id).cloned(), owed(&world, id));
        assert_eq!(after, before);
    }

    #[test]
    fn refunds_that_wait_are_done_in_turn_and_no_sooner(
        asked in proptest::collection::vec(1..5_000_i64, 1..6),
        paid in proptest::collection::vec(1..5_000_i64, 1..12),
    ) {
        let mut world = open(ProcessingFee::NONE, 0);
        let total: Minor = asked.iter().sum();
        let id = charge(&mut world, total, ChargeKind::Separate);
        let all = Transfer { source_charge: Some(id), ..Transfer::new(BAKERY, Money::new(Currency::USD, total)) };
        world.execute(all).unwrap();
        for part in &asked {
            let on_shortfall = Some(OnShortfall::Wait);
            world.execute(Refund { amount: Some(*part), on_shortfall, ..Refund::full(id) }).unwrap();
        }
        assert_eq!(standing(&world).2, i128::from(total), "nothing was given back yet");
        let mut come = 0;
        for part in paid {
            let amount = Money::new(Currency::USD, part);
            let topup = CreateTopup { account: AccountId::PLATFORM, amount, transfer_group: None, details: None };
            let topup = TopupId::new(first(&world.execute(topup).unwrap(), "topup_created"), 0);
            world.execute(MarkTopupSucceeded { topup }).unwrap();
            world.execute(AdvanceTo { to: world.now().plus_seconds(1) }).unwrap();
            come += part;
            // The naive queue: each in turn, as long as what came covers all of it.
            let (mut spent, mut done) = (0, 0);
            for part in asked.iter().take_while(|part| { spent += **part; spent <= come }) {
                done += part;
            }
            assert_eq!(standing(&world).2, i128::from(total - done), "after {come} came for {asked:?}");
        }
    }

    #[test]
    fn a_reversal_and_an_equal_transfer_restore_every_balance(
        amount in 2..30_000_i64,
        moved in 1..30_000_i64,
        back in 1..30_000_i64,
        late in any::<bool>(),
        fixed in 0..50_i64,
    ) {
        // The grocer is paid out in the middle of the month, so its money stays.
        let grocer = AccountId(3);
        let processing_fee = ProcessingFee { fixed: fixed.min(amount), ..ProcessingFee::NONE };
        let mut world = open(processing_fee, OVERDRAFT);
        let source = charge(&mut world, amount, ChargeKind::Separate);
        let money = |minor| Money::new(Currency::USD, minor);
        let moved = moved.min(amount);
        let back = back.min(moved);
        let transfer = Transfer { source_charge: Some(source), ..Transfer::new(grocer, money(moved)) };
        let made = TransferId::new(first(&world.execute(transfer).unwrap(), "transfer_created"), 0);
        if late {
            world.execute(AdvanceTo { to: "2026-03-05".parse().unwrap() }).unwrap();
        }
        let before = balances(&world);
        world.execute(ReverseTransfer { amount: Some(back), ..ReverseTransfer::full(made) }).unwrap();
        let again = Transfer { source_charge: Some(source), ..Transfer::new(grocer, money(back)) };
        world.execute(again).unwrap();
        assert_eq!(balances(&world), before);
        assert_eq!(world.records().get(source).unwrap().transferred, moved);
    }
}

/// The refund that a command made; the platform's reserve may have followed it.
pub(crate) fn made(events: &[Recorded]) -> RefundId {
    let refunded = events.iter().find_map(|recorded| match recorded.event.name() {
        "charge_refunded" | "refund_created" => Some(recorded.position),
        _ => None,
    });
    RefundId::new(refunded.unwrap(), 0)
}

/// What a destination charge's own transfer can still give back, and holds in pending.
fn owed(world: &World, id: ChargeId) -> Option<(Minor, Minor)> {
    let transfer = world.records().get(id.destination_transfer())?;
    Some((transfer.reversible(), transfer.pending_left))
}

/// Every balance of every account, state by state.
fn balances(world: &World) -> Vec<(Minor, Minor, Minor)> {
    let wallets = world.ledger().accounts().iter().map(|account| account.wallet(Currency::USD).cloned());
    wallets
        .map(Option::unwrap_or_default)
        .map(|wallet| (wallet.pending, wallet.available, wallet.in_transit))
        .collect()
}
