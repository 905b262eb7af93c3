//! The whole story of each test card, with its instants.

use std::collections::BTreeSet;

use super::CardRates;
use super::asking::{
    Asked, MONDAY, cancel, cancel_refund, capture, capture_part, charge, check, check_with, hold, refund,
};
use super::tokens::{CARDS, TestCard};
use crate::Settings;
use crate::card::CardToken;

#[test]
fn a_card_that_works_is_authorised_and_captured() {
    check(
        vec![(MONDAY, charge("tok_visa", 10_000)), ("2026-03-05", refund(1, 3_000))],
        &[
            "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
            "2026-03-02T10:00:00Z captured 1.0 USD 100.00 by 1.0, last",
            "2026-03-05T00:00:00Z refund_succeeded 2.0 of 1.0 USD 30.00",
        ],
    );
}

#[test]
fn a_card_that_bypasses_pending_is_available_on_the_day_of_its_capture() {
    for card in ["tok_bypassPending", "4000003720000278"] {
        check(
            vec![(MONDAY, hold(card, 10_000)), ("2026-03-04T23:59:59Z", capture(1, 6_000))],
            &[
                "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
                "2026-03-04T23:59:59Z captured 1.0 USD 60.00 by 2.0, last, available on 2026-03-04",
            ],
        );
    }
}

#[test]
fn several_captures_take_what_was_authorised_and_the_rest_expires() {
    check(
        vec![
            (MONDAY, hold("tok_visa", 10_000)),
            ("2026-03-03", capture_part(1, 3_000)),
            ("2026-03-04", capture_part(1, 5_000)),
        ],
        &[
            "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
            "2026-03-03T00:00:00Z captured 1.0 USD 30.00 by 2.0",
            "2026-03-04T00:00:00Z captured 1.0 USD 50.00 by 3.0",
            "2026-03-09T10:00:00Z expired 1.0, released USD 20.00",
        ],
    );
}

#[test]
fn what_is_captured_whole_or_for_the_last_time_does_not_expire() {
    check(
        vec![
            (MONDAY, hold("tok_visa", 10_000)),
            (MONDAY, capture_part(1, 10_000)),
            (MONDAY, hold("tok_visa", 10_000)),
            (MONDAY, capture(3, 1)),
        ],
        &[
            "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
            "2026-03-02T10:00:00Z captured 1.0 USD 100.00 by 2.0",
            "2026-03-02T10:00:00Z authorised 3.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
            "2026-03-02T10:00:00Z captured 3.0 USD 0.01 by 4.0, last",
        ],
    );
}

#[test]
fn an_authorisation_is_cancelled_or_expires() {
    check(
        vec![
            (MONDAY, hold("tok_visa", 10_000)),
            (MONDAY, hold("tok_visa", 5_000)),
            ("2026-03-09T09:59:59Z", cancel(1)),
        ],
        &[
            "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
            "2026-03-02T10:00:00Z authorised 2.0 USD 50.00, capture before 2026-03-09T10:00:00Z",
            "2026-03-09T09:59:59Z cancelled 1.0",
            "2026-03-09T10:00:00Z expired 2.0, released USD 50.00",
        ],
    );
}

#[test]
fn a_card_that_is_declined_says_why() {
    let codes = [
        ("tok_chargeDeclined", "generic_decline"),
        ("tok_chargeDeclinedInsufficientFunds", "insufficient_funds"),
        ("tok_chargeDeclinedLostCard", "lost_card"),
        ("tok_chargeDeclinedStolenCard", "stolen_card"),
        ("tok_chargeDeclinedExpiredCard", "expired_card"),
        ("tok_chargeDeclinedIncorrectCvc", "incorrect_cvc"),
        ("tok_chargeDeclinedProcessingError", "processing_error"),
        ("tok_radarBlock", "fraudulent"),
    ];
    for (card, code) in codes {
        let line = format!("2026-03-02T10:00:00Z declined 1.0 {code}");
        check(vec![(MONDAY, charge(card, 10_000))], &[&line]);
        check(vec![(MONDAY, hold(card, 10_000))], &[&line]);
    }
    let declines = CARDS.iter().filter(|row| matches!(row.card, TestCard::Declined(_)));
    assert_eq!(declines.count(), codes.len(), "each has its story");
}

