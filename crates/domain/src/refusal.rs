//! Refusals: why a command may not be done, as rules with names.
//!
//! Each noun has its own enum; [`Refusal`] joins them. A refusal names the broken rule
//! in the positive (`refund_must_not_exceed_charge`) and carries what was asked and
//! what was available.

use std::fmt;

use crate::account::AccountRefusal;
use crate::bookmark::BookmarkRefusal;
use crate::calendar::advance::TimeRefusal;
use crate::charge::ChargeRefusal;
use crate::payout::PayoutRefusal;
use crate::rail::RailRefusal;
use crate::refund::RefundRefusal;
use crate::settings::LedgerRefusal;
use crate::split::SplitRefusal;
use crate::transfer::TransferRefusal;

/// Declares a noun's refusals: for each the rule's stable name and a sentence.
macro_rules! refusals {
    (
        $(#[$doc:meta])* $name:ident {
            $( $(#[$variant_doc:meta])* $variant:ident $({ $($(#[$field_doc:meta])* $field:ident : $type:ty),+ $(,)? })? => $rule:literal, $sentence:literal; )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $( $(#[$variant_doc])* $variant $({ $($(#[$field_doc])* $field: $type),+ })? ),+
        }

        impl $name {
            /// Every rule of this noun, in the order in which they are documented.
            pub const RULES: &'static [&'static str] = &[$($rule),+];

            /// The stable name of the broken rule.
            #[must_use]
            pub fn rule(&self) -> &'static str {
                match self { $( Self::$variant $({ $($field: _),+ })? => $rule ),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self { $( Self::$variant $({ $($field),+ })? => write!(f, $sentence) ),+ }
            }
        }

        impl std::error::Error for $name {}
    };
}
pub(crate) use refusals;

macro_rules! root {
    ($($(#[$doc:meta])* $variant:ident($type:ty)),+ $(,)?) => {
        /// Why a command was refused.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $($(#[$doc])* $variant($type)),+
        }

        impl Refusal {
            /// Every rule that a command can break, by noun.
            #[must_use]
            pub fn rules() -> Vec<&'static str> {
                [$(<$type>::RULES),+].concat()
            }

            /// The stable name of the broken rule.
            #[must_use]
            pub fn rule(&self) -> &'static str {
                match self { $(Self::$variant(refusal) => refusal.rule()),+ }
            }
        }

        impl fmt::Display for Refusal {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$variant(refusal) => refusal.fmt(f)),+ }
            }
        }

        $(impl From<$type> for Refusal {
            fn from(refusal: $type) -> Self {
                Self::$variant(refusal)
            }
        })+
    };
}

root! {
    /// Of the ledger itself.
    Ledger(LedgerRefusal),
    /// Of time.
    Time(TimeRefusal),
    /// Of accounts, their requirements and bank accounts.
    Account(AccountRefusal),
    /// Of charges.
    Charge(ChargeRefusal),
    /// Of splits.
    Split(SplitRefusal),
    /// Of transfers and their reversals.
    Transfer(TransferRefusal),
    /// Of refunds.
    Refund(RefundRefusal),
    /// Of payouts and their schedule.
    Payout(PayoutRefusal),
    /// Of rails.
    Rail(RailRefusal),
    /// Of bookmarks.
    Bookmark(BookmarkRefusal),
}

impl std::error::Error for Refusal {}
