//! Refunds and reversals against a naive model: in any parts a full return is exact.

use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{Charge, ChargeKind, DestinationShare, ProcessingFee};
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::refund::{Recover, Refund};
use counterfoil_domain::transfer::{ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, Recorded, TransferId};
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
    ChargeId::new(last(&world.execute(command).unwrap()), 0)
}

fn last(events: &[Recorded]) -> u64 {
    events.last().unwrap().position
}

/// Amounts that sum to `total`, each above zero, cut at the given points.
fn parts(total: Minor, cuts: &[Minor]) -> Vec<Minor> {
    let mut points: Vec<Minor> = cuts.iter().map(|cut| cut % total).chain([0, total]).collect();
    points.sort_unstable();
    points.dedup();
    points.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// What is owed to the platform and to the bakery, and what the card holds.
fn standing(world: &World) -> (i128, i128, i128) {
    let (accounts, rails) = model::sums(world.log(), Currency::USD);
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
        let made = TransferId::new(last(&world.execute(transfer).unwrap()), 0);
        if late {
            world.execute(AdvanceTo { to: "2026-03-05".parse().unwrap() }).unwrap();
        }
        let before = balances(&world);
        world.execute(ReverseTransfer { transfer: made, amount: Some(back) }).unwrap();
        let again = Transfer { source_charge: Some(source), ..Transfer::new(grocer, money(back)) };
        world.execute(again).unwrap();
        assert_eq!(balances(&world), before);
        assert_eq!(world.records().get(source).unwrap().transferred, moved);
    }
}

/// Every balance of every account, state by state.
fn balances(world: &World) -> Vec<(Minor, Minor, Minor)> {
    let wallets = world.ledger().accounts().iter().map(|account| account.wallet(Currency::USD).cloned());
    wallets
        .map(Option::unwrap_or_default)
        .map(|wallet| (wallet.pending, wallet.available, wallet.in_transit))
        .collect()
}
