//! What is withheld: an amount that is owed and not paid now, and why.

use std::fmt;

use counterfoil_domain::account::RequirementName;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::Minor;

/// An amount that is owed and is not paid now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withheld {
    /// How much, in minor units. A debt is a negative amount.
    pub amount: Minor,
    /// Why, one or more: first what holds this amount alone, then what holds the whole
    /// account. All of them must pass before it is paid.
    pub reasons: Vec<Reason>,
    /// The day of the payout that will take it, if nothing but time stands between.
    pub paid_on: Option<Day>,
}

/// Why an amount is not paid now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// It is a debt, or makes one good.
    NegativeBalance,
    /// It is pending until the start of this day.
    PendingUntil(Day),
    /// It is left behind as the account's minimum balance.
    BelowMinimumBalance,
    /// A requirement keeps the account from being paid.
    Requirement {
        /// Which.
        name: RequirementName,
        /// Where it does not yet: from when on it will, unless it is provided.
        from: Option<Timestamp>,
    },
    /// A payout to its bank account failed, and none was put on file since.
    BankAccountErrored,
    /// It is paid when that is asked for.
    ManualSchedule,
    /// The schedule's next day for it is this one.
    NextPayoutDay(Day),
}

impl Reason {
    /// Its name, which never changes.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NegativeBalance => "negative_balance",
            Self::PendingUntil(_) => "pending_until",
            Self::BelowMinimumBalance => "below_minimum_balance",
            Self::Requirement { .. } => "requirement",
            Self::BankAccountErrored => "bank_account_errored",
            Self::ManualSchedule => "manual_schedule",
            Self::NextPayoutDay(_) => "next_payout_day",
        }
    }

    /// The day on which it passes by itself, where it does.
    #[must_use]
    pub fn until(self) -> Option<Day> {
        match self {
            Self::PendingUntil(day) | Self::NextPayoutDay(day) => Some(day),
            Self::NegativeBalance
            | Self::BelowMinimumBalance
            | Self::Requirement { .. }
            | Self::BankAccountErrored
            | Self::ManualSchedule => None,
        }
    }
}

impl fmt::Display for Reason {
    /// The name with what belongs to it: `pending_until 2017-09-13`,
    /// `requirement tax_id`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::PendingUntil(day) | Self::NextPayoutDay(day) => write!(f, " {day}"),
            Self::Requirement { name, from: None } => write!(f, " {name}"),
            Self::Requirement { name, from: Some(from) } => write!(f, " {name} from {from}"),
            Self::NegativeBalance
            | Self::BelowMinimumBalance
            | Self::BankAccountErrored
            | Self::ManualSchedule => Ok(()),
        }
    }
}
