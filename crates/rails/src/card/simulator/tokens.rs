//! The test cards: what each is called, and what it does (<https://docs.stripe.com/testing>).
//!
//! Numbers and names were seen in others' copies of that page and not on the page itself. Where a
//! copy has only one of `tok_…` and `pm_card_…`, the other is formed like it (unconfirmed).

use crate::card::{CardToken, Decline};

/// What a test card does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestCard {
    /// All goes well.
    Succeeds,
    /// Money is available on the day it is captured.
    BypassesPending,
    /// Captured money is disputed as fraudulent.
    DisputedAsFraudulent,
    /// Captured money is disputed because nothing came.
    DisputedAsNotReceived,
    /// The bank inquires about captured money.
    Inquired,
    /// The bank warns of fraud.
    Warned,
    /// Refunds are pending, then succeed.
    RefundsPending,
    /// Refunds succeed, then fail.
    RefundsFailing,
    /// Payments are declined.
    Declined(Decline),
    /// What happens is drawn, by [`CardRates`](super::CardRates) and the seed.
    Drawn,
}

/// A test card with what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it does.
    pub card: TestCard,
    /// Its number, where it has one.
    pub number: Option<&'static str>,
    /// Its names; the first is the one to use.
    pub names: &'static [&'static str],
}

const fn row(card: TestCard, number: &'static str, names: &'static [&'static str]) -> Row {
    Row { card, number: Some(number), names }
}

/// Every test card. `tok_drawn` is our own.
pub const CARDS: &[Row] = &[
    row(TestCard::Succeeds, "4242424242424242", &["tok_visa", "pm_card_visa"]),
    row(TestCard::BypassesPending, "4000000000000077", &["tok_bypassPending", "pm_card_bypassPending"]),
    row(
        TestCard::BypassesPending,
        "4000003720000278",
        &["tok_bypassPendingInternational", "pm_card_bypassPendingInternational"],
    ),
    row(TestCard::DisputedAsFraudulent, "4000000000000259", &["tok_createDispute", "pm_card_createDispute"]),
    row(
        TestCard::DisputedAsNotReceived,
        "4000000000002685",
        &["tok_createDisputeProductNotReceived", "pm_card_createDisputeProductNotReceived"],
    ),
    row(
        TestCard::Inquired,
        "4000000000001976",
        &["tok_createDisputeInquiry", "pm_card_createDisputeInquiry"],
    ),
    row(
        TestCard::Warned,
        "4000000000005423",
        &["tok_createIssuerFraudRecord", "pm_card_createIssuerFraudRecord"],
    ),
    row(TestCard::RefundsPending, "4000000000007726", &["tok_pendingRefund", "pm_card_pendingRefund"]),
    row(TestCard::RefundsFailing, "4000000000005126", &["tok_refundFail", "pm_card_refundFail"]),
    row(
        TestCard::Declined(Decline::GenericDecline),
        "4000000000000002",
        &[
            "tok_chargeDeclined",
            "pm_card_chargeDeclined",
            "tok_visa_chargeDeclined",
            "pm_card_visa_chargeDeclined",
        ],
    ),
    row(
        TestCard::Declined(Decline::InsufficientFunds),
        "4000000000009995",
        &[
            "tok_chargeDeclinedInsufficientFunds",
            "pm_card_chargeDeclinedInsufficientFunds",
            "tok_visa_chargeDeclinedInsufficientFunds",
            "pm_card_visa_chargeDeclinedInsufficientFunds",
        ],
    ),
    row(
        TestCard::Declined(Decline::LostCard),
        "4000000000009987",
        &[
            "tok_chargeDeclinedLostCard",
            "pm_card_chargeDeclinedLostCard",
            "tok_visa_chargeDeclinedLostCard",
            "pm_card_visa_chargeDeclinedLostCard",
        ],
    ),
    row(
        TestCard::Declined(Decline::StolenCard),
        "4000000000009979",
        &[
            "tok_chargeDeclinedStolenCard",
            "pm_card_chargeDeclinedStolenCard",
            "tok_visa_chargeDeclinedStolenCard",
            "pm_card_visa_chargeDeclinedStolenCard",
        ],
    ),
    row(
        TestCard::Declined(Decline::ExpiredCard),
        "4000000000000069",
        &["tok_chargeDeclinedExpiredCard", "pm_card_chargeDeclinedExpiredCard"],
    ),
    row(
        TestCard::Declined(Decline::IncorrectCvc),
        "4000000000000127",
        &["tok_chargeDeclinedIncorrectCvc", "pm_card_chargeDeclinedIncorrectCvc"],
    ),
    row(
        TestCard::Declined(Decline::ProcessingError),
        "4000000000000119",
        &["tok_chargeDeclinedProcessingError", "pm_card_chargeDeclinedProcessingError"],
    ),
    row(
        TestCard::Declined(Decline::Fraudulent),
        "4100000000000019",
        &["tok_radarBlock", "pm_card_radarBlock", "tok_chargeDeclinedFraudulent"],
    ),
    Row { card: TestCard::Drawn, number: None, names: &["tok_drawn", "pm_card_drawn"] },
];

impl TestCard {
    /// The test card that a token names, by number or by name.
    #[must_use]
    pub fn of(token: &CardToken) -> Option<Self> {
        let text = token.as_str();
        CARDS.iter().find(|row| row.number == Some(text) || row.names.contains(&text)).map(|row| row.card)
    }
}

/// Every test card's first name, for somebody who gave another.
#[must_use]
pub fn known_cards() -> String {
    let names = CARDS.iter().filter_map(|row| row.names.first().copied());
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_card_is_found_by_number_and_by_every_name() {
        for row in CARDS {
            for text in row.number.iter().chain(row.names) {
                assert_eq!(TestCard::of(&CardToken::new(text)), Some(row.card), "{text}");
            }
        }
        assert_eq!(TestCard::of(&CardToken::new("tok_vista")), None);
        assert!(known_cards().starts_with("tok_visa, tok_bypassPending, "));
    }

    #[test]
    fn nothing_names_two_cards() {
        let all: Vec<&str> =
            CARDS.iter().flat_map(|row| row.number.iter().chain(row.names)).copied().collect();
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }

    #[test]
    fn every_number_is_a_card_s() {
        // The check digit of ISO/IEC 7812 (Luhn): a digit mistyped in the table shows here.
        for number in CARDS.iter().filter_map(|row| row.number) {
            let sum: u32 = number
                .bytes()
                .rev()
                .enumerate()
                .map(|(at, digit)| {
                    let digit = u32::from(digit - b'0') * (1 + at as u32 % 2);
                    digit / 10 + digit % 10
                })
                .sum();
            assert_eq!((number.len(), sum % 10), (16, 0), "{number}");
        }
    }
}
