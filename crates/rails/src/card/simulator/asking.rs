//! Short words for asks, for the tests.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::{AccountId, ObjectId};

use super::CardSimulator;
use crate::card::{CaptureMethod, CardAnswer, CardAsk, CardOrder, CardToken};
use crate::{AskKey, DisputeRef, Settings};

pub(super) fn key(position: u64) -> AskKey {
    AskKey::of(ObjectId::new(position, 0))
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn usd(minor: Minor) -> Money {
    Money::new(Currency::USD, minor)
}

fn authorise(card: &str, minor: Minor, capture: CaptureMethod) -> CardOrder {
    let (card, amount) = (CardToken::new(card), usd(minor));
    CardOrder::Authorise { card, amount, capture, merchant: AccountId::PLATFORM }
}

/// Authorises and captures.
pub(super) fn charge(card: &str, minor: Minor) -> CardOrder {
    authorise(card, minor, CaptureMethod::Automatic)
}

/// Authorises alone.
pub(super) fn hold(card: &str, minor: Minor) -> CardOrder {
    authorise(card, minor, CaptureMethod::Manual)
}

/// Captures, and releases the rest.
pub(super) fn capture(payment: u64, minor: Minor) -> CardOrder {
    CardOrder::Capture { payment: key(payment), amount: usd(minor), last: true }
}

/// Captures, and keeps the rest.
pub(super) fn capture_part(payment: u64, minor: Minor) -> CardOrder {
    CardOrder::Capture { payment: key(payment), amount: usd(minor), last: false }
}

pub(super) fn cancel(payment: u64) -> CardOrder {
    CardOrder::Cancel { payment: key(payment) }
}

pub(super) fn refund(payment: u64, minor: Minor) -> CardOrder {
    CardOrder::Refund { payment: key(payment), amount: usd(minor) }
}

pub(super) fn cancel_refund(refund: u64) -> CardOrder {
    CardOrder::CancelRefund { refund: key(refund) }
}

pub(super) fn answer(payment: u64, evidence: &str) -> CardOrder {
    CardOrder::SubmitEvidence { dispute: DisputeRef::simulated(key(payment)), evidence: evidence.into() }
}

pub(super) fn accept(payment: u64) -> CardOrder {
    CardOrder::AcceptDispute { dispute: DisputeRef::simulated(key(payment)) }
}

/// A simulator with the clock of the ledger in the test's hand.
pub(super) struct Asked {
    pub(super) simulator: CardSimulator,
    /// How many asks there were; the key of the last.
    pub(super) asks: u64,
}

impl Asked {
    pub(super) fn new() -> Self {
        Self::with(Settings::seeded(7))
    }

    pub(super) fn with(settings: Settings) -> Self {
        Self { simulator: CardSimulator::new(settings), asks: 0 }
    }

    /// Asks under the next key, of which the first is 1.0.
    pub(super) fn ask(&mut self, when: &str, order: CardOrder) -> CardAnswer {
        self.asks += 1;
        self.simulator.ask(at(when), &CardAsk { key: key(self.asks), order }).unwrap()
    }

    /// Everything that is ever told, as text.
    pub(super) fn told(&mut self) -> Vec<String> {
        self.simulator.advance(Timestamp::MAX);
        self.simulator.told().iter().map(ToString::to_string).collect()
    }
}

/// Ten o'clock on a Monday.
pub(super) const MONDAY: &str = "2026-03-02T10:00:00Z";

/// Asks these in turn, under the keys 1.0, 2.0 …, and compares all that is ever told.
#[track_caller]
pub(super) fn check(asks: Vec<(&str, CardOrder)>, told: &[&str]) {
    check_with(Settings::seeded(7), asks, told);
}

#[track_caller]
pub(super) fn check_with(settings: Settings, asks: Vec<(&str, CardOrder)>, told: &[&str]) {
    let mut asked = Asked::with(settings);
    for (when, order) in asks {
        let answer = asked.ask(when, order);
        assert_eq!(answer.refusal(), None, "at {when}");
    }
    assert_eq!(asked.told(), told);
}
