//! A sale: the charge or transfer whose money is held, by whose pending part it goes. What
//! captures on other days left of a destination charge's transfer stands with its charge.

use super::HoldSource;
use crate::calendar::Day;
use crate::charge::{ChargeState, ChargeType, Purse};
use crate::id::{AccountId, ChargeId, TransferId};
use crate::money::{Currency, Minor};
use crate::record::{Loaded, Needs, Record};
use crate::transfer::TransferState;

/// A sale as it stands.
pub(super) enum Sale {
    Charge(ChargeId, ChargeState),
    /// With the charge that it comes from, where there is one.
    Transfer(TransferId, TransferState, Option<(ChargeId, ChargeState)>),
}

/// Adds the records of which a sale consists.
pub(crate) fn needs(source: HoldSource, loaded: &Loaded, needs: &mut Needs) {
    needs.add(source);
    if let HoldSource::Transfer(id) = source {
        needs.add_all(loaded.get(id).and_then(|transfer| transfer.source_charge));
    }
}

impl Sale {
    /// The sale, where it was loaded and exists.
    pub(super) fn of(loaded: &Loaded, source: HoldSource) -> Option<Self> {
        match source {
            HoldSource::Charge(id) => loaded.get(id).map(|charge| Self::Charge(id, charge.clone())),
            HoldSource::Transfer(id) => loaded.get(id).map(|transfer| {
                let charge = transfer.source_charge.and_then(|of| Some((of, loaded.get(of)?.clone())));
                Self::Transfer(id, transfer.clone(), charge)
            }),
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
            Self::Transfer(_, transfer, _) => (transfer.destination, transfer.currency),
        }
    }

    /// What of it can still go back to the payer or the platform.
    pub(super) fn left(&self) -> Minor {
        match self {
            // A payment under way cannot be refunded yet, but its money is there.
            Self::Charge(_, charge) => charge.transferable(),
            Self::Transfer(_, transfer, _) if transfer.is_made() => transfer.reversible(),
            Self::Transfer(..) => 0,
        }
    }

    /// What it brought, before fees.
    pub(super) fn amount(&self) -> Minor {
        match self {
            Self::Charge(_, charge) => charge.amount,
            Self::Transfer(_, transfer, _) => transfer.amount,
        }
    }

    /// The account's part of it.
    pub(super) fn purse(&self, today: Day) -> Purse {
        match self {
            Self::Charge(_, charge) => charge.purse(today),
            Self::Transfer(_, transfer, Some((_, charge))) => charge.transfer_purse(transfer, today),
            Self::Transfer(_, transfer, None) => transfer.purse(today),
        }
    }

    /// The sale's records after its pending part changed; none where it did not. That of a
    /// transfer's charge only where what stands with it changed.
    pub(super) fn changed(self, purse: &Purse, today: Day) -> Vec<Record> {
        let before = self.purse(today);
        let earlier = before.earlier() != purse.earlier();
        if before.pending_left() == purse.pending_left() && !earlier {
            return Vec::new();
        }
        match self {
            Self::Charge(id, mut charge) => {
                charge.keep(purse);
                vec![Record::Charge(id, charge)]
            }
            Self::Transfer(id, mut transfer, charge) => {
                transfer.pending_left = purse.pending_left();
                let charge = charge.filter(|_| earlier).map(|(id, mut charge)| {
                    charge.keep_transfer(&mut transfer, purse);
                    Record::Charge(id, charge)
                });
                std::iter::once(Record::Transfer(id, transfer)).chain(charge).collect()
            }
        }
    }
}
