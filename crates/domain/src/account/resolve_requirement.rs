//! Resolving what was provided: it holds, or it does not. Posts nothing.

use super::RequirementName;
use super::provide_requirement::step;
use super::requirement::Step;
use crate::decide::Context;
use crate::event::Events;
use crate::id::AccountId;
use crate::ledger::Ledger;
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

/// Decides a resolution.
pub(crate) fn decide(
    ledger: &Ledger,
    command: &ResolveRequirement,
    context: &Context,
) -> Result<Events, Refusal> {
    let outcome = if command.verified { Step::Verify } else { Step::Reject };
    step(ledger, command.account, command.name, outcome, context)
}
