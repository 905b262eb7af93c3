//! Providing what an account requires. Posts nothing.

use super::requirement::Step;
use super::{AccountRefusal, RequirementName};
use crate::decide::{Context, Scene, Verb};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::refusal::Refusal;

/// Says that something required was provided; it is verified next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProvideRequirement {
    /// Whose requirement.
    pub account: AccountId,
    /// Which.
    pub name: RequirementName,
}

impl Verb for ProvideRequirement {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, context, .. } = *scene;
        step(ledger, self.account, self.name, Step::Provide, context)
    }
}

/// Takes one step of a requirement's lifecycle.
pub(super) fn step(
    ledger: &Ledger,
    account: AccountId,
    name: RequirementName,
    step: Step,
    context: &Context,
) -> Result<Events, Refusal> {
    let holder = ledger.account(account).ok_or(AccountRefusal::Unknown { account })?;
    let Some(requirement) = holder.requirements.iter().find(|requirement| requirement.name == name) else {
        return Err(AccountRefusal::RequirementUnknown { name }.into());
    };
    let standing = requirement.standing;
    let Some(after) = standing.after(step, context.now) else {
        return Err(AccountRefusal::RequirementStanding { name, standing }.into());
    };

    Ok(Events::from_iter([Event::RequirementChanged { account, name, standing: after }]))
}
