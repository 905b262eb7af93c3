//! Decide: the table of contents of what may be asked.

use crate::calendar::Timestamp;
use crate::command::Command;
use crate::event::Events;
use crate::ledger::Ledger;
use crate::record::Loaded;
use crate::refusal::Refusal;
use crate::settings::LedgerRefusal;
use crate::{account, bookmark, calendar, charge, payout, rail, refund, settings, split, transfer};

/// What a decision is told besides the ledger and the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// The business time of the command, never before the ledger's.
    pub now: Timestamp,
    /// The log position that its first event will take.
    pub position: u64,
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
    match command {
        Command::OpenLedger(command) => settings::decide(ledger, command, context),
        Command::AdvanceTo(command) => calendar::advance::decide(ledger, command, context),
        Command::OnboardAccount(command) => account::onboard::decide(ledger, command, context),
        Command::ProvideRequirement(command) => {
            account::provide_requirement::decide(ledger, command, context)
        }
        Command::ResolveRequirement(command) => {
            account::resolve_requirement::decide(ledger, command, context)
        }
        Command::AttachBankAccount(command) => account::attach_bank_account::decide(ledger, command, context),
        Command::SetPayoutSchedule(command) => payout::set_schedule::decide(ledger, command, context),
        Command::Charge(command) => charge::create::decide(ledger, command, context),
        Command::Split(command) => split::create::decide(ledger, loaded, command, context),
        Command::Transfer(command) => transfer::create::decide(ledger, loaded, command, context),
        Command::ReverseTransfer(command) => transfer::reverse::decide(ledger, loaded, command, context),
        Command::Refund(command) => refund::create::decide(ledger, loaded, command, context),
        Command::RequestPayout(command) => payout::request::decide(ledger, command, context),
        Command::MarkPayoutPaid(command) => payout::mark_paid::decide(ledger, loaded, command, context),
        Command::MarkPayoutFailed(command) => payout::mark_failed::decide(ledger, loaded, command, context),
        Command::SettleRail(command) => rail::settle::decide(ledger, command, context),
        Command::SetBookmark(command) => bookmark::decide(ledger, command, context),
    }
}
