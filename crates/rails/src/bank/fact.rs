//! What a bank tells.

use std::fmt;

use counterfoil_domain::money::Money;
use counterfoil_domain::payout::FailureCode;

use crate::AskKey;

/// A fact about an order. A result is followed by none, but that what was done may come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BankFact {
    /// The order.
    pub order: AskKey,
    /// What it was.
    pub flow: Flow,
    /// How much.
    pub amount: Money,
    /// What came of it.
    pub result: OrderResult,
}

/// Which way money flows, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// From the platform's bank to an account's.
    Payout,
    /// From somebody's bank account to the platform's.
    Debit,
    /// From the platform's own bank account.
    TopUp,
}

/// What came of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderResult {
    /// It was done; of a payout: it is expected to have arrived.
    Done,
    /// It was not done, and no money has moved. An adapter tells a reason that is none of the
    /// codes as `could_not_process`.
    Failed(FailureCode),
    /// It was done and came back.
    Returned(FailureCode),
    /// It was called back before it was done.
    Cancelled,
}

impl BankFact {
    /// Its name: what was ordered, and the result as Connect's events spell it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match (self.flow, self.result) {
            (Flow::Payout, OrderResult::Done) => "payout_paid",
            (Flow::Payout, OrderResult::Failed(_)) => "payout_failed",
            (Flow::Payout, OrderResult::Returned(_)) => "payout_returned",
            (Flow::Payout, OrderResult::Cancelled) => "payout_canceled",
            (Flow::Debit, OrderResult::Done) => "debit_succeeded",
            (Flow::Debit, OrderResult::Failed(_)) => "debit_failed",
            (Flow::Debit, OrderResult::Returned(_)) => "debit_returned",
            (Flow::Debit, OrderResult::Cancelled) => "debit_canceled",
            (Flow::TopUp, OrderResult::Done) => "topup_succeeded",
            (Flow::TopUp, OrderResult::Failed(_)) => "topup_failed",
            (Flow::TopUp, OrderResult::Returned(_)) => "topup_reversed",
            (Flow::TopUp, OrderResult::Cancelled) => "topup_canceled",
        }
    }
}

impl fmt::Display for BankFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.name(), self.order, self.amount)?;
        match self.result {
            OrderResult::Failed(code) | OrderResult::Returned(code) => write!(f, ": {}", code.name()),
            OrderResult::Done | OrderResult::Cancelled => Ok(()),
        }
    }
}
