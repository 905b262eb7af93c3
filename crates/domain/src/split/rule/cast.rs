//! The cast of the unit tests: parts and rules in few words.

use super::{Rounding, RulePart, ShareOf, SplitRule, Tier, Tiering};
use crate::id::AccountId;
use crate::money::{Minor, Rate};

/// So many percent of the total.
pub(super) fn percent(percent: u32) -> ShareOf {
    ShareOf::Percent(Rate::from_basis_points(percent * 100).unwrap())
}

/// A part of the account of this number.
pub(super) fn part(account: u32, share: ShareOf) -> RulePart {
    RulePart::new(AccountId(account), share)
}

pub(super) fn least(least: Minor, part: RulePart) -> RulePart {
    RulePart { least: Some(least), ..part }
}

pub(super) fn most(most: Minor, part: RulePart) -> RulePart {
    RulePart { most: Some(most), ..part }
}

pub(super) fn rule(rounding: Rounding, parts: &[RulePart]) -> SplitRule {
    SplitRule { parts: parts.to_vec(), rounding }
}

pub(super) fn tiered(tiering: Tiering, tiers: &[Tier]) -> ShareOf {
    ShareOf::Tiered { tiering, tiers: tiers.to_vec() }
}

/// A tier of so many percent.
pub(super) fn tier(up_to: Option<Minor>, percent: u32, fixed: Minor) -> Tier {
    Tier { up_to, rate: Rate::from_basis_points(percent * 100).unwrap(), fixed }
}
