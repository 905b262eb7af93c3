//! The chart of accounts.

use crate::calendar::Day;
use crate::id::{AccountId, RailId};

/// One account of the books, in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Book {
    /// Asset: money held at a rail, or on its way through one; [`RailId::BANK`] is the bank.
    Rail(RailId),
    /// Liability: what is owed to an account, by state.
    Account(AccountId, State),
    /// Income and losses of whoever runs the ledger.
    Operator(OperatorBook),
    /// Liability: tax withheld for an authority, by the ledger's number for it.
    TaxWithheld(u16),
    /// Open items: bank lines that nothing matches yet.
    Suspense,
    /// Conversion: moved only by entries that carry a rate.
    Fx(FxBook),
}

/// In what state money is owed to an account. Only `Available` may go negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Owed, and payable from the start of a day on.
    Pending(Day),
    /// Payable.
    Available,
    /// In a payout whose result is not known.
    InTransit,
    /// Held back against refunds and disputes.
    Reserved,
    /// Paid in to serve refunds and disputes only.
    Prefunded,
    /// Of the platform's, held against the negative balances of its sellers.
    ConnectReserved,
}

/// The operator's books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OperatorBook {
    /// Income from fees.
    Fees,
    /// Debts nobody will pay.
    Losses,
}

/// The conversion books.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FxBook {
    /// What conversions took in of one currency and gave out of another.
    Position,
    /// What rounding a conversion left.
    Rounding,
}

impl Book {
    /// The account whose money this is, with its state.
    #[must_use]
    pub fn owner(self) -> Option<(AccountId, State)> {
        match self {
            Self::Account(account, state) => Some((account, state)),
            Self::Rail(_) | Self::Operator(_) | Self::TaxWithheld(_) | Self::Suspense | Self::Fx(_) => None,
        }
    }

    /// Who the entry numbers count for: an account's states share one count, so a
    /// day or a state is left out of it.
    #[must_use]
    pub fn counted_as(self) -> Self {
        match self {
            Self::Account(account, _) => Self::Account(account, State::Available),
            other @ (Self::Rail(_)
            | Self::Operator(_)
            | Self::TaxWithheld(_)
            | Self::Suspense
            | Self::Fx(_)) => other,
        }
    }
}

impl State {
    /// The state's name, as views show it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending(_) => "pending",
            Self::Available => "available",
            Self::InTransit => "in_transit",
            Self::Reserved => "reserved",
            Self::Prefunded => "prefunded",
            Self::ConnectReserved => "connect_reserved",
        }
    }
}
