//! What a test bank account does: of one order, what is to happen and when.
//!
//! A pure function of the settings, the bank account, the order and its instant. A bank knows
//! nothing at once: its first fact always comes later.

use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::FailureCode;
use smallvec::{SmallVec, smallvec};

use super::accounts::TestBank;
use crate::bank::{Flow, OrderResult};
use crate::draw::{Draw, Lot};
use crate::{AskKey, Settings};

/// What is to come of an order, unless it is called back: at most a result, and its return.
pub type Script = SmallVec<[(Timestamp, OrderResult); 2]>;

/// What an order at a drawn bank account fails with.
const CODES: &[FailureCode] = &[
    FailureCode::NoAccount,
    FailureCode::AccountClosed,
    FailureCode::InvalidAccountNumber,
    FailureCode::AccountFrozen,
    FailureCode::Declined,
];

/// What is to come of the order `key`, put at `at`. A payout that was promised for `arrive_on`
/// arrives at the beginning of that day, or at once where it has begun.
#[must_use]
pub fn script(
    settings: &Settings,
    bank: TestBank,
    key: AskKey,
    flow: Flow,
    currency: Currency,
    arrive_on: Option<Day>,
    at: Timestamp,
) -> Script {
    let delays = &settings.delays;
    let (results, returns) = match flow {
        Flow::Payout => (delays.payout_arrives, delays.payout_returns),
        Flow::Debit => (delays.debit_results, delays.debit_returns),
        Flow::TopUp => (delays.topup_results, delays.topup_returns),
    };
    let promised = arrive_on.map(|day| day.start().max(at));
    let when = promised.unwrap_or_else(|| results.after(at, currency));
    match drawn(settings, bank, key, flow) {
        TestBank::Works | TestBank::Drawn => smallvec![(when, OrderResult::Done)],
        TestBank::Fails(code) => smallvec![(when, OrderResult::Failed(code))],
        TestBank::Returns(code) => {
            let back = returns.after(when, currency);
            smallvec![(when, OrderResult::Done), (back, OrderResult::Returned(code))]
        }
        TestBank::StaysSilent => SmallVec::new(),
    }
}

/// What a drawn bank account does this time; any other is what it is.
fn drawn(settings: &Settings, bank: TestBank, key: AskKey, flow: Flow) -> TestBank {
    if bank != TestBank::Drawn {
        return bank;
    }
    let (draw, rates) = (Draw::new(settings.seed, key), &settings.banks);
    let rates = match flow {
        Flow::Payout => [rates.payouts_failed, rates.payouts_returned],
        Flow::Debit => [rates.debits_failed, rates.debits_returned],
        Flow::TopUp => [rates.topups_failed, rates.topups_returned],
    };
    let code = draw.one(Lot::OrderCode, CODES, FailureCode::CouldNotProcess);
    match draw.hit(Lot::Order, rates) {
        None => TestBank::Works,
        Some(0) => TestBank::Fails(code),
        Some(_) => TestBank::Returns(code),
    }
}
