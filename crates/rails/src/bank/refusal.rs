//! Why a bank refuses an ask.

use std::fmt;

use counterfoil_domain::money::Money;

use super::BankDetails;
use crate::AskKey;

/// Why an ask is refused. A refused ask changes nothing; money that does not arrive is no
/// refusal but a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BankRefusal {
    /// Something else was asked under this key before.
    KeyReused {
        /// The key.
        key: AskKey,
    },
    /// The amount is not above zero.
    NotPositive {
        /// What was asked.
        asked: Money,
    },
    /// There is no such test bank account.
    UnknownBankAccount {
        /// What was given.
        details: BankDetails,
        /// Which there are, where they are few: a simulator's.
        known: String,
    },
    /// No order was asked for under this key.
    UnknownOrder {
        /// The key.
        order: AskKey,
    },
    /// The order has a result already.
    TooLate {
        /// The order.
        order: AskKey,
    },
    /// What else a bank refuses, in its own words.
    Other {
        /// Its code.
        code: Box<str>,
        /// Its sentence.
        message: Box<str>,
    },
}

impl fmt::Display for BankRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyReused { key } => {
                write!(f, "Something else was asked under the key {key}; repeat that ask, or take a new key.")
            }
            Self::NotPositive { asked } => write!(f, "An amount is above zero; {asked} was asked."),
            Self::UnknownBankAccount { details, known } if known.is_empty() => {
                write!(f, "There is no bank account {details}; put another on file.")
            }
            Self::UnknownBankAccount { details, known } => {
                write!(f, "There is no test bank account {details}. Known are: {known}.")
            }
            Self::UnknownOrder { order } => {
                write!(f, "No payout, debit or top-up was asked for under the key {order}.")
            }
            Self::TooLate { order } => {
                write!(f, "The order {order} has its result already and cannot be called back.")
            }
            Self::Other { code, message } => write!(f, "{message} ({code})"),
        }
    }
}

impl std::error::Error for BankRefusal {}
