//! The whole story of each test card that is disputed, with its instants.

use super::CardRates;
use super::asking::{Asked, MONDAY, accept, answer, charge, check, refund};
use crate::Settings;

#[test]
fn a_disputed_card_is_lost_where_nobody_answers() {
    for (card, reason) in
        [("tok_createDispute", "fraudulent"), ("tok_createDisputeProductNotReceived", "product_not_received")]
    {
        let opened = format!(
            "2026-03-02T10:01:00Z dispute_opened dp_1.0 of 1.0 USD 100.00: {reason}, needs_response, \
             evidence before 2026-03-23T10:01:00Z"
        );
        check(
            vec![(MONDAY, charge(card, 10_000))],
            &[
                "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
                "2026-03-02T10:00:00Z captured 1.0 USD 100.00 by 1.0, last",
                &opened,
                "2026-03-02T10:01:00Z funds_withdrawn dp_1.0 USD 100.00",
                "2026-03-23T10:01:00Z dispute_closed dp_1.0: lost",
            ],
        );
    }
}

/// What is told of every disputed card before it is answered.
const DISPUTED: [&str; 4] = [
    "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
    "2026-03-02T10:00:00Z captured 1.0 USD 100.00 by 1.0, last",
    "2026-03-02T10:01:00Z dispute_opened dp_1.0 of 1.0 USD 100.00: fraudulent, needs_response, \
     evidence before 2026-03-23T10:01:00Z",
    "2026-03-02T10:01:00Z funds_withdrawn dp_1.0 USD 100.00",
];

#[test]
fn winning_evidence_brings_the_money_back() {
    let mut told = DISPUTED.to_vec();
    told.extend([
        "2026-03-10T00:00:00Z evidence_received dp_1.0",
        "2026-05-24T00:00:00Z funds_reinstated dp_1.0 USD 100.00",
        "2026-05-24T00:00:00Z dispute_closed dp_1.0: won",
        "2026-06-01T00:00:00Z refund_succeeded 3.0 of 1.0 USD 100.00",
    ]);
    check(
        vec![
            (MONDAY, charge("tok_createDispute", 10_000)),
            ("2026-03-10", answer(1, " winning_evidence\n")),
            ("2026-06-01", refund(1, 10_000)),
        ],
        &told,
    );
}

#[test]
fn losing_evidence_loses_and_so_does_accepting() {
    let mut told = DISPUTED.to_vec();
    told.extend([
        "2026-03-10T00:00:00Z evidence_received dp_1.0",
        "2026-05-24T00:00:00Z dispute_closed dp_1.0: lost",
    ]);
    let disputed = || (MONDAY, charge("tok_createDispute", 10_000));
    check(vec![disputed(), ("2026-03-10", answer(1, "losing_evidence"))], &told);
    check(vec![disputed(), ("2026-03-10", answer(1, "escalate_inquiry_evidence"))], &{
        told.pop();
        [told.as_slice(), &["2026-03-10T00:01:00Z dispute_closed dp_1.0: lost"]].concat()
    });
    told.pop();
    told.push("2026-03-10T00:00:00Z dispute_closed dp_1.0: lost");
    check(vec![disputed(), ("2026-03-10", accept(1))], &told);
}

#[test]
fn other_evidence_is_decided_by_the_seed() {
    let ended = |won: u16| {
        let mut settings = Settings::seeded(7);
        settings.cards.won = won;
        let mut asked = Asked::with(settings);
        asked.ask(MONDAY, charge("tok_createDispute", 10_000));
        asked.ask("2026-03-10", answer(1, "The parcel was signed for."));
        asked.told().pop().unwrap()
    };
    assert_eq!(ended(10_000), "2026-05-24T00:00:00Z dispute_closed dp_1.0: won");
    assert_eq!(ended(0), "2026-05-24T00:00:00Z dispute_closed dp_1.0: lost");
}

