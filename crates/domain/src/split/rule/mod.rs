//! Split rules: how any total is shared among sellers, said once and checked beforehand.
//!
//! A split names amounts; a rule names how to find them. It is checked before it is
//! accepted ([`SplitRule::check`]), and of what comes of that, the [`CheckedRule`], it is
//! known from which total on its shares fit. What no part asks for stays with the
//! platform. Connect has no such rules; all of this is our own
//! (docs/decisions/split-rules.md).

#[cfg(test)]
mod cast;
mod check;
mod condition;
mod divide;
mod exact;
mod floor;
mod liability;
mod refusal;
pub mod set;
mod state;
mod tiers;

pub use check::CheckedRule;
pub use condition::{Awaited, Condition, Fact, NotAFact};
pub use liability::{Liability, Liable, Shortfall, dispute_fees, recover};
pub use refusal::SplitRuleRefusal;
pub use set::{RuleSet, SetSplitRule};
pub use state::{SplitRuleState, SplitRuleVersionState};
pub use tiers::{Tier, Tiering};

use super::Commission;
use crate::id::AccountId;
use crate::money::{Minor, Rate};

/// The most tiers that one part has.
pub const MOST_TIERS: usize = 16;

/// The most tiers that all parts of a rule have together, and the most instants and facts
/// that all their conditions name: a rule is stored by one event, which has 48 KiB.
pub const MOST_IN_ALL: usize = 400;

/// The most that lists of conditions may lie in each other.
pub const MOST_NESTED: usize = 3;

/// The most conditions in one list.
pub const MOST_ABREAST: usize = 8;

/// The most versions that one rule has: each lists those before it.
pub const MOST_VERSIONS: usize = 1_000;

/// The largest weight.
pub const LARGEST_WEIGHT: u32 = 1_000_000;

/// How any total is shared among sellers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SplitRule {
    /// The parts, in the order in which ties and odd cents go to them. An account may have
    /// several that wait for different things: half now, half once it is delivered.
    pub parts: Vec<RulePart>,
    /// Who gets the odd cents.
    pub rounding: Rounding,
}

/// One part of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RulePart {
    /// The seller.
    pub account: AccountId,
    /// What it sold of a total: its gross.
    pub share: ShareOf,
    /// Its gross is at least so many minor units, if they are there.
    pub least: Option<Minor>,
    /// Its gross is at most so many minor units.
    pub most: Option<Minor>,
    /// What the platform keeps of the gross.
    pub commission: Commission,
    /// Until when it is held.
    pub condition: Condition,
    /// What it gives back of refunds and disputes.
    pub liability: Liability,
}

/// What a part asks of a total.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ShareOf {
    /// So many minor units.
    Fixed(Minor),
    /// A share of the total.
    Percent(Rate),
    /// By tiers of the total.
    Tiered {
        /// How the tiers are read.
        tiering: Tiering,
        /// The tiers, from the lowest; the last alone is open.
        tiers: Vec<Tier>,
    },
    /// Of what fixed, percent and tiered parts leave, so many parts of the sum of all
    /// weights; equal weights are equal parts. What a bound takes from one or gives to one
    /// does not change what the others get.
    Weight(u32),
    /// All that the others leave. A rule has one at most, and none beside weights.
    Remainder,
}

/// Who gets the odd cents. Every exact share first becomes whole units, after its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// Shares are cut down; the units left go one each to the largest fractions, ties to
    /// the earlier part. The remainder comes after the other parts, and what stays with
    /// the platform takes its turn last.
    LargestRemainder,
    /// Shares are cut down; the units left go one each to the parts that have a fraction,
    /// in their order. The remainder comes after the other parts, the platform last.
    Ordered,
    /// Shares are cut down, and one absorbs what is left.
    Down(Absorber),
    /// Shares are rounded half-even, and one absorbs the difference, up or down.
    HalfEven(Absorber),
}

/// Who absorbs what rounding leaves or adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Absorber {
    /// The remainder, up to its `most`; where it is full or there is none, the platform.
    Rest,
    /// The part at this place in the rule, from 0. It also gets the fraction of a unit
    /// that would stay with the platform.
    Part(u16),
}

impl RulePart {
    /// A part of `account` without bounds, commission or condition, which bears its
    /// refunds and disputes.
    #[must_use]
    pub fn new(account: AccountId, share: ShareOf) -> Self {
        Self {
            account,
            share,
            least: None,
            most: None,
            commission: Commission::None,
            condition: Condition::NONE,
            liability: Liability::default(),
        }
    }

    /// The least gross with which this part can be made: its own bound, or what the
    /// platform keeps as an amount.
    fn lowest(&self) -> Minor {
        self.least.unwrap_or(0).max(self.kept_amount())
    }

    /// What the platform keeps as an amount.
    fn kept_amount(&self) -> Minor {
        match self.commission {
            Commission::Amount(amount) => amount,
            Commission::None | Commission::Rate(_) => 0,
        }
    }
}

impl SplitRule {
    /// Where the remainder is.
    fn remainder(&self) -> Option<usize> {
        self.parts.iter().position(|part| part.share == ShareOf::Remainder)
    }

    /// The part that absorbs what rounding leaves, where the rounding has one.
    fn absorber(&self) -> Option<usize> {
        match self.rounding {
            Rounding::LargestRemainder | Rounding::Ordered => None,
            Rounding::Down(Absorber::Rest) | Rounding::HalfEven(Absorber::Rest) => self.remainder(),
            Rounding::Down(Absorber::Part(place)) | Rounding::HalfEven(Absorber::Part(place)) => {
                Some(usize::from(place))
            }
        }
    }
}
