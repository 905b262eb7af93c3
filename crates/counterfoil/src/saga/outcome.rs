//! What a saga came to.

use std::fmt;

use counterfoil_domain::charge::DeclineCode;
use counterfoil_domain::money::Money;
use counterfoil_domain::rail::RailName;
use counterfoil_domain::{ChargeId, Refusal, TransferId};
use counterfoil_rails::{AskKey, BankFact, BankRefusal, CardFact, CardRefusal, Told};

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

/// What a rail said, or could not be asked, and the ledger does not record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unrecorded {
    /// Whose.
    pub rail: RailName,
    /// What it is.
    pub said: Said,
    /// Why it is not recorded.
    pub why: Why,
}

/// What a rail said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A fact of a card processor.
    Card(Told<CardFact>),
    /// It refused an ask.
    CardRefused {
        /// The ask.
        key: AskKey,
        /// Why.
        refusal: CardRefusal,
    },
    /// A fact of a bank.
    Bank(Told<BankFact>),
    /// It refused an ask.
    BankRefused {
        /// The ask.
        key: AskKey,
        /// Why.
        refusal: BankRefusal,
    },
    /// Nothing: it was not asked yet.
    NotAsked {
        /// The ask that waits.
        key: AskKey,
    },
}

/// Why it is not recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The saga records it by no command.
    NoCommand,
    /// The rail told the opposite before.
    Contradicts {
        /// How the object stands.
        status: &'static str,
    },
    /// It tells another amount than was asked.
    OtherAmount {
        /// What was asked.
        asked: Money,
        /// What it tells.
        told: Money,
    },
    /// It names a refund's payment otherwise, or this rail was not asked for it.
    NotAskedHere,
    /// The ledger knows no dispute of the payment that is called so: its opening was not told, or not
    /// recorded.
    UnknownDispute,
    /// The ask waits for something that only a person can mend.
    Held(Box<str>),
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

impl Said {
    /// The fact's name; `refused` and `not_asked` of what is none.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Card(told) => told.fact.name(),
            Self::Bank(told) => told.fact.name(),
            Self::CardRefused { .. } | Self::BankRefused { .. } => "refused",
            Self::NotAsked { .. } => "not_asked",
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Card(told) => told.fmt(f),
            Self::Bank(told) => told.fmt(f),
            Self::CardRefused { key, refusal } => write!(f, "{key} refused: {refusal}"),
            Self::BankRefused { key, refusal } => write!(f, "{key} refused: {refusal}"),
            Self::NotAsked { key } => write!(f, "{key} not asked"),
        }
    }
}

impl fmt::Display for Unrecorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.rail, self.said, self.why)
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCommand => f.write_str("the saga records it by no command"),
            Self::Contradicts { status } => write!(f, "the object is {status}"),
            Self::OtherAmount { asked, told } => write!(f, "{told} was told, where {asked} was asked"),
            Self::NotAskedHere => f.write_str("this rail was not asked for it"),
            Self::UnknownDispute => f.write_str("the ledger knows no dispute that is called so"),
            Self::Held(why) => f.write_str(why),
            Self::Refused(refusal) => refusal.fmt(f),
        }
    }
}
