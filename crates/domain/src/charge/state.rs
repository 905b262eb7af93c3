//! A charge as it stands.

use super::ChargeType;
use crate::calendar::Day;
use crate::id::{AccountId, ChargeId, RailId, TransferId};
use crate::money::{Currency, Minor, Money};
use crate::record::{Kept, Waits};

/// The whole remaining state of a charge, carried by every event that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeState {
    /// How it was made.
    pub charge_type: ChargeType,
    /// On whom it lives: the seller of a direct charge, else the platform.
    pub owner: AccountId,
    /// Its one seller; a separate charge has none.
    pub seller: Option<AccountId>,
    /// The rail that it came in on.
    pub rail: RailId,
    /// Its currency.
    pub currency: Currency,
    /// What was charged.
    pub amount: Minor,
    /// The day from whose start its money is available.
    pub available_on: Day,
    /// The processor's fee.
    pub processing_fee: Minor,
    /// The platform's fee, of a direct charge or a destination charge.
    pub application_fee: Minor,
    /// Moved to sellers by transfers, less what was reversed.
    pub transferred: Minor,
    /// Given back to the payer.
    pub refunded: Minor,
    /// Of that, by refunds that reversed the transfer in proportion.
    pub refunded_reversing: Minor,
    /// By refunds, and reversals of its transfer, that gave the application fee back in
    /// proportion: the running total by which the fee goes back.
    pub refunded_with_fee: Minor,
    /// Application fee given back.
    pub fee_refunded: Minor,
    /// What of it is still in its owner's pending balance.
    pub pending_left: Minor,
    /// What of a direct charge's application fee is still in the platform's pending balance.
    pub fee_pending_left: Minor,
    /// The group that ties it to transfers.
    pub transfer_group: Option<Box<str>>,
}

impl ChargeState {
    /// What can still be given back to the payer.
    #[must_use]
    pub fn refundable(&self) -> Minor {
        self.amount - self.refunded
    }

    /// What can still be moved to sellers: what is neither transferred nor refunded.
    /// Connect bounds transfers by the charge alone and leaves refunds out
    /// (unconfirmed); ours is the tighter rule (docs/decisions/transfers.md).
    #[must_use]
    pub fn transferable(&self) -> Minor {
        (self.amount - self.transferred - self.refunded).max(0)
    }

    /// The transfer that was made with it, of a destination charge.
    #[must_use]
    pub fn own_transfer(&self, id: ChargeId) -> Option<TransferId> {
        (self.charge_type == ChargeType::Destination).then(|| id.destination_transfer())
    }
}

impl Kept for ChargeState {
    fn owner(&self) -> AccountId {
        self.owner
    }

    fn counterparty(&self) -> Option<AccountId> {
        self.seller
    }

    fn money(&self) -> Money {
        Money::new(self.currency, self.amount)
    }

    fn returned(&self) -> Minor {
        self.refunded
    }

    fn transfer_group(&self) -> Option<&str> {
        self.transfer_group.as_deref()
    }
}

impl Waits for ChargeState {
    type Id = ChargeId;
}
