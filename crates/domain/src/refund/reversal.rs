//! A reversal that a refund made, as it stands.

use crate::id::{AccountId, RefundId, ReversalId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Kept, RecordId, Waits};

/// The whole state of a reversal that a refund made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReversalState {
    /// Which transfer it took back from.
    pub transfer: TransferId,
    /// Who had received it.
    pub destination: AccountId,
    /// The refund that made it.
    pub refund: RefundId,
    /// What it took back.
    pub amount: Money,
    /// What of that was given back, because the refund failed or was called off.
    pub given_back: Minor,
    /// The group of the transfer.
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
