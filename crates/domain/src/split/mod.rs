//! Splits: sharing what a payer paid among sellers, with the sale behind each share.
//!
//! A transfer says that money moved. A split also says why: what each seller sold
//! (gross) and what the platform kept of it (commission). Only the net moves.

pub mod by_rule;
pub mod create;
mod fill;
pub mod meet_condition;
mod recover;
mod release;
pub mod rule;
mod shares;
mod state;

pub use by_rule::SplitByRule;
pub use create::Split;
pub use meet_condition::MeetCondition;
pub(crate) use recover::liable;
pub use recover::{Borne, Refunded, recover_by_liability};
pub use shares::{Ask, Commission, Part, Share};
pub use state::{Piece, SharedPart, Source, SplitState};

use crate::account::DetailsError;
use crate::books::Entry;
use crate::charge::ChargeState;
use crate::id::{AccountId, ChargeId, SplitId};
use crate::money::{Currency, Minor, Money};
use crate::refusal::refusals;
use crate::split::rule::Fact;
use crate::transfer::TransferState;

/// A split as it was made. Its transfers are the event's objects, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitMade {
    /// What each seller sold, what the platform kept, and what moved.
    pub shares: Vec<Share>,
    /// The charges as they stand after.
    pub charges: Vec<(ChargeId, ChargeState)>,
    /// What moved: each transfer names one source charge.
    pub transfers: Vec<TransferState>,
    /// The books.
    pub entry: Entry,
    /// The caller's own words.
    pub details: Option<Box<crate::account::Details>>,
}

/// The most parts that a split may have: its event must fit one command's 48 KiB.
pub const MOST_PARTS: usize = 200;

/// The most charges that a split may share out.
pub const MOST_CHARGES: usize = 100;

refusals! {
    /// Why a split is not made.
    SplitRefusal {
        /// No charge or no part.
        Empty => "split_needs_charges_and_parts", NoCode, "A split names at least one charge and one part.";
        /// Too many charges or parts.
        TooMany => "split_must_be_small", NoCode, "A split has at most 100 charges and 200 parts; make several.";
        /// A charge is named twice.
        ChargeTwice {
            /// The charge.
            charge: ChargeId,
        } => "split_must_name_each_charge_once", NoCode, "The charge {charge} is named twice.";
        /// Text attached to the split is too long.
        Details {
            /// What is wrong with it.
            error: DetailsError,
        } => "split_details_must_fit", NoCode, "{error}.";
        /// A charge carries its own share.
        ChargeType {
            /// The charge.
            charge: ChargeId,
        } => "split_needs_separate_charges", NoCode, "The charge {charge} is not a separate charge; direct and destination charges carry their own share.";
        /// A charge is of another transfer group.
        Group {
            /// The charge.
            charge: ChargeId,
        } => "split_must_stay_in_its_transfer_group", NoCode, "The charge {charge} is not of the split's transfer group.";
        /// The charges differ in currency.
        Currency {
            /// The first charge's.
            first: Currency,
            /// Another charge's.
            other: Currency,
        } => "split_must_have_one_currency", NoCode, "The charges are in {first} and {other}; a split has one currency.";
        /// An account is named twice.
        AccountTwice {
            /// The account.
            account: AccountId,
        } => "split_must_name_each_account_once", NoCode, "Account number {account} is named twice.";
        /// A part's gross is not above zero.
        GrossNotPositive {
            /// Whose.
            account: AccountId,
            /// What it comes to.
            gross: Minor,
        } => "split_gross_must_be_positive", NoCode, "The gross of account number {account} comes to {gross}; it must lie above zero and within the largest amount.";
        /// A commission is below zero or above the gross.
        Commission {
            /// Whose.
            account: AccountId,
            /// The commission.
            commission: Minor,
            /// The gross.
            gross: Minor,
        } => "commission_must_not_exceed_gross", NoCode, "The commission of account number {account} is {commission} of a gross of {gross}; it lies between 0 and the gross.";
        /// Two parts ask for the remainder.
        SecondRemainder => "split_must_have_one_remainder", NoCode, "At most one part takes the remainder.";
        /// The parts ask for more than the whole.
        PartsExceedCharges {
            /// What is left of the charges.
            left: Money,
        } => "parts_must_not_exceed_charges", NoCode, "Fixed and percent parts together ask for more than the {left} that are left of the charges.";
        /// The nets are more than what is left of the charges.
        NetExceedsCharges {
            /// What would move.
            net: Money,
            /// What is left of the charges.
            left: Money,
        } => "nets_must_not_exceed_charges", NoCode, "The nets come to {net}; {left} are left of the charges.";
        /// There is no such split by a rule.
        Unknown {
            /// The id that was named.
            split: SplitId,
        } => "split_must_exist", NoCode, "There is no split {split} by a rule.";
        /// A part would wait on a payment that may still fail.
        WaitsAtRisk {
            /// The charge.
            charge: ChargeId,
        } => "waiting_parts_need_a_payment_that_cannot_fail", NoCode, "The payment of charge {charge} may still fail, and what waits of it could not be taken back; share it by a rule without conditions.";
        /// No part waits for this fact.
        FactNotAwaited {
            /// The fact.
            fact: Fact,
        } => "split_must_await_the_fact", NoCode, "No part of the split waits for {fact}; it was met already, or nobody asked for it.";
    }
}
