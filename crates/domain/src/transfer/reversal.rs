//! A reversal as it stands.

use crate::id::{AccountId, RefundId, ReversalId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Kept, RecordId, Waits};

/// The whole state of a reversal that a refund made, or that has more to say than an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReversalState {
    /// Which transfer was moved back.
    pub transfer: TransferId,
    /// Who gave the money back: the transfer's destination.
    pub destination: AccountId,
    /// The refund that made it; none where it was asked for by itself.
    pub refund: Option<RefundId>,
    /// What was moved back; always above zero.
    pub amount: Money,
    /// What of the application fee went to the destination with it, in minor units of the
    /// same currency; 0 where a refund made it, which says so itself.
    pub fee_refunded: Minor,
    /// What the destination got again, because the refund failed or was called off; 0 where
    /// no refund made it.
    pub given_back: Minor,
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
