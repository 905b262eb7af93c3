//! What a saga came to.

use std::fmt;

use counterfoil_domain::charge::DeclineCode;
use counterfoil_domain::rail::RailName;
use counterfoil_domain::{ChargeId, Refusal, TransferId};

/// What came of asking for a charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paid {
    /// The money was taken, and is booked.
    Captured {
        /// The charge.
        charge: ChargeId,
        /// A destination charge's transfer.
        transfer: Option<TransferId>,
    },
    /// The payer's bank gave nothing, and nothing was booked. A new try is a new charge.
    Declined {
        /// The charge.
        charge: ChargeId,
        /// Why (`decline_code`).
        code: DeclineCode,
    },
    /// The rail gave no answer: the money may have been taken, and may not. The same charge is
    /// asked again, under the same key, by the next [`Saga::put`](super::Saga::put) or opening.
    /// To ask for another meanwhile would charge twice.
    Unknown {
        /// The charge.
        charge: ChargeId,
    },
}

/// What came of listening to the rails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// How many facts are recorded now.
    pub recorded: u64,
    /// How many came that were recorded before.
    pub known: u64,
    /// What could not be recorded. It is in no book, and somebody must look at it.
    pub unrecorded: Vec<Unrecorded>,
}

/// A fact, or a refused ask, that the ledger does not record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrecorded {
    /// Whose.
    pub rail: RailName,
    /// The fact, in words.
    pub fact: Box<str>,
    /// Why.
    pub why: Why,
}

/// Why a fact is not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The saga records it by no command.
    NoCommand,
    /// The rail told the opposite before.
    Contradicts {
        /// How the object stands.
        status: &'static str,
    },
    /// The ledger knows no such object, or its numbers do not fit.
    Refused(Refusal),
}

impl Heard {
    /// Both together.
    pub(super) fn and(mut self, other: Self) -> Self {
        self.recorded += other.recorded;
        self.known += other.known;
        self.unrecorded.extend(other.unrecorded);
        self
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCommand => f.write_str("the saga records it by no command"),
            Self::Contradicts { status } => write!(f, "the object is {status}"),
            Self::Refused(refusal) => refusal.fmt(f),
        }
    }
}
