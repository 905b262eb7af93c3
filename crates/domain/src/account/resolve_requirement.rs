//! Resolving what was provided: it holds, or it does not. Posts nothing.

use super::RequirementName;
use super::provide_requirement::step;
use super::requirement::Step;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::AccountId;
use crate::refusal::Refusal;

/// Says whether what was provided holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ResolveRequirement {
    /// Whose requirement.
    pub account: AccountId,
    /// Which.
    pub name: RequirementName,
    /// Whether it holds; where not, it must be provided again.
    pub verified: bool,
}

impl Verb for ResolveRequirement {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, context, .. } = *scene;
        let outcome = if self.verified { Step::Verify } else { Step::Reject };
        step(ledger, self.account, self.name, outcome, context)
    }
}
