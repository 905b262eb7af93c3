//! Why a split rule is not accepted, or does not share a total.

use crate::account::DetailsError;
use crate::id::{AccountId, SplitRuleId};
use crate::money::{Currency, Minor};
use crate::refusal::refusals;

refusals! {
    /// Why a split rule is not accepted, or does not share a total.
    SplitRuleRefusal {
        /// Text attached to the rule is too long.
        Details {
            /// What is wrong with it.
            error: DetailsError,
        } => "split_rule_details_must_fit", NoCode, "{error}.";
        /// There is no such rule.
        Unknown {
            /// The id that was named.
            rule: SplitRuleId,
        } => "split_rule_must_exist", NoCode, "There is no split rule {rule}.";
        /// It has as many versions as one may have.
        Versions => "split_rule_must_have_few_versions", NoCode, "A split rule has at most 1,000 versions; set a new one.";
        /// No part.
        Empty => "split_rule_needs_a_part", NoCode, "A split rule has at least one part.";
        /// Too much of something.
        TooLarge => "split_rule_must_be_small", NoCode, "A split rule has at most 200 parts, 16 tiers in a part, 400 tiers in all and 400 conditions in all.";
        /// An amount is out of range.
        Amount {
            /// Whose.
            account: AccountId,
            /// The amount.
            amount: Minor,
        } => "split_rule_amounts_must_be_in_range", NoCode, "A part of account number {account} names the amount {amount}. A fixed part is above zero, no amount is below it, and none is above the largest charge.";
        /// A weight is out of range.
        Weight {
            /// Whose.
            account: AccountId,
            /// The weight.
            weight: u32,
        } => "split_rule_weights_must_be_in_range", NoCode, "The weight {weight} of account number {account} does not lie between 1 and 1,000,000.";
        /// The tiers do not rise, or not the last alone is open.
        Tiers {
            /// Whose.
            account: AccountId,
        } => "split_rule_tiers_must_rise", NoCode, "The tiers of account number {account} must each end above the one before, and the last alone is open.";
        /// A part is fixed and bounded.
        FixedWithBounds {
            /// Whose.
            account: AccountId,
        } => "split_rule_fixed_parts_must_be_unbounded", NoCode, "A part of account number {account} is a fixed amount and has a bound; leave one of them out.";
        /// The lower bound is above the upper.
        Bounds {
            /// Whose.
            account: AccountId,
            /// The lower bound.
            least: Minor,
            /// The upper bound.
            most: Minor,
        } => "split_rule_bounds_must_fit", NoCode, "A part of account number {account} is at least {least} and at most {most}.";
        /// Conditions lie too deep, or too many in one list.
        Condition {
            /// Whose.
            account: AccountId,
        } => "split_rule_conditions_must_be_shallow", NoCode, "A condition of account number {account} has lists more than 3 deep, or more than 8 conditions in one list.";
        /// An account has two parts that wait for the same.
        AccountTwice {
            /// The account.
            account: AccountId,
        } => "split_rule_parts_must_differ", NoCode, "Account number {account} has two parts that wait for the same; make them one.";
        /// Several parts take what is left.
        SecondRemainder => "split_rule_must_have_one_remainder", NoCode, "At most one part takes the remainder, and none does beside parts by weight.";
        /// The absorber is no part, or one that cannot take an odd cent.
        Absorber => "split_rule_absorber_must_be_free", NoCode, "Odd cents are absorbed by a part of the rule that is neither a fixed amount nor has an upper bound.";
        /// Percents come to more than the whole.
        Percents => "split_rule_percents_must_fit", NoCode, "Percent parts without an upper bound come to more than 100 %.";
        /// However large the total is, the shares do not always fit.
        NeverFits {
            /// The largest total.
            largest: Minor,
        } => "split_rule_must_fit_large_totals", NoCode, "The parts ask for more than there is up to the largest total of {largest}. Ask for less, or name a part that absorbs what rounding adds.";
        /// It has no such version.
        Version {
            /// The rule.
            rule: SplitRuleId,
            /// What was asked.
            version: u16,
            /// Its newest.
            newest: u16,
        } => "split_rule_version_must_exist", NoCode, "The split rule {rule} has versions 1 to {newest}; {version} was asked.";
        /// The charges are in another currency.
        Currency {
            /// The rule's.
            rule: Currency,
            /// The charges'.
            charged: Currency,
        } => "split_rule_must_have_the_currency_of_its_charges", NoCode, "The rule's amounts are in {rule}; the charges are in {charged}.";
        /// The total is smaller than the rule allows.
        BelowFloor {
            /// The total.
            total: Minor,
            /// The least total that the rule shares.
            floor: Minor,
        } => "split_total_must_reach_its_floor", NoCode, "This rule shares totals of {floor} minor units and more; {total} was asked.";
        /// The total is larger than any charge.
        TotalTooLarge {
            /// The total.
            total: Minor,
            /// The largest total.
            largest: Minor,
        } => "split_total_must_not_be_too_large", NoCode, "A rule shares totals of up to {largest} minor units; {total} was asked.";
    }
}
