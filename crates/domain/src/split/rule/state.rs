//! A split rule as it stands, and its versions: a version never changes, the newest counts.

use super::CheckedRule;
use crate::id::{AccountId, SplitRuleId, SplitRuleVersionId};
use crate::money::{Currency, Minor, Money};
use crate::record::{Kept, Waits};

/// A split rule: which of its versions is the newest, and where the others are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitRuleState {
    /// The currency of its amounts, and of the charges that it shares.
    pub currency: Currency,
    /// The least total that its newest version shares, in minor units.
    pub floor: Minor,
    /// Its versions, from number 1 on.
    pub versions: Vec<SplitRuleVersionId>,
}

/// One version of a split rule. What a charge was shared by stays readable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitRuleVersionState {
    /// Of which rule.
    pub of: SplitRuleId,
    /// Its number, from 1 on.
    pub number: u16,
    /// The currency of its amounts.
    pub currency: Currency,
    /// The rule, with its floor.
    pub rule: CheckedRule,
}

impl SplitRuleState {
    /// How many versions it has, which is the newest one's number.
    #[must_use]
    pub fn newest(&self) -> u16 {
        u16::try_from(self.versions.len()).unwrap_or(u16::MAX)
    }

    /// The version of that number; the newest where none is named.
    #[must_use]
    pub fn version(&self, number: Option<u16>) -> Option<SplitRuleVersionId> {
        let number = number.unwrap_or(self.newest());
        self.versions.get(usize::from(number).checked_sub(1)?).copied()
    }
}

impl Kept for SplitRuleState {
    fn owner(&self) -> AccountId {
        AccountId::PLATFORM
    }

    /// The least total that it shares.
    fn money(&self) -> Money {
        Money::new(self.currency, self.floor)
    }

    fn status(&self) -> &'static str {
        "active"
    }
}

impl Waits for SplitRuleState {
    type Id = SplitRuleId;
}

impl Kept for SplitRuleVersionState {
    fn owner(&self) -> AccountId {
        AccountId::PLATFORM
    }

    /// The least total that it shares.
    fn money(&self) -> Money {
        Money::new(self.currency, self.rule.floor())
    }

    fn status(&self) -> &'static str {
        "active"
    }

    fn source(&self) -> Option<crate::record::RecordId> {
        Some(self.of.into())
    }
}

impl Waits for SplitRuleVersionState {
    type Id = SplitRuleVersionId;
}
