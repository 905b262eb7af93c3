//! What an object is called: its kind and its id.

use std::fmt;

use counterfoil_domain::id::{ApplicationFeeId, FeeRefundId, ObjectId};
use counterfoil_domain::{
    AccountId, BankDebitId, ChargeId, DebitId, DisputeId, DrawdownId, PayoutId, RecordId, RefundId,
    ReserveHoldId, ReservePlanId, ReversalId, SplitRuleId, SplitRuleVersionId, TopupId, TransferId,
    WriteOffId,
};
use serde::{Deserialize, Serialize};

use crate::shape::Shape;

/// Declares the kinds of objects: for each its id, its name, and the prefix of its ids as text.
macro_rules! objects {
    ($($(#[$doc:meta])* $kind:ident($id:ty) = $name:literal $prefix:literal),+ $(,)?) => {
        /// A kind of object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ObjectKind {
            $($(#[$doc])* $kind),+
        }

        /// One object: its kind and its id within the kind.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ObjectRef {
            $($(#[$doc])* $kind($id)),+
        }

        impl ObjectKind {
            /// Every kind. What views store is its place here.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$kind),+];

            /// Its name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }

            /// What its ids as text begin with, as Connect's do.
            #[must_use]
            pub fn prefix(self) -> &'static str {
                match self { $(Self::$kind => $prefix),+ }
            }

            /// The object of this kind with the number that [`ObjectRef::number`] gave.
            #[must_use]
            pub fn object(self, number: u64) -> Option<ObjectRef> {
                Some(match self { $(Self::$kind => ObjectRef::$kind(Number::of(number)?)),+ })
            }
        }

        impl ObjectRef {
            /// Its kind.
            #[must_use]
            pub fn kind(self) -> ObjectKind {
                match self { $(Self::$kind(_) => ObjectKind::$kind),+ }
            }

            /// Its id within its kind as one number: an account's number, else the object id.
            #[must_use]
            pub fn number(self) -> u64 {
                match self { $(Self::$kind(id) => id.number()),+ }
            }
        }
    };
}

objects! {
    /// An account, the platform's among them.
    Account(AccountId) = "account" "acct",
    /// A charge.
    Charge(ChargeId) = "charge" "ch",
    /// A transfer.
    Transfer(TransferId) = "transfer" "tr",
    /// A refund of a charge: ordinal 0 of its event.
    Refund(RefundId) = "refund" "re",
    /// A reversal of a transfer: ordinal 0 of its event, or 1 of the refund's event that made it.
    Reversal(ReversalId) = "reversal" "trr",
    /// A payout.
    Payout(PayoutId) = "payout" "po",
    /// A split of charges among sellers: ordinal 0 of its event. One that names its parts has
    /// a transfer of the same number beside it; one by a rule has a record of its own.
    Split(ObjectId) = "split" "sp",
    /// A top-up.
    Topup(TopupId) = "topup" "tu",
    /// A debit of an account.
    Debit(DebitId) = "debit" "de",
    /// A split rule.
    SplitRule(SplitRuleId) = "split_rule" "spr",
    /// A version of a split rule.
    SplitRuleVersion(SplitRuleVersionId) = "split_rule_version" "sprv",
    /// An application fee: ordinal 2 of the event that took it.
    ApplicationFee(ApplicationFeeId) = "application_fee" "fee",
    /// A refund of an application fee: ordinal 2 of the event that gave it back.
    FeeRefund(FeeRefundId) = "fee_refund" "fr",
    /// A reserve plan.
    ReservePlan(ReservePlanId) = "reserve_plan" "resplan",
    /// A reserve hold.
    ReserveHold(ReserveHoldId) = "reserve_hold" "reshold",
    /// A dispute.
    Dispute(DisputeId) = "dispute" "dp",
    /// A drawdown of prefunding.
    Drawdown(DrawdownId) = "prefunding_drawdown" "pfd",
    /// A debit of what an account owes from its bank.
    BankDebit(BankDebitId) = "bank_debit" "bd",
    /// A debt that was written off.
    WriteOff(WriteOffId) = "write_off" "wo",
}

/// An id as one number.
trait Number: Sized {
    fn number(self) -> u64;

    fn of(number: u64) -> Option<Self>;
}

impl Number for AccountId {
    fn number(self) -> u64 {
        u64::from(self.0)
    }

    fn of(number: u64) -> Option<Self> {
        u32::try_from(number).ok().map(Self)
    }
}

impl Number for ObjectId {
    fn number(self) -> u64 {
        self.to_bits()
    }

    fn of(number: u64) -> Option<Self> {
        Some(Self::from_bits(number))
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

macro_rules! numbers {
    ($($id:ident),+ $(,)?) => {$(
        impl Number for $id {
            fn number(self) -> u64 {
                self.0.to_bits()
            }

            fn of(number: u64) -> Option<Self> {
                Some(Self(ObjectId::from_bits(number)))
            }
        }
    )+};
}

numbers!(
    ChargeId,
    TransferId,
    RefundId,
    ReversalId,
    PayoutId,
    TopupId,
    DebitId,
    DrawdownId,
    SplitRuleId,
    SplitRuleVersionId,
    ApplicationFeeId,
    DisputeId,
    FeeRefundId,
    ReservePlanId,
    ReserveHoldId,
    BankDebitId,
    WriteOffId,
);

from_ids! {
    AccountId => Account, ChargeId => Charge, TransferId => Transfer, RefundId => Refund,
    ReversalId => Reversal, PayoutId => Payout, TopupId => Topup, DebitId => Debit,
    DrawdownId => Drawdown,
    SplitRuleId => SplitRule, SplitRuleVersionId => SplitRuleVersion,
    ApplicationFeeId => ApplicationFee, FeeRefundId => FeeRefund,
    ReservePlanId => ReservePlan, ReserveHoldId => ReserveHold,
    DisputeId => Dispute,
    BankDebitId => BankDebit,
    WriteOffId => WriteOff,
}

impl From<RecordId> for ObjectRef {
    fn from(id: RecordId) -> Self {
        match id {
            RecordId::Charge(id) => id.into(),
            RecordId::Transfer(id) => id.into(),
            RecordId::Payout(id) => id.into(),
            RecordId::Topup(id) => id.into(),
            RecordId::Reversal(id) => id.into(),
            RecordId::Debit(id) => id.into(),
            RecordId::SplitRule(id) => id.into(),
            RecordId::SplitRuleVersion(id) => id.into(),
            RecordId::Split(id) => Self::Split(id.0),
            RecordId::Refund(id) => id.into(),
            RecordId::BankDebit(id) => id.into(),
            RecordId::ReservePlan(id) => id.into(),
            RecordId::ReserveHold(id) => id.into(),
            RecordId::Dispute(id) => id.into(),
            RecordId::Drawdown(id) => id.into(),
            RecordId::WriteOff(id) => id.into(),
        }
    }
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
