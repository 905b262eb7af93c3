//! The laws notice a refund that is not what it says, and one that waits in one place alone.

use counterfoil_domain::laws::{Breach, Difference, Law, Laws};
use counterfoil_domain::refund::{MarkRefundFailed, OnShortfall, Refund, RefundFailure, RefundStatus};
use counterfoil_domain::{ChargeId, Event, Ledger, Record, RefundId, evolve};

use crate::laws::market;

#[test]
fn a_failed_refund_that_forgets_what_it_puts_back_is_noticed() {
    let mut world = market();
    let failed = MarkRefundFailed { refund: RefundId::new(10, 0), failure: RefundFailure::Declined };
    world.execute(failed).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    let law = |tamper: fn(&mut Record)| {
        let mut log = log.clone();
        let Some(Event::Moved(moved)) = log.last_mut().map(|recorded| &mut recorded.event) else {
            panic!("a refund that fails is a step");
        };
        moved.beside.iter_mut().for_each(|part| tamper(&mut part.record));
        let mut laws = Laws::new();
        log.iter().find_map(|recorded| laws.check(recorded).err()).unwrap().law
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
