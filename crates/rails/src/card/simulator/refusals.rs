//! What the simulated processor refuses, and that a refusal changes nothing.

use counterfoil_domain::money::{Currency, Money};

use super::asking::{
    Asked, accept, answer, at, cancel, cancel_refund, capture, capture_part, charge, hold, key, refund,
};
use crate::card::{CardAsk, CardOrder, CardRefusal, DisputeOutcome, LONGEST_EVIDENCE};
use crate::{DisputeRef, RailError};

const MONDAY: &str = "2026-03-02T10:00:00Z";

/// After these asks, all of them taken, the last is refused with that sentence, tells nothing,
/// and is refused again when it is repeated.
#[track_caller]
fn refused(before: Vec<(&str, CardOrder)>, last: (&str, CardOrder), sentence: &str) {
    let mut asked = Asked::new();
    let key = key(before.len() as u64 + 1);
    for (when, order) in before {
        assert_eq!(asked.ask(when, order).refusal(), None, "at {when}");
    }
    let mut untouched = asked.simulator.clone();
    let answer = asked.ask(last.0, last.1.clone());
    assert_eq!(answer.refusal().map(ToString::to_string).as_deref(), Some(sentence));
    let again = asked.simulator.ask(at("2030-01-01"), &CardAsk { key, order: last.1 }).unwrap();
    assert_eq!(again, answer);
    untouched.advance(at("2029-01-01"));
    asked.simulator.advance(at("2029-01-01"));
    assert_eq!(asked.simulator.told(), untouched.told());
}

#[test]
fn an_amount_is_above_zero_and_in_the_payment_s_currency() {
    for minor in [0, -1, i64::MIN] {
        let sentence = format!("An amount is above zero; USD {} was asked.", Currency::USD.format(minor));
        refused(vec![], (MONDAY, charge("tok_visa", minor)), &sentence);
        refused(vec![(MONDAY, hold("tok_visa", 5))], (MONDAY, capture(1, minor)), &sentence);
        refused(vec![(MONDAY, charge("tok_visa", 5))], (MONDAY, refund(1, minor)), &sentence);
    }
    let payment = key(1);
    let order = CardOrder::Refund { payment, amount: Money::new(Currency::EUR, 5) };
    refused(
        vec![(MONDAY, charge("tok_visa", 5))],
        (MONDAY, order),
        "The payment is in USD; EUR 0.05 was asked.",
    );
}

#[test]
fn a_capture_is_within_what_is_authorised_and_before_it_ends() {
    let held = || (MONDAY, hold("tok_visa", 10_000));
    refused(
        vec![held(), (MONDAY, capture_part(1, 6_000))],
        (MONDAY, capture(1, 4_001)),
        "The payment has USD 40.00 left to capture; USD 40.01 was asked.",
    );
    refused(
        vec![held()],
        ("2026-03-09T10:00:00Z", capture(1, 1)),
        "The payment 1.0 was expired; authorise a new one.",
    );
    refused(
        vec![held(), (MONDAY, capture(1, 1))],
        (MONDAY, capture(1, 1)),
        "The payment 1.0 was captured; authorise a new one.",
    );
    refused(
        vec![held(), (MONDAY, cancel(1))],
        (MONDAY, capture(1, 1)),
        "The payment 1.0 was cancelled; authorise a new one.",
    );
    refused(
        vec![(MONDAY, hold("tok_chargeDeclined", 10_000))],
        (MONDAY, capture(1, 1)),
        "The payment 1.0 was declined; authorise a new one.",
    );
    refused(
        vec![],
        (MONDAY, capture(9, 1)),
        "No payment was asked for under the key 9.0; authorise it first.",
    );
}

#[test]
fn a_cancelled_payment_has_nothing_captured() {
    refused(
        vec![(MONDAY, hold("tok_visa", 10_000)), (MONDAY, capture_part(1, 1))],
        (MONDAY, cancel(1)),
        "Of the payment 1.0 something was captured; refund that, the rest expires.",
    );
    refused(
        vec![(MONDAY, charge("tok_visa", 10_000))],
        (MONDAY, cancel(1)),
        "The payment 1.0 was captured; authorise a new one.",
    );
}

#[test]
fn a_refund_is_within_what_was_captured() {
    refused(
        vec![
            (MONDAY, hold("tok_pendingRefund", 10_000)),
            (MONDAY, capture_part(1, 6_000)),
            (MONDAY, refund(1, 5_000)),
        ],
        (MONDAY, refund(1, 1_001)),
        "The payment has USD 10.00 left to refund; USD 10.01 was asked.",
    );
    refused(
        vec![(MONDAY, charge("tok_visa", 10_000)), (MONDAY, refund(1, 1))],
        (MONDAY, cancel_refund(2)),
        "The refund 2.0 is not pending; only a pending one can be called back.",
    );
    refused(
        vec![(MONDAY, charge("tok_visa", 10_000))],
        (MONDAY, cancel_refund(1)),
        "No refund was asked for under the key 1.0; ask for it first.",
    );
}

