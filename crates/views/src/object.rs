//! What an object is called: its kind and its id.

use std::fmt;

use counterfoil_domain::id::ObjectId;
use counterfoil_domain::{AccountId, ChargeId, PayoutId, RefundId, ReversalId, TransferId};
use serde::{Deserialize, Serialize};

use crate::shape::Shape;

/// A kind of object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ObjectKind {
    /// An account, the platform's among them.
    Account,
    /// A charge.
    Charge,
    /// A transfer.
    Transfer,
    /// A refund of a charge.
    Refund,
    /// A reversal of a transfer.
    Reversal,
    /// A payout.
    Payout,
    /// A split of charges among sellers.
    Split,
}

/// One object: its kind and its id within the kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectRef {
    /// An account.
    Account(AccountId),
    /// A charge.
    Charge(ChargeId),
    /// A transfer.
    Transfer(TransferId),
    /// A refund: ordinal 0 of its event.
    Refund(RefundId),
    /// A reversal: ordinal 0 of its event, or 1 of the refund's event that made it.
    Reversal(ReversalId),
    /// A payout.
    Payout(PayoutId),
    /// A split: ordinal 0 of its event, beside the transfer of the same number.
    Split(ObjectId),
}

impl ObjectKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Account,
        Self::Charge,
        Self::Transfer,
        Self::Refund,
        Self::Reversal,
        Self::Payout,
        Self::Split,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Charge => "charge",
            Self::Transfer => "transfer",
            Self::Refund => "refund",
            Self::Reversal => "reversal",
            Self::Payout => "payout",
            Self::Split => "split",
        }
    }

    /// The object of this kind with the number that [`ObjectRef::number`] gave.
    #[must_use]
    pub fn object(self, number: u64) -> Option<ObjectRef> {
        let id = ObjectId::from_bits(number);
        Some(match self {
            Self::Account => ObjectRef::Account(AccountId(u32::try_from(number).ok()?)),
            Self::Charge => ObjectRef::Charge(ChargeId(id)),
            Self::Transfer => ObjectRef::Transfer(TransferId(id)),
            Self::Refund => ObjectRef::Refund(RefundId(id)),
            Self::Reversal => ObjectRef::Reversal(ReversalId(id)),
            Self::Payout => ObjectRef::Payout(PayoutId(id)),
            Self::Split => ObjectRef::Split(id),
        })
    }
}

impl ObjectRef {
    /// Its kind.
    #[must_use]
    pub fn kind(self) -> ObjectKind {
        match self {
            Self::Account(_) => ObjectKind::Account,
            Self::Charge(_) => ObjectKind::Charge,
            Self::Transfer(_) => ObjectKind::Transfer,
            Self::Refund(_) => ObjectKind::Refund,
            Self::Reversal(_) => ObjectKind::Reversal,
            Self::Payout(_) => ObjectKind::Payout,
            Self::Split(_) => ObjectKind::Split,
        }
    }

    /// Its id within its kind as one number: an account's number, else the object id.
    #[must_use]
    pub fn number(self) -> u64 {
        match self {
            Self::Account(account) => u64::from(account.0),
            Self::Charge(ChargeId(id))
            | Self::Transfer(TransferId(id))
            | Self::Refund(RefundId(id))
            | Self::Reversal(ReversalId(id))
            | Self::Payout(PayoutId(id))
            | Self::Split(id) => id.to_bits(),
        }
    }
}

impl Shape for ObjectRef {
    type Form = (ObjectKind, u64);

    fn form(&self) -> Self::Form {
        (self.kind(), self.number())
    }

    fn from_form((kind, number): Self::Form) -> Option<Self> {
        kind.object(number)
    }
}

macro_rules! from_ids {
    ($($id:ident => $variant:ident),+ $(,)?) => {$(
        impl From<$id> for ObjectRef {
            fn from(id: $id) -> Self {
                Self::$variant(id)
            }
        }
    )+};
}

from_ids! {
    AccountId => Account, ChargeId => Charge, TransferId => Transfer, RefundId => Refund,
    ReversalId => Reversal, PayoutId => Payout,
}

impl fmt::Display for ObjectRef {
    /// Its kind and place in the log: `charge 17.0`. What callers show is the façade's.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, number) = (self.kind().name(), self.number());
        if let Self::Account(_) = self {
            return write!(f, "{kind} {number}");
        }
        let id = ObjectId::from_bits(number);
        write!(f, "{kind} {}.{}", id.position(), id.ordinal())
    }
}
