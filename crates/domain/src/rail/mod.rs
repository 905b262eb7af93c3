//! A rail: where money comes in and goes out (card, boleto, bank).

mod name;
pub mod settle;

pub use name::{NotARailName, RailName};
pub use settle::SettleRail;

use crate::money::Money;
use crate::refusal::refusals;

refusals! {
    /// Why a rail is not settled.
    RailRefusal {
        /// The amount is zero.
        Nothing => "settlement_must_not_be_zero", NoCode, "A settlement is above zero, or below zero where the processor draws from the bank.";
        /// Nothing has come in on this rail.
        Unknown {
            /// Its name.
            rail: RailName,
        } => "rail_must_exist", NoCode, "Nothing has come in on a rail named {rail}; its first charge makes it.";
        /// The bank does not settle to itself.
        Bank => "bank_must_not_settle_to_itself", NoCode, "The bank is where rails settle to; name the rail that paid.";
        /// The rail holds less, or is less below zero.
        Exceeds {
            /// What was asked.
            asked: Money,
            /// What the rail holds.
            held: Money,
        } => "settlement_must_not_exceed_rail", NoCode, "The rail holds {held}; {asked} cannot settle from it.";
        /// Too many rails.
        TooMany => "rails_must_be_few", NoCode, "A ledger has at most 1,000 rails; name rails by network, not by payment.";
    }
}

/// How many rails a ledger may have.
pub const MOST_RAILS: usize = 1_000;