#[test]
fn a_disputed_payment_is_not_refunded() {
    let sentence = "The payment is disputed (dp_1.0) and not refunded; answer or accept the dispute.";
    let disputed = || (MONDAY, charge("tok_createDispute", 10_000));
    refused(vec![disputed()], ("2026-03-03", refund(1, 1)), sentence);
    refused(vec![disputed()], ("2026-12-01", refund(1, 1)), sentence);
    refused(
        vec![disputed(), ("2026-03-03", answer(1, "winning_evidence"))],
        ("2026-03-04", refund(1, 1)),
        sentence,
    );
}

#[test]
fn a_dispute_is_answered_once_and_in_time() {
    let disputed = || (MONDAY, charge("tok_createDispute", 10_000));
    let once = "The dispute dp_1.0 was answered already; a bank takes one answer.";
    let answered = || vec![disputed(), ("2026-03-03", answer(1, "winning_evidence"))];
    refused(answered(), ("2026-03-04", answer(1, "losing_evidence")), once);
    refused(answered(), ("2026-03-04", accept(1)), once);
    refused(
        answered(),
        ("2026-12-01", answer(1, "late")),
        "The dispute dp_1.0 has ended (won); it takes no answer any more.",
    );
    refused(
        vec![disputed()],
        ("2026-03-23T10:01:00Z", answer(1, "winning_evidence")),
        "The dispute dp_1.0 has ended (lost); it takes no answer any more.",
    );
    refused(
        vec![disputed()],
        ("2026-03-02T10:00:59Z", answer(1, "winning_evidence")),
        "There is no dispute dp_1.0; take its name from the fact that opened it.",
    );
    refused(
        vec![disputed()],
        ("2026-03-03", answer(1, &"a".repeat(LONGEST_EVIDENCE + 1))),
        "Evidence has at most 150000 bytes; 150001 were given.",
    );
}

#[test]
fn an_inquiry_is_answered_in_time_and_not_accepted() {
    let inquired = || (MONDAY, charge("tok_createDisputeInquiry", 10_000));
    refused(
        vec![inquired()],
        ("2026-03-23T10:01:00Z", answer(1, "winning_evidence")),
        "Evidence for dp_1.0 was due before 2026-03-23T10:01:00Z; the bank takes none any more.",
    );
    refused(
        vec![inquired()],
        ("2026-03-03", accept(1)),
        "dp_1.0 is an inquiry, which no money hangs on; refund the payment or answer it.",
    );
    assert_eq!(DisputeOutcome::from_name("warning_closed"), Some(DisputeOutcome::WarningClosed));
}

#[test]
fn a_key_has_one_ask() {
    let mut asked = Asked::new();
    let first = asked.ask(MONDAY, charge("tok_visa", 10_000));
    let again = |order| CardAsk { key: key(1), order };
    let reused = asked.simulator.ask(at(MONDAY), &again(charge("tok_visa", 10_001))).unwrap();
    assert_eq!(reused.refusal(), Some(&CardRefusal::KeyReused { key: key(1) }));
    assert_eq!(asked.simulator.ask(at(MONDAY), &again(charge("tok_visa", 10_000))).unwrap(), first);
}

#[test]
fn the_clock_does_not_go_back_but_for_a_repeated_ask() {
    let mut asked = Asked::new();
    let first = asked.ask(MONDAY, charge("tok_visa", 10_000));
    asked.simulator.advance(at("2026-04-01"));
    let early = at("2026-03-31");
    let error = asked.simulator.ask(early, &CardAsk { key: key(2), order: refund(1, 1) }).unwrap_err();
    assert_eq!(error, RailError::ClockBackwards { at: early, now: at("2026-04-01") });
    assert!(error.to_string().contains("2026-03-31T00:00:00Z lies before 2026-04-01T00:00:00Z"), "{error}");
    let repeated = CardAsk { key: key(1), order: charge("tok_visa", 10_000) };
    assert_eq!(asked.simulator.ask(at(MONDAY), &repeated).unwrap(), first);
    let dispute = DisputeRef::new("dp_of_another").unwrap();
    let unknown = CardAsk { key: key(2), order: CardOrder::AcceptDispute { dispute } };
    assert!(asked.simulator.ask(at("2026-04-01"), &unknown).unwrap().refusal().is_some());
}
