//! Recording facts: each once, whatever comes again.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::calendar::advance::TimeRefusal;
use counterfoil_domain::charge::ChargeRefusal;
use counterfoil_domain::dispute::DisputeRefusal;
use counterfoil_domain::payout::{PayoutRefusal, PayoutStatus};
use counterfoil_domain::refund::{RefundFailure, RefundRefusal, RefundStatus};
use counterfoil_domain::settings::Clock;
use counterfoil_domain::{Command, Refusal};

use super::now::Now;
use super::outcome::Why;
use crate::Counterfoil;
use crate::error::ExecuteError;
use crate::request::Request;

/// How a fact is recorded.
pub(super) enum Telling {
    /// By this command.
    Command(Box<Command>),
    /// Not by itself: another fact of the same payment says all of it.
    Implied,
    /// Not at all, and why.
    Unrecorded(Why),
}

impl Telling {
    pub(super) fn command(command: impl Into<Command>) -> Self {
        Self::Command(Box::new(command.into()))
    }
}

/// What recording a fact came to.
pub(super) enum Came {
    /// It is recorded now.
    Recorded,
    /// It was recorded before.
    Known,
    /// It cannot be: the object stands otherwise.
    Contradicts(&'static str),
}

/// Records the fact of that name, which happened at `at`; where the ledger's time is past that,
/// now. It is recorded once: its name is the idempotency key, and where that is forgotten the
/// object's lifecycle refuses what it has had.
pub(super) async fn record(
    ledger: &Counterfoil,
    name: String,
    command: Command,
    at: Timestamp,
    now: &Now,
) -> Result<Came, ExecuteError> {
    let request = Request::new(command.clone());
    let mut came = execute(ledger, request.clone().idempotent(name), at, now).await;
    // Whoever used the name for something else does not keep the fact out.
    if let Err(ExecuteError::KeyReused { .. }) = came {
        came = execute(ledger, request, at, now).await;
    }
    match came {
        Ok(replayed) => Ok(if replayed { Came::Known } else { Came::Recorded }),
        Err(ExecuteError::Refused(refusal)) => match known(&command, &refusal) {
            Some(came) => Ok(came),
            None => Err(ExecuteError::Refused(refusal)),
        },
        Err(error) => Err(error),
    }
}

/// Executes a request at `at`, or at the ledger's own time where that is later; whether it was
/// executed before.
pub(super) async fn execute(
    ledger: &Counterfoil,
    request: Request,
    at: Timestamp,
    now: &Now,
) -> Result<bool, ExecuteError> {
    let simulated = ledger.settings().clock == Clock::Simulated;
    let mut at = at.max(now.get());
    loop {
        let request = request.clone();
        let request = if simulated { request.at(at) } else { request };
        let answer = ledger.execute_batch(vec![request]).await.pop().unwrap_or(Err(ExecuteError::Closed));
        match answer {
            Ok(receipt) => {
                now.reach(receipt.time);
                return Ok(receipt.replayed);
            }
            // Somebody else moved time on meanwhile.
            Err(ExecuteError::Refused(Refusal::Time(TimeRefusal::Backwards { now: ledgers, .. })))
                if simulated && ledgers > at =>
            {
                at = ledgers;
            }
            Err(error) => return Err(error),
        }
    }
}

/// Whether a refusal says that the fact was recorded before, or that it cannot be.
fn known(command: &Command, refusal: &Refusal) -> Option<Came> {
    match (command, refusal) {
        (Command::MarkChargeCaptured(_), Refusal::Charge(ChargeRefusal::NotAsked { status })) => {
            Some(if *status == "succeeded" { Came::Known } else { Came::Contradicts(status) })
        }
        (Command::MarkChargeDeclined(_), Refusal::Charge(ChargeRefusal::NotAsked { status })) => {
            Some(if *status == "failed" { Came::Known } else { Came::Contradicts(status) })
        }
        (Command::MarkPayoutPaid(_), Refusal::Payout(PayoutRefusal::NotInTransit { status })) => {
            Some(match status {
                // A payout that came back was paid before.
                PayoutStatus::InTransit | PayoutStatus::Paid | PayoutStatus::Returned(_) => Came::Known,
                // The bank paid what it said it had not: the account has its money twice.
                PayoutStatus::Failed(_) => Came::Contradicts("failed, and was never paid"),
            })
        }
        (Command::MarkPayoutFailed(_), Refusal::Payout(PayoutRefusal::AlreadyFailed)) => Some(Came::Known),
        (_, Refusal::Refund(RefundRefusal::Lifecycle { status, .. })) => known_of_refund(command, *status),
        (Command::OpenDispute(_), Refusal::Dispute(DisputeRefusal::ToldTwice { .. }))
        | (Command::ReceiveFraudWarning(_), Refusal::Charge(ChargeRefusal::WarnedTwice { .. })) => {
            Some(Came::Known)
        }
        (_, Refusal::Dispute(DisputeRefusal::Lifecycle { status, .. })) => known_of_dispute(command, status),
        (_, _) => None,
    }
}

/// Whether a refund that stands so has had what a fact says, or cannot have.
fn known_of_refund(command: &Command, status: RefundStatus) -> Option<Came> {
    use RefundFailure::{ChargeDisputed, NotTaken};
    let (pending, succeeded) = (
        matches!(command, Command::MarkRefundPending(_)),
        matches!(command, Command::MarkRefundSucceeded(_)),
    );
    if !pending && !succeeded && !matches!(command, Command::MarkRefundFailed(_)) {
        return None;
    }
    // Its payer has what the ledger took back when it was called off, or was not taken, or was never
    // more than pending.
    let contradicts = match status {
        RefundStatus::Canceled | RefundStatus::Failed(ChargeDisputed) => succeeded,
        RefundStatus::Failed(NotTaken) => pending || succeeded,
        // A refund that is done at once succeeded when it was booked, and one that came back before.
        RefundStatus::Waiting { .. }
        | RefundStatus::Processing
        | RefundStatus::RequiresAction
        | RefundStatus::Succeeded
        | RefundStatus::Confirmed
        | RefundStatus::Failed(_) => false,
    };
    Some(if contradicts { Came::Contradicts(status.name()) } else { Came::Known })
}

/// Whether a dispute that stands so has had what a fact says, or cannot have.
fn known_of_dispute(command: &Command, status: &'static str) -> Option<Came> {
    let had: &[&str] = if matches!(command, Command::EscalateInquiry(_)) {
        &["needs_response", "under_review", "won", "lost"]
    } else if matches!(command, Command::CloseInquiry(_)) {
        &["warning_closed", "prevented"]
    } else if matches!(command, Command::MarkDisputeWon(_)) {
        &["won"]
    } else if matches!(command, Command::MarkDisputeLost(_)) {
        &["lost"]
    } else if matches!(command, Command::SubmitEvidence(_)) {
        // It was answered, or is over.
        return Some(Came::Known);
    } else {
        return None;
    };
    Some(if had.contains(&status) { Came::Known } else { Came::Contradicts(status) })
}
