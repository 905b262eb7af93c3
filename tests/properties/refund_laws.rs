//! The laws notice a refund that is not what it says, and one that waits in one place alone.

use counterfoil_domain::laws::{Breach, Difference, Law, Laws};
use counterfoil_domain::refund::{
    MarkRefundFailed, MarkRefundPending, OnShortfall, Recover, Refund, RefundFailure, RefundState,
    RefundStatus,
};
use counterfoil_domain::{
    ChargeId, Event, Ledger, Moved, Record, Recorded, RefundId, Step, TransferId, evolve,
};

use crate::laws::market;
use crate::refunds::made;
use crate::tampering::{first, tampered};

#[test]
fn a_failed_refund_that_forgets_what_it_puts_back_is_noticed() {
    let mut world = market();
    let failed = MarkRefundFailed { refund: RefundId::new(10, 0), failure: RefundFailure::Declined };
    world.execute(failed).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    let law = |tamper: fn(&mut Record)| {
        let beside = |moved: &mut Moved| moved.beside.iter_mut().for_each(|part| tamper(&mut part.record));
        tampered(log.clone(), log.len() - 1, beside).law
    };
    let refunded = law(|record| {
        if let Record::Charge(_, charge) = record {
            charge.refunded += 1_000;
        }
    });
    assert!(matches!(refunded, Law::ChargeForgets { what: "refunded", added: 1_000, .. }), "{refunded}");
    let fee = law(|record| {
        if let Record::Charge(_, charge) = record {
            charge.fee_refunded += 100;
        }
    });
    assert!(matches!(fee, Law::ChargeForgets { what: "fee given back", added: 100, .. }), "{fee}");
    let reversed = law(|record| {
        if let Record::Transfer(_, transfer) = record {
            transfer.reversed += 1_000;
        }
    });
    assert!(matches!(reversed, Law::TransferForgets { added: 1_000, .. }), "{reversed}");
}

/// The ledger missed that a refund waits.
#[test]
fn what_waits_in_one_alone_is_noticed() {
    let mut world = market();
    let waiting = Refund { on_shortfall: Some(OnShortfall::Wait), ..Refund::full(ChargeId::new(6, 0)) };
    world.execute(waiting).unwrap();
    assert_eq!(world.ledger().agenda().waits().count(), 1);
    let (mut laws, mut ledger) = (Laws::new(), Ledger::new());
    for recorded in world.log() {
        laws.check(recorded).unwrap();
        let mut recorded = recorded.clone();
        if let Event::Moved(moved) = &mut recorded.event
            && let Record::Refund(_, refund) = &mut moved.subject.record
        {
            refund.status = RefundStatus::Canceled;
        }
        evolve(&mut ledger, &recorded);
    }
    assert_eq!(laws.finish(world.ledger()), []);
    let found = laws.finish(&ledger);
    let waits = |breach: &Breach| matches!(breach.law, Law::Differs { what: Difference::Waiting, .. });
    assert!(found.len() == 1 && found.iter().all(waits), "{found:?}");
}

/// A separate charge of 50.00 of which a transfer of 15.00 is left: a refund takes 5.00 of it back
/// at position 17, and fails.
fn taking_back() -> Vec<Recorded> {
    let mut world = market();
    let recover = Recover::Exactly(vec![(TransferId::new(7, 0), 500)]);
    let refund = Refund { amount: Some(1_000), recover, ..Refund::full(ChargeId::new(6, 0)) };
    let refund = made(&world.execute(refund).unwrap());
    world.execute(MarkRefundPending { refund, requires_action: false }).unwrap();
    world.execute(MarkRefundFailed { refund, failure: RefundFailure::Declined }).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

/// The law that breaks where this step is tampered with.
fn law(step: Step, tamper: impl FnOnce(&mut Moved)) -> Law {
    let log = taking_back();
    let place = first(&log, step);
    tampered(log, place, tamper).law
}

fn state(moved: &mut Moved) -> &mut RefundState {
    let Record::Refund(_, refund) = &mut moved.subject.record else { panic!("no refund") };
    refund
}

#[test]
fn a_refund_that_says_other_than_it_booked_is_noticed() {
    let told = |what, said, booked| Law::Told { what, said, booked };
    let more = law(Step::RefundCreated, |moved| state(moved).amount.minor += 1);
    assert!(matches!(more, Law::ChargeForgets { what: "refunded", .. }), "{more}");
    let fee = law(Step::RefundCreated, |moved| state(moved).fee_refunded = 1);
    assert_eq!(fee, told("fee refund", 1, 0));
    let taken = law(Step::RefundCreated, |moved| state(moved).taken[0].amount = 499);
    assert_eq!(taken, told("reversals", 499, 500));
    let reversal = law(Step::RefundCreated, |moved| {
        let Record::Reversal(_, reversal) = &mut moved.beside[2].record else { panic!("no reversal") };
        reversal.amount.minor = 501;
    });
    assert_eq!(reversal, told("reversal of a refund", 501, 500));
    let nothing = law(Step::RefundFailed, |moved| {
        let Record::Reversal(_, reversal) = &mut moved.beside[2].record else { panic!("no reversal") };
        reversal.given_back = 0;
    });
    assert_eq!(nothing, told("reversal of a refund", 0, -500));
}

#[test]
fn a_refund_that_leaves_its_way_is_noticed() {
    let forgets = |law| matches!(law, Law::RefundForgets { .. });
    assert!(forgets(law(Step::RefundPending, |moved| state(moved).taken.clear())));
    assert!(forgets(law(Step::RefundPending, |moved| state(moved).amount.minor += 1)));
    assert!(forgets(law(Step::RefundPending, |moved| state(moved).status = RefundStatus::Canceled)));
    assert!(forgets(law(Step::RefundPending, |moved| moved.step = Step::RefundWaited)));
    let again = law(Step::RefundPending, |moved| {
        (moved.step, state(moved).status) = (Step::RefundFailed, RefundStatus::Canceled);
    });
    assert!(forgets(again), "a refund that is out does not end without its money");
}
