//! What a decision needs of the past: the latest state of the records it names.

use smallvec::SmallVec;

use crate::charge::ChargeState;
use crate::id::{ChargeId, ObjectId, PayoutId, TransferId};
use crate::payout::PayoutState;
use crate::transfer::TransferState;

/// Records that a command names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Charges.
    pub charges: SmallVec<[ChargeId; 2]>,
    /// Transfers.
    pub transfers: SmallVec<[TransferId; 1]>,
    /// Payouts.
    pub payouts: SmallVec<[PayoutId; 1]>,
}

/// Records as they are now; one that was looked for and not found is there as `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    charges: Vec<(ChargeId, Option<ChargeState>)>,
    transfers: Vec<(TransferId, Option<TransferState>)>,
    payouts: Vec<(PayoutId, Option<PayoutState>)>,
}

/// One record with its latest state: what an event leaves behind of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Record {
    /// A charge.
    Charge(ChargeId, ChargeState),
    /// A transfer.
    Transfer(TransferId, TransferState),
    /// A payout.
    Payout(PayoutId, PayoutState),
}

impl Record {
    /// Its id, of whatever kind.
    #[must_use]
    pub fn id(&self) -> ObjectId {
        match self {
            Self::Charge(ChargeId(id), _)
            | Self::Transfer(TransferId(id), _)
            | Self::Payout(PayoutId(id), _) => *id,
        }
    }
}

impl Needs {
    /// Whether nothing is needed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.charges.is_empty() && self.transfers.is_empty() && self.payouts.is_empty()
    }

    /// Leaves out what was already looked for.
    pub fn leave_out(&mut self, loaded: &Loaded) {
        self.charges.retain(|id| !loaded.charges.iter().any(|(known, _)| known == id));
        self.transfers.retain(|id| !loaded.transfers.iter().any(|(known, _)| known == id));
        self.payouts.retain(|id| !loaded.payouts.iter().any(|(known, _)| known == id));
    }
}

impl Loaded {
    /// Whether nothing was looked for yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.charges.is_empty() && self.transfers.is_empty() && self.payouts.is_empty()
    }

    /// Adds a charge that was looked for.
    pub fn put_charge(&mut self, id: ChargeId, found: Option<ChargeState>) {
        self.charges.push((id, found));
    }

    /// Adds a transfer that was looked for.
    pub fn put_transfer(&mut self, id: TransferId, found: Option<TransferState>) {
        self.transfers.push((id, found));
    }

    /// Adds a payout that was looked for.
    pub fn put_payout(&mut self, id: PayoutId, found: Option<PayoutState>) {
        self.payouts.push((id, found));
    }

    /// The charge, where it was loaded and exists.
    #[must_use]
    pub fn charge(&self, id: ChargeId) -> Option<&ChargeState> {
        self.charges.iter().find(|(known, _)| *known == id)?.1.as_ref()
    }

    /// The transfer, where it was loaded and exists.
    #[must_use]
    pub fn transfer(&self, id: TransferId) -> Option<&TransferState> {
        self.transfers.iter().find(|(known, _)| *known == id)?.1.as_ref()
    }

    /// The payout, where it was loaded and exists.
    #[must_use]
    pub fn payout(&self, id: PayoutId) -> Option<&PayoutState> {
        self.payouts.iter().find(|(known, _)| *known == id)?.1.as_ref()
    }
}
