//! Captures and failed payments against a naive model: in any parts a charge that is captured
//! whole comes to what it would have been at once, and a payment that fails leaves nothing behind.

use counterfoil_domain::charge::{
    Authorise, BeginCharge, CaptureCharge, Charge, ChargeKind, DestinationShare, MarkChargeFailed,
    MarkChargeSucceeded, ProcessingFee,
};
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::payout::FailureCode;
use counterfoil_domain::refund::{MarkRefundFailed, Recover, Refund, RefundFailure};
use counterfoil_domain::transfer::{ReverseTransfer, Transfer};
use counterfoil_domain::{AccountId, ChargeId, RefundId, TransferId};
use counterfoil_testkit::World;
use proptest::prelude::{Strategy, any};
use proptest::proptest;

use crate::cases::cases;
use crate::market::{open, rail_name};
use crate::model;
use crate::refunds::{made, parts, standing};

const BAKERY: AccountId = AccountId(1);

/// The processor's fee on so much: 2.9 % and 0.30.
fn processing(amount: Minor) -> Minor {
    model::nearest_even(amount, 290, 10_000) + 30
}

fn market() -> World {
    open(ProcessingFee { rate: Rate::from_basis_points(290).unwrap(), fixed: 30 }, 1_000_000)
}

fn charge(amount: Minor, kind: ChargeKind) -> Box<Charge> {
    let charge = Charge::separate(Money::new(Currency::USD, amount), rail_name(0));
    Box::new(Charge { kind, ..charge })
}

/// Cuts of a charge, and whether time passes after each part.
fn cuts() -> impl Strategy<Value = Vec<(Minor, bool)>> {
    proptest::collection::vec((31..100_000_i64, any::<bool>()), 0..5)
}

