//! Disputes that are tampered with are noticed.

use counterfoil_domain::charge::{Charge, ChargeKind, DestinationShare, ProcessingFee};
use counterfoil_domain::dispute::{
    DisputeReason, DisputeReference, DisputeState, DisputeStatus, MarkDisputeWon, OpenDispute, Recovery,
};
use counterfoil_domain::laws::Law;
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::{AccountId, ChargeId, DisputeId, Event, Moved, Record, Recorded};

use crate::disputing::reference;
use crate::laws::rewrite;
use crate::market::{open, rail_name};
use crate::tampering::{breach, tampered};

/// | position | event |
/// |---|---|
/// | 4, 5 | a rail, and a destination charge of 100.00 with a fee of 15.00 |
/// | 6, 7 | it is disputed; the transfer and the fee go back |
/// | 8, 9 | the dispute is won; they go back again |
fn disputed() -> Vec<Recorded> {
    let mut world = open(ProcessingFee::NONE, 0);
    let mut charge = Charge::separate(Money::new(Currency::USD, 10_000), rail_name(0));
    let share = DestinationShare::LessApplicationFee(1_500);
    charge.kind = ChargeKind::Destination { account: AccountId(2), share };
    world.execute(charge).unwrap();
    let due_by = world.now().plus_seconds(86_400);
    let opened = OpenDispute::new(ChargeId::new(5, 0), reference(&world), DisputeReason::Fraudulent, due_by);
    world.execute(OpenDispute { recovery: Recovery::OwnTransfer { with_fee: true }, ..opened }).unwrap();
    world.execute(MarkDisputeWon { dispute: DisputeId::new(6, 0), fees_returned: None }).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

/// The law that the tampered event breaks first.
fn law(position: usize, tamper: impl Fn(&mut Moved)) -> Law {
    let breach = tampered(disputed(), position, tamper);
    assert_eq!(breach.position, position as u64, "{breach}");
    breach.law
}

fn dispute(moved: &mut Moved) -> &mut DisputeState {
    let Record::Dispute(_, dispute) = &mut moved.subject.record else { panic!("no dispute") };
    dispute
}

#[test]
fn a_dispute_that_says_other_than_it_booked_is_noticed() {
    let withdrawn = law(6, |moved| dispute(moved).withdrawn = 9_000);
    assert!(
        matches!(
            withdrawn,
            Law::DisputeForgets { what: "what was withdrawn", said: 9_000, added: 10_000, .. }
        ),
        "{withdrawn}"
    );
    let fees = law(6, |moved| dispute(moved).fee = 1_400);
    assert!(matches!(fees, Law::DisputeForgets { said: 1_400, added: 1_500, .. }), "{fees}");
    let recovered = law(7, |moved| dispute(moved).recovered[0].amount = 9_999);
    assert!(
        matches!(recovered, Law::DisputeForgets { what: "what was recovered", said: 9_999, .. }),
        "{recovered}"
    );
    let beyond = law(9, |moved| dispute(moved).recovered[0].given_back = false);
    assert!(matches!(beyond, Law::DisputeForgets { said: 10_000, added: 0, .. }), "{beyond}");
}

#[test]
fn a_dispute_that_changes_what_it_is_is_noticed() {
    let id = DisputeId::new(6, 0);
    let changed = Law::DisputeChanged { dispute: id };
    assert_eq!(law(7, |moved| dispute(moved).amount.minor = 9_000), changed);
    let other = DisputeReference::new("du_other").unwrap();
    assert_eq!(law(7, |moved| dispute(moved).reference = other.clone()), changed);
    assert_eq!(law(7, |moved| dispute(moved).status = DisputeStatus::Prevented), changed);
    assert_eq!(law(8, |moved| dispute(moved).status = DisputeStatus::WarningClosed), changed);
    // Half of it comes back, and it says so.
    let half = law(8, |moved| {
        dispute(moved).withdrawn = 5_000;
        moved.subject.amount = -5_000;
        if let Record::Charge(_, charge) = &mut moved.beside[0].record {
            charge.more.as_mut().unwrap().disputed = 5_000;
        }
        rewrite(&mut moved.books.as_mut().unwrap().entry, |posting| posting.amount /= 2);
    });
    assert_eq!(half, changed);
}

#[test]
fn what_a_charge_and_a_transfer_forget_of_a_dispute_is_noticed() {
    let charge = law(6, |moved| {
        if let Record::Charge(_, charge) = &mut moved.beside[0].record {
            charge.more.as_mut().unwrap().disputed = 0;
        }
    });
    assert!(
        matches!(charge, Law::ChargeForgets { what: "disputed", said: 0, added: 10_000, .. }),
        "{charge}"
    );
    let disputes = law(6, |moved| {
        if let Record::Charge(_, charge) = &mut moved.beside[0].record {
            charge.more.as_mut().unwrap().disputes.clear();
        }
    });
    assert!(matches!(disputes, Law::ChargeForgets { what: "disputes", said: 0, added: 1, .. }), "{disputes}");
    let fee = law(7, |moved| moved.beside[0].amount = 1_400);
    assert!(matches!(fee, Law::ChargeForgets { what: "fee given back", added: 1_400, .. }), "{fee}");
    let transfer = law(7, |moved| moved.beside[1].amount = 9_999);
    assert!(matches!(transfer, Law::TransferForgets { said: 10_000, added: 9_999, .. }), "{transfer}");
    let back = law(9, |moved| moved.beside[1].amount = -9_999);
    assert!(matches!(back, Law::TransferForgets { said: 0, added: 1, .. }), "{back}");
}

/// A log in which one dispute was told twice, whoever wrote it.
#[test]
fn a_dispute_that_is_told_twice_is_noticed() {
    let mut log = disputed();
    log.truncate(7);
    let mut again = log[6].clone();
    again.position = 7;
    let Event::Moved(moved) = &mut again.event else { panic!("no step") };
    let id = DisputeId::new(7, 0);
    moved.books = None;
    moved.subject.amount = 0;
    moved.beside.clear();
    if let Record::Dispute(told, state) = &mut moved.subject.record {
        *told = id;
        (state.status, state.withdrawn, state.fee) = (DisputeStatus::WarningNeedsResponse, 0, 0);
    }
    log.push(again);
    let breach = breach(&log).expect("the laws notice");
    assert_eq!((breach.position, breach.law), (7, Law::DisputeChanged { dispute: id }));
}
