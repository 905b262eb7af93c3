//! Refusals: why a command may not be done, as rules with names.
//!
//! Each noun has its own enum; [`Refusal`] joins them. A refusal names the broken rule
//! in the positive (`refund_must_not_exceed_charge`) and carries what was asked and
//! what was available. Beside each rule stands the error code with which Connect refuses
//! the same.

mod code;
mod rule;

use std::fmt;

pub use code::Code;
pub use rule::{Connect, Noun, Rule};

use crate::account::{AccountRefusal, ControllerRefusal};
use crate::bookmark::BookmarkRefusal;
use crate::calendar::advance::TimeRefusal;
use crate::charge::ChargeRefusal;
use crate::debit::DebitRefusal;
use crate::payout::PayoutRefusal;
use crate::rail::RailRefusal;
use crate::refund::RefundRefusal;
use crate::settings::LedgerRefusal;
use crate::split::SplitRefusal;
use crate::split::rule::SplitRuleRefusal;
use crate::topup::TopupRefusal;
use crate::transfer::TransferRefusal;

/// Declares a noun's refusals: for each the rule's stable name, what Connect answers in its
/// place, and a sentence.
macro_rules! refusals {
    (
        $(#[$doc:meta])* $name:ident {
            $( $(#[$variant_doc:meta])* $variant:ident $({ $($(#[$field_doc:meta])* $field:ident : $type:ty),+ $(,)? })? => $rule:literal, $connect:ident $(($code:ident))?, $sentence:literal; )+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $( $(#[$variant_doc])* $variant $({ $($(#[$field_doc])* $field: $type),+ })? ),+
        }

        impl $name {
            /// Every rule of this noun, in the order in which they are documented.
            pub const RULES: &'static [$crate::refusal::Rule] = &[$(
                $crate::refusal::Rule {
                    name: $rule,
                    connect: $crate::refusal::Connect::$connect $(($crate::refusal::Code::$code))?,
                    sentence: $sentence,
                }
            ),+];

            /// The stable name of the broken rule.
            #[must_use]
            pub fn rule(&self) -> &'static str {
                match self { $( Self::$variant $({ $($field: _),+ })? => $rule ),+ }
            }

            /// What Connect answers where it refuses the same.
            #[must_use]
            pub fn connect(&self) -> $crate::refusal::Connect {
                use $crate::refusal::Connect;
                match self {
                    $( Self::$variant $({ $($field: _),+ })? =>
                        Connect::$connect $(($crate::refusal::Code::$code))? ),+
                }
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
    ($($(#[$doc:meta])* $variant:ident($type:ty) in $noun:literal),+ $(,)?) => {
        /// Why a command was refused.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Refusal {
            $($(#[$doc])* $variant($type)),+
        }

        impl Refusal {
            /// Every rule that a command can break, by noun.
            pub const NOUNS: &'static [Noun] = &[$(Noun { name: $noun, rules: <$type>::RULES }),+];

            /// The stable name of the broken rule.
            #[must_use]
            pub fn rule(&self) -> &'static str {
                match self { $(Self::$variant(refusal) => refusal.rule()),+ }
            }

            /// What Connect answers where it refuses the same.
            #[must_use]
            pub fn connect(&self) -> Connect {
                match self { $(Self::$variant(refusal) => refusal.connect()),+ }
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
    Ledger(LedgerRefusal) in "settings",
    /// Of time.
    Time(TimeRefusal) in "calendar",
    /// Of accounts, their requirements and bank accounts.
    Account(AccountRefusal) in "account",
    /// Of the terms that accounts are under.
    Controller(ControllerRefusal) in "account_controller",
    /// Of charges.
    Charge(ChargeRefusal) in "charge",
    /// Of splits.
    Split(SplitRefusal) in "split",
    /// Of split rules.
    SplitRule(SplitRuleRefusal) in "split_rule",
    /// Of transfers and their reversals.
    Transfer(TransferRefusal) in "transfer",
    /// Of refunds.
    Refund(RefundRefusal) in "refund",
    /// Of payouts and their schedule.
    Payout(PayoutRefusal) in "payout",
    /// Of top-ups.
    Topup(TopupRefusal) in "topup",
    /// Of account debits.
    Debit(DebitRefusal) in "debit",
    /// Of rails.
    Rail(RailRefusal) in "rail",
    /// Of bookmarks.
    Bookmark(BookmarkRefusal) in "bookmark",
}

impl std::error::Error for Refusal {}
