//! Decide: what every decision is told, and what it gives.

use crate::calendar::Timestamp;
use crate::command::Command;
use crate::event::Events;
use crate::ledger::Ledger;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::settings::LedgerRefusal;

/// What a decision is told besides the ledger and the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The business time of the command, never before the ledger's.
    pub now: Timestamp,
    /// The log position that its first event will take.
    pub position: u64,
}

/// All that a decision sees: the ledger, the records that were loaded for it, its context.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) ledger: &'a Ledger,
    pub(crate) loaded: &'a Loaded,
    pub(crate) context: &'a Context,
}

/// What may be asked: every command is one, beside its rules, in a file of its own.
pub(crate) trait Verb {
    /// Adds the records that the decision reads, as far as those that are loaded tell.
    fn needs(&self, _loaded: &Loaded, _needs: &mut Needs) {}

    /// Its events, or the first rule of its ladder that it breaks.
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal>;
}

/// Decides a command: its events, or the one rule that it breaks.
///
/// # Errors
/// The first refusal of the command's ladder.
pub fn decide(
    ledger: &Ledger,
    loaded: &Loaded,
    command: &Command,
    context: &Context,
) -> Result<Events, Refusal> {
    if ledger.settings().is_none() && !matches!(command, Command::OpenLedger(_)) {
        return Err(LedgerRefusal::NotOpen.into());
    }
    command.decide(&Scene { ledger, loaded, context })
}