fn pass_time(world: &mut World, hours: i64) {
    world.set_now(world.now().plus_seconds(hours * 3_600));
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_charge_captured_in_any_parts_comes_to_what_it_would_at_once(
        amount in 1_000..30_000_i64,
        way in 0..4_u8,
        share in 0..=100_i64,
        cuts in cuts(),
    ) {
        let mut world = market();
        let part = amount * share / 100;
        let (kind, fee, kept) = match way {
            0 => (ChargeKind::Direct { account: BAKERY, application_fee: part }, part, 0),
            1 => {
                let share = DestinationShare::LessApplicationFee(part);
                (ChargeKind::Destination { account: BAKERY, share }, part, 0)
            }
            2 => {
                let moved = part.max(1);
                let share = DestinationShare::Amount(moved);
                (ChargeKind::Destination { account: BAKERY, share }, 0, amount - moved)
            }
            _ => (ChargeKind::Separate, 0, amount),
        };
        let made = world.execute(Authorise { charge: charge(amount, kind), capture_before: None }).unwrap();
        let id = ChargeId::new(made.last().unwrap().position, 0);
        let (points, waits): (Vec<Minor>, Vec<bool>) = cuts.into_iter().unzip();
        let mut captured = 0;
        for (index, part) in parts(amount, &points).into_iter().enumerate() {
            if waits.get(index).copied().unwrap_or_default() {
                pass_time(&mut world, 20);
            }
            let capture = CaptureCharge { amount: Some(part), final_capture: false, ..CaptureCharge::full(id) };
            let done = world.execute(capture);
            if done.is_err() {
                // The first capture may be below the processor's fixed part; nothing is asked of it.
                assert!(captured == 0 && part < processing(part), "{done:?}");
                return Ok(());
            }
            captured += part;
            // What the seller does not get of a sum, and what the processor takes of it.
            let moved = model::nearest_even(amount - kept, captured, amount);
            let fee = model::nearest_even(fee, captured, amount);
            let processing = processing(captured);
            let sellers = match way {
                0 => captured - fee - processing,
                1 => captured - fee,
                2 => moved,
                _ => 0,
            };
            let platforms = captured - sellers - processing;
            let expected = (platforms.into(), sellers.into(), (captured - processing).into());
            assert_eq!(standing(&world), expected, "after {captured} of {amount}");
        }
        let charge = world.records().get(id).unwrap();
        assert_eq!((charge.amount, charge.refundable()), (amount, amount));
    }

    #[test]
    fn fees_that_differ_by_capture_go_back_against_all_that_went_back(
        captures in proptest::collection::vec((1..3_000_i64, 0..=100_i64, 0..=100_i64, any::<bool>()), 1..5),
        cuts in cuts(),
        fails in any::<[bool; 6]>(),
    ) {
        let mut world = open(ProcessingFee::NONE, 1_000_000);
        let share = DestinationShare::LessApplicationFee(0);
        let whole = captures.iter().map(|(amount, ..)| amount).sum();
        let charge = charge(whole, ChargeKind::Destination { account: BAKERY, share });
        let made_by = world.execute(Authorise { charge, capture_before: None }).unwrap();
        let id = ChargeId::new(made_by.last().unwrap().position, 0);
        let (mut captured, mut fee, mut with_fee, mut back, mut moved_back) = (0, 0, 0, 0, 0);
        for (amount, of_fee, of_transfer, wait) in captures {
            let (asked, part) = (Some(amount), amount * of_fee / 100);
            let capture = CaptureCharge { amount: asked, application_fee: Some(part), ..CaptureCharge::full(id) };
            world.execute(CaptureCharge { final_capture: false, ..capture }).unwrap();
            (captured, fee) = (captured + amount, fee + part);
            let transfer = world.records().get(id).unwrap().own_transfer(id).unwrap();
            let part = (captured - moved_back) * of_transfer / 100;
            if part > 0 && fee > 0 {
                let reversal = ReverseTransfer { amount: Some(part), ..ReverseTransfer::full(transfer) };
                world.execute(ReverseTransfer { refund_application_fee: true, ..reversal }).unwrap();
                (moved_back, with_fee) = (moved_back + part, with_fee + part);
                back = back.max(model::nearest_even(fee, with_fee.min(captured), captured));
            }
            if wait {
                pass_time(&mut world, 20);
            }
            assert_eq!(world.records().get(id).unwrap().fee_refunded, back, "after {captured} of {whole}");
        }
        let refund = |amount| {
            let (recover, refund_application_fee) = (Recover::OwnTransfer, fee > 0);
            Refund { amount, recover, refund_application_fee, ..Refund::full(id) }
        };
        let points: Vec<Minor> = cuts.into_iter().map(|(cut, _)| cut).collect();
        for (part, fails) in parts(whole, &points).into_iter().zip(fails) {
            let refunded = made(&world.execute(refund(Some(part))).unwrap());
            let of = (with_fee + part).min(whole);
            let given = (model::nearest_even(fee, of, whole) - back).max(0);
            assert_eq!(world.records().get(id).unwrap().fee_refunded, back + given);
            if fails {
                let failed = MarkRefundFailed { refund: refunded, failure: RefundFailure::Declined };
                world.execute(failed).unwrap();
                assert_eq!(world.records().get(id).unwrap().fee_refunded, back);
            } else {
                (with_fee, back) = (with_fee + part, back + given);
            }
        }
        if world.records().get(id).unwrap().refundable() > 0 {
            world.execute(refund(None)).unwrap();
        }
        assert_eq!(world.records().get(id).unwrap().fee_refunded, fee);
        assert_eq!(standing(&world), (0, 0, 0));
    }

    #[test]
    fn a_payment_that_fails_leaves_the_processors_fee_and_what_was_refunded(
        amount in 1_000..30_000_i64,
        way in 0..3_u8,
        moves in proptest::collection::vec((1..10_000_i64, 1..10_000_i64), 0..4),
        (refund, arrived, hours) in (0..10_000_i64, any::<bool>(), 0..200_i64),
    ) {
        let mut world = market();
        let kind = match way {
            0 => ChargeKind::Direct { account: BAKERY, application_fee: amount / 10 },
            1 => {
                let share = DestinationShare::LessApplicationFee(amount / 10);
                ChargeKind::Destination { account: BAKERY, share }
            }
            _ => ChargeKind::Separate,
        };
        let made = world.execute(BeginCharge { charge: charge(amount, kind) }).unwrap();
        let id = ChargeId::new(made.last().unwrap().position, 0);
        for (moved, back) in moves.into_iter().filter(|_| way == 2) {
            let left = world.records().get(id).unwrap().transferable();
            if left == 0 {
                break;
            }
            let money = Money::new(Currency::USD, moved.min(left));
            let transfer = Transfer { source_charge: Some(id), ..Transfer::new(BAKERY, money) };
            let made = world.execute(transfer).unwrap().last().unwrap().position;
            let transfer = TransferId::new(made, 0);
            world.execute(ReverseTransfer {
                transfer,
                amount: Some(back.min(money.minor)),
                refund_application_fee: false,
            }).unwrap();
        }
        let mut refunded = 0;
        if arrived {
            world.execute(MarkChargeSucceeded { charge: id }).unwrap();
            refunded = refund.min(amount);
            if refunded > 0 {
                let recover = if way == 1 { Recover::OwnTransfer } else { Recover::None };
                let refund = Refund { amount: Some(refunded), recover, ..Refund::full(id) };
                world.execute(Refund { refund_application_fee: way < 2, ..refund }).unwrap();
            }
        }
        pass_time(&mut world, hours);
        world.execute(MarkChargeFailed { charge: id, code: FailureCode::NoAccount }).unwrap();
        // The whole payment is gone, and what was refunded of it before.
        let lost = i128::from(processing(amount) + refunded);
        let (platform, bakery) = if way == 0 { (0, -lost) } else { (-lost, 0) };
        assert_eq!(standing(&world), (platform, bakery, -lost));
        let charge = world.records().get(id).unwrap();
        assert_eq!((charge.transferred, charge.refunded, charge.refundable()), (0, refunded, 0));
        assert_eq!(charge.fee_refunded, charge.application_fee);
        let refund = world.records().each::<RefundId>().next().map(|(id, _)| id);
        if let Some(refund) = refund {
            // The payer got nothing after all: only the processing fee is lost.
            world.execute(MarkRefundFailed { refund, failure: RefundFailure::Declined }).unwrap();
            let lost = i128::from(processing(amount));
            assert_eq!(standing(&world), if way == 0 { (0, -lost, -lost) } else { (-lost, 0, -lost) });
            assert_eq!(world.records().get(id).unwrap().fee_refunded, world.records().get(id).unwrap().application_fee);
        }
    }
}

/// The amount counts from the authorisation on, and once: that it is captured is never refused
/// for its size.
#[test]
fn what_is_authorised_counts_as_taken_in() {
    let mut world = market();
    let taken_in = |world: &World| world.ledger().taken_in(Currency::USD);
    let charge = charge(10_000, ChargeKind::Separate);
    let made = world.execute(Authorise { charge: charge.clone(), capture_before: None }).unwrap();
    assert_eq!(taken_in(&world), 10_000);
    world.execute(CaptureCharge::full(ChargeId::new(made.last().unwrap().position, 0))).unwrap();
    assert_eq!(taken_in(&world), 10_000);
    world.execute(BeginCharge { charge }).unwrap();
    assert_eq!(taken_in(&world), 20_000);
}
