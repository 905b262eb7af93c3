//! A sale: the charge or transfer whose money is held, by whose pending part it goes.

use super::HoldSource;
use crate::calendar::Day;
use crate::charge::{ChargeState, ChargeType, Purse};
use crate::id::{AccountId, ChargeId, TransferId};
use crate::money::{Currency, Minor};
use crate::record::{Loaded, Record};
use crate::transfer::TransferState;

/// A sale as it stands.
pub(super) enum Sale {
    Charge(ChargeId, ChargeState),
    Transfer(TransferId, TransferState),
}

impl Sale {
    /// The sale, where it was loaded and exists.
    pub(super) fn of(loaded: &Loaded, source: HoldSource) -> Option<Self> {
        match source {
            HoldSource::Charge(id) => loaded.get(id).map(|charge| Self::Charge(id, charge.clone())),
            HoldSource::Transfer(id) => loaded.get(id).map(|transfer| Self::Transfer(id, transfer.clone())),
        }
    }

    /// The connected account that its money came to, with the currency; the platform where
    /// that is none.
    pub(super) fn money_of(&self) -> (AccountId, Currency) {
        match self {
            Self::Charge(_, charge) if charge.charge_type == ChargeType::Direct => {
                (charge.owner, charge.currency)
            }
            Self::Charge(_, charge) => (AccountId::PLATFORM, charge.currency),
            Self::Transfer(_, transfer) => (transfer.destination, transfer.currency),
        }
    }

    /// What of it can still go back to the payer or the platform.
    pub(super) fn left(&self) -> Minor {
        match self {
            // A payment under way cannot be refunded yet, but its money is there.
            Self::Charge(_, charge) => charge.transferable(),
            Self::Transfer(_, transfer) if transfer.is_made() => transfer.reversible(),
            Self::Transfer(..) => 0,
        }
    }

    /// What it brought, before fees.
    pub(super) fn amount(&self) -> Minor {
        match self {
            Self::Charge(_, charge) => charge.amount,
            Self::Transfer(_, transfer) => transfer.amount,
        }
    }

    /// The account's part of it.
    pub(super) fn purse(&self, today: Day) -> Purse {
        match self {
            Self::Charge(_, charge) => {
                Purse::new(charge.owner, charge.available_on, today, charge.pending_left)
            }
            Self::Transfer(_, transfer) => {
                Purse::new(transfer.destination, transfer.available_on, today, transfer.pending_left)
            }
        }
    }

    /// The sale's record after its pending part changed; none where it did not.
    pub(super) fn changed(mut self, purse: &Purse) -> Option<Record> {
        let left = match &mut self {
            Self::Charge(_, charge) => &mut charge.pending_left,
            Self::Transfer(_, transfer) => &mut transfer.pending_left,
        };
        if *left == purse.pending_left() {
            return None;
        }
        *left = purse.pending_left();
        Some(match self {
            Self::Charge(id, charge) => Record::Charge(id, charge),
            Self::Transfer(id, transfer) => Record::Transfer(id, transfer),
        })
    }
}