#[test]
fn a_full_refund_comes_before_a_dispute_and_a_part_does_not() {
    let disputed = || (MONDAY, charge("tok_createDispute", 10_000));
    let mut full = DISPUTED[..2].to_vec();
    full.push("2026-03-02T10:00:30Z refund_succeeded 2.0 of 1.0 USD 100.00");
    check(vec![disputed(), ("2026-03-02T10:00:30Z", refund(1, 10_000))], &full);

    let mut part = DISPUTED.to_vec();
    part.insert(2, "2026-03-02T10:00:30Z refund_succeeded 2.0 of 1.0 USD 40.00");
    part.push("2026-03-23T10:01:00Z dispute_closed dp_1.0: lost");
    check(vec![disputed(), ("2026-03-02T10:00:30Z", refund(1, 4_000))], &part);
}

/// What is told of every inquiry before it is answered.
const INQUIRED: [&str; 3] = [
    "2026-03-02T10:00:00Z authorised 1.0 USD 100.00, capture before 2026-03-09T10:00:00Z",
    "2026-03-02T10:00:00Z captured 1.0 USD 100.00 by 1.0, last",
    "2026-03-02T10:01:00Z dispute_opened dp_1.0 of 1.0 USD 100.00: fraudulent, warning_needs_response, \
     evidence before 2026-03-23T10:01:00Z",
];

#[test]
fn an_inquiry_moves_no_money() {
    let inquired = || (MONDAY, charge("tok_createDisputeInquiry", 10_000));
    let told = |more: &[&'static str]| [INQUIRED.as_slice(), more].concat();
    check(vec![inquired()], &told(&["2026-06-30T10:01:00Z dispute_closed dp_1.0: warning_closed"]));
    for evidence in ["winning_evidence", "losing_evidence"] {
        check(
            vec![inquired(), ("2026-03-10", answer(1, evidence))],
            &told(&[
                "2026-03-10T00:00:00Z evidence_received dp_1.0",
                "2026-05-24T00:00:00Z dispute_closed dp_1.0: warning_closed",
            ]),
        );
    }
    check(
        vec![inquired(), ("2026-03-10", refund(1, 6_000)), ("2026-03-11", refund(1, 4_000))],
        &told(&[
            "2026-03-10T00:00:00Z refund_succeeded 2.0 of 1.0 USD 60.00",
            "2026-03-11T00:00:00Z refund_succeeded 3.0 of 1.0 USD 40.00",
            "2026-03-11T00:00:00Z dispute_closed dp_1.0: warning_closed",
        ]),
    );
}

#[test]
fn an_inquiry_that_is_escalated_is_a_dispute() {
    check(
        vec![
            (MONDAY, charge("tok_createDisputeInquiry", 10_000)),
            ("2026-03-20", answer(1, "escalate_inquiry_evidence")),
            ("2026-04-01", answer(1, "winning_evidence")),
        ],
        &[
            INQUIRED.as_slice(),
            &[
                "2026-03-20T00:00:00Z evidence_received dp_1.0",
                "2026-03-20T00:01:00Z dispute_escalated dp_1.0, evidence before 2026-04-10T00:01:00Z",
                "2026-03-20T00:01:00Z funds_withdrawn dp_1.0 USD 100.00",
                "2026-04-01T00:00:00Z evidence_received dp_1.0",
                "2026-06-15T00:00:00Z funds_reinstated dp_1.0 USD 100.00",
                "2026-06-15T00:00:00Z dispute_closed dp_1.0: won",
            ],
        ]
        .concat(),
    );
}

#[test]
fn a_dispute_fails_the_refund_that_is_pending() {
    let mut settings = Settings::seeded(7);
    settings.cards = CardRates { disputed: 10_000, refunds_pending: 10_000, ..CardRates::none() };
    let mut asked = Asked::with(settings);
    asked.ask(MONDAY, charge("tok_drawn", 10_000));
    let opens = asked.simulator.next_due().unwrap();
    let day_before = opens.plus_seconds(-86_400).to_string();
    asked.ask(&day_before, refund(1, 4_000));
    let told = asked.told();
    let kinds: Vec<&str> = told.iter().filter_map(|line| line.split(' ').nth(1)).collect();
    assert_eq!(
        kinds,
        [
            "authorised",
            "captured",
            "refund_pending",
            "dispute_opened",
            "funds_withdrawn",
            "refund_failed",
            "dispute_closed"
        ]
    );
    assert!(told[5].ends_with("2.0 of 1.0 USD 40.00: charge_for_pending_refund_disputed"), "{}", told[5]);
}
