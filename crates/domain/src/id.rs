//! Ids: what an object is called inside the ledger.
//!
//! An object's id is the log position of the event that made it and an ordinal
//! within that event. An account's id is its number in order of onboarding, so that
//! it indexes a slab and costs one to five bytes in a posting. What the world sees
//! (`ch_…`, `acct_…`) is a keyed permutation of these, made by the façade.

/// The number of an account: 0 is the platform, connected accounts count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub u32);

impl AccountId {
    /// The platform's own account.
    pub const PLATFORM: Self = Self(0);

    /// Whether this is the platform's own account.
    #[must_use]
    pub fn is_platform(self) -> bool {
        self == Self::PLATFORM
    }

    /// Where the account stands in the ledger's slab.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

impl std::fmt::Display for AccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// The number of a rail: 0 is the bank, others count from 1 in order of first use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RailId(pub u16);

impl RailId {
    /// Money in the platform's bank.
    pub const BANK: Self = Self(0);

    /// Where the rail stands in the ledger's list.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// A log position and an ordinal within the event at that position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(u64);

/// Twelve bits of ordinal.
const ORDINAL_BITS: u32 = 12;

/// An event makes fewer objects: no decision comes near, and no other event is read.
pub const MOST_OBJECTS: usize = 1 << ORDINAL_BITS;

impl ObjectId {
    /// The object number `ordinal` of the event at `position`.
    #[must_use]
    pub fn new(position: u64, ordinal: u16) -> Self {
        debug_assert!(ordinal < 1 << ORDINAL_BITS, "an event makes at most 4,096 objects");
        debug_assert!(position < 1 << (64 - ORDINAL_BITS), "positions fit 52 bits");
        Self(position << ORDINAL_BITS | u64::from(ordinal))
    }

    /// The id as one number.
    #[must_use]
    pub fn to_bits(self) -> u64 {
        self.0
    }

    /// The id that [`ObjectId::to_bits`] gave.
    #[must_use]
    pub fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The position of the event that made the object.
    #[must_use]
    pub fn position(self) -> u64 {
        self.0 >> ORDINAL_BITS
    }

    /// Which of the event's objects it is.
    #[must_use]
    pub fn ordinal(self) -> u16 {
        (self.0 & ((1 << ORDINAL_BITS) - 1)) as u16
    }
}

macro_rules! object_ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub ObjectId);

        impl $name {
            /// The object number `ordinal` of the event at `position`.
            #[must_use]
            pub fn new(position: u64, ordinal: u16) -> Self {
                Self(ObjectId::new(position, ordinal))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, "{}.{}", self.0.position(), self.0.ordinal())
            }
        }
    )+};
}

object_ids! {
    /// A charge: ordinal 0 of the event that recorded it.
    ChargeId
    /// A transfer; a destination charge's own transfer is ordinal 1 of the charge's event.
    TransferId
    /// A refund of a charge.
    RefundId
    /// A reversal of a transfer; those made by a refund or a dispute are ordinals 1 and on of its
    /// event.
    ReversalId
    /// An application fee: ordinal 2 of the event that took it.
    ApplicationFeeId
    /// A refund of an application fee: ordinal 2 of the event that gave it back.
    FeeRefundId
    /// A payout.
    PayoutId
    /// A top-up.
    TopupId
    /// A debit of an account.
    DebitId
    /// A dispute of a charge: ordinal 0 of the event that opened it.
    DisputeId
    /// A drawdown of prefunding.
    DrawdownId
    /// A debit of what an account owes from its bank.
    BankDebitId
    /// A debt that was written off: ordinal 0 of the event that did so.
    WriteOffId
    /// A split by a rule: ordinal 0 of the event that recorded it.
    SplitId
    /// A split rule: ordinal 0 of the event that set its first version.
    SplitRuleId
    /// A version of a split rule: ordinal 1 of the event that set it.
    SplitRuleVersionId
    /// A reserve plan.
    ReservePlanId
    /// A reserve hold.
    ReserveHoldId
}

impl ChargeId {
    /// The transfer that a destination charge makes in its own event.
    #[must_use]
    pub fn destination_transfer(self) -> TransferId {
        TransferId::new(self.0.position(), 1)
    }
}