#[test]
fn a_warning_moves_no_money_and_comes_once() {
    check(
        vec![
            (MONDAY, hold("tok_createIssuerFraudRecord", 10_000)),
            (MONDAY, capture_part(1, 1_000)),
            ("2026-03-03", capture(1, 1_000)),
        ],
        &[
            "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
            "2026-03-02T10:00:00Z captured 1.0 USD 10.00 by 2.0",
            "2026-03-02T10:01:00Z fraud_warning issfr_1.0 of 1.0: made_with_stolen_card",
            "2026-03-03T00:00:00Z captured 1.0 USD 10.00 by 3.0, last",
        ],
    );
}

/// What is told of every payment of 100.00 that is captured at once.
const CAPTURED: [&str; 2] = [
    "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
    "2026-03-02T10:00:00Z captured 1.0 USD 100.00 by 1.0, last",
];

#[test]
fn a_refund_is_pending_and_succeeds_or_is_called_back() {
    check(
        vec![
            (MONDAY, charge("tok_pendingRefund", 10_000)),
            (MONDAY, refund(1, 7_000)),
            (MONDAY, refund(1, 3_000)),
            ("2026-03-04", cancel_refund(2)),
            ("2026-03-04", refund(1, 2_000)),
        ],
        &[
            CAPTURED.as_slice(),
            &[
                "2026-03-02T10:00:00Z refund_pending 2.0 of 1.0 USD 70.00",
                "2026-03-02T10:00:00Z refund_pending 3.0 of 1.0 USD 30.00",
                "2026-03-04T00:00:00Z refund_cancelled 2.0",
                "2026-03-04T00:00:00Z refund_pending 5.0 of 1.0 USD 20.00",
                "2026-03-07T10:00:00Z refund_succeeded 3.0 of 1.0 USD 30.00",
                "2026-03-09T00:00:00Z refund_succeeded 5.0 of 1.0 USD 20.00",
            ],
        ]
        .concat(),
    );
}

#[test]
fn a_refund_succeeds_and_fails_later_so_that_it_can_be_made_again() {
    check(
        vec![
            (MONDAY, charge("tok_refundFail", 10_000)),
            ("2026-03-03", refund(1, 10_000)),
            ("2026-03-20", refund(1, 10_000)),
        ],
        &[
            CAPTURED.as_slice(),
            &[
                "2026-03-03T00:00:00Z refund_succeeded 2.0 of 1.0 USD 100.00",
                "2026-03-13T00:00:00Z refund_failed 2.0 of 1.0 USD 100.00: expired_or_canceled_card",
                "2026-03-20T00:00:00Z refund_succeeded 3.0 of 1.0 USD 100.00",
                "2026-03-30T00:00:00Z refund_failed 3.0 of 1.0 USD 100.00: expired_or_canceled_card",
            ],
        ]
        .concat(),
    );
}

#[test]
fn a_refund_may_ask_the_payer_for_something() {
    let mut settings = Settings::seeded(7);
    settings.cards = CardRates { refunds_requiring_action: 10_000, ..CardRates::none() };
    check_with(
        settings,
        vec![(MONDAY, charge("tok_drawn", 10_000)), (MONDAY, refund(1, 4_000))],
        &[
            CAPTURED.as_slice(),
            &[
                "2026-03-02T10:00:00Z refund_pending 2.0 of 1.0 USD 40.00",
                "2026-03-02T10:00:00Z refund_requires_action 2.0",
                "2026-03-05T10:00:00Z refund_succeeded 2.0 of 1.0 USD 40.00",
            ],
        ]
        .concat(),
    );
}

#[test]
fn every_name_of_a_card_tells_the_same_story() {
    for row in CARDS {
        let stories: BTreeSet<Vec<String>> = row
            .number
            .iter()
            .chain(row.names)
            .map(|name| {
                let mut asked = Asked::new();
                asked.ask(MONDAY, charge(name, 10_000));
                asked.ask(MONDAY, refund(1, 1_000));
                asked.told()
            })
            .collect();
        assert_eq!(stories.len(), 1, "{row:?}");
    }
}

#[test]
fn an_unknown_card_is_refused_with_the_known_ones() {
    let mut asked = Asked::new();
    let refusal = asked.ask(MONDAY, charge("4242 4242 4242 4241", 10_000));
    let text = refusal.refusal().unwrap().to_string();
    assert!(
        text.starts_with("There is no test card …4241. Known are: tok_visa, tok_bypassPending, "),
        "{text}"
    );
    assert!(text.ends_with(", tok_drawn."), "{text}");
    assert!(asked.told().is_empty());
    assert_eq!(TestCard::of(&CardToken::new("tok_visa")), Some(TestCard::Succeeds));
}
