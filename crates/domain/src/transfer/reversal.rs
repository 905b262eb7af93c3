//! A reversal as it stands. It never changes after it was made.

use crate::id::{AccountId, DisputeId, ReversalId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Kept, RecordId, Waits};

/// A reversal that its event carries as a record: one with more to say than an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReversalState {
    /// Which transfer was moved back.
    pub transfer: TransferId,
    /// Who gave the money back: the transfer's destination.
    pub destination: AccountId,
    /// What was moved back; always above zero.
    pub amount: Money,
    /// What of the application fee went to the destination with it, in minor units of the
    /// same currency.
    pub fee_refunded: Minor,
    /// What the destination got again; 0 but where the reversal's cause was undone.
    pub given_back: Minor,
    /// The dispute that made it; none where it was asked for by itself.
    pub dispute: Option<DisputeId>,
    /// The transfer's group.
    pub transfer_group: Option<Box<str>>,
}

impl Kept for ReversalState {
    fn owner(&self) -> AccountId {
        AccountId::PLATFORM
    }

    fn counterparty(&self) -> Option<AccountId> {
        Some(self.destination)
    }

    fn money(&self) -> Money {
        self.amount
    }

    fn returned(&self) -> Minor {
        self.given_back
    }

    fn source(&self) -> Option<RecordId> {
        Some(self.transfer.into())
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }
}

impl Waits for ReversalState {
    type Id = ReversalId;
}
