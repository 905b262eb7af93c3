//! A reversal as it stands.

use crate::id::{AccountId, DisputeId, RefundId, ReversalId, TransferId};
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
    /// What was moved back; always above zero. Of one that a dispute made it grows where the dispute
    /// finds more of the transfer later.
    pub amount: Money,
    /// What of the application fee went to the destination with it, in minor units of the
    /// same currency; 0 where a refund made it, which says so itself.
    pub fee_refunded: Minor,
    /// What the destination got again, because the refund failed or was called off, or because
    /// the dispute was won; 0 where neither made it.
    pub given_back: Minor,
    /// The dispute that made it; never beside a refund.
    pub dispute: Option<DisputeId>,
    /// The transfer's group.
    pub transfer_group: Option<Box<str>>,
}

impl ReversalState {
    /// The reversal once so much more was moved back by what made it, with so much of the fee.
    pub(crate) fn more(mut self, amount: Minor, fee_refunded: Minor) -> Self {
        self.amount.minor += amount;
        self.fee_refunded += fee_refunded;
        self
    }
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
