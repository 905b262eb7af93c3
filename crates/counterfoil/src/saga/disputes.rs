//! What nobody asked for: disputes, and warnings of fraud.
//!
//! | fact | command |
//! |---|---|
//! | opened, an inquiry too | `OpenDispute` |
//! | escalated | `EscalateInquiry` |
//! | money withdrawn, reinstated | compared; what opens, escalates or wins moves it |
//! | evidence received | `SubmitEvidence` |
//! | closed: won, lost, an inquiry let rest | `MarkDisputeWon`, `MarkDisputeLost`, `CloseInquiry` |
//! | warning of fraud | `ReceiveFraudWarning` |
//!
//! The processor's reference is in the dispute, so that nothing of it is kept here: the ledger is
//! asked, by a preview, which dispute of the charge has it.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::{FraudWarning, FraudWarningReference, ReceiveFraudWarning};
use counterfoil_domain::dispute::{
    CloseInquiry, DisputeReason, DisputeReference, DisputeRefusal, EscalateInquiry, MarkDisputeLost,
    MarkDisputeWon, OpenDispute, Recovery, SubmitEvidence,
};
use counterfoil_domain::money::{Minor, Money};
use counterfoil_domain::record::{Kept, Record, RecordId};
use counterfoil_domain::{ChargeId, DisputeId, RailId, Refusal};
use counterfoil_rails::card::DisputeOutcome;
use counterfoil_rails::{AskKey, CardFact, DisputeRef};

use super::claim::{Asked, Claim, event_of};
use super::error::SagaError;
use super::outcome::Why;
use super::record::Telling;
use crate::Counterfoil;
use crate::error::ExecuteError;

/// What is taken back from sellers where a charge is disputed: the platform's policy.
pub(super) type Recoveries = dyn Fn(ChargeId) -> Recovery + Send + Sync;

/// Whether nobody asked for what a fact tells.
pub(super) fn is_unasked(fact: &CardFact) -> bool {
    matches!(
        fact,
        CardFact::DisputeOpened { .. }
            | CardFact::DisputeEscalated { .. }
            | CardFact::FundsWithdrawn { .. }
            | CardFact::EvidenceReceived { .. }
            | CardFact::FundsReinstated { .. }
            | CardFact::DisputeClosed { .. }
            | CardFact::FraudWarning { .. }
    )
}

/// A ledger that is told of a rail.
pub(super) struct Unasked<'a> {
    pub(super) ledger: &'a Counterfoil,
    pub(super) rail: Option<RailId>,
    pub(super) recoveries: &'a Recoveries,
}

impl Unasked<'_> {
    /// How a fact is recorded that nobody asked for.
    pub(super) async fn telling(&self, fact: &CardFact) -> Result<Telling, SagaError> {
        match fact {
            CardFact::DisputeOpened { dispute, payment, amount, reason, stage, due_by, fee } => {
                if let Some(why) = self.differs(*payment, &[Some(*amount), *fee]).await? {
                    return Ok(Telling::Unrecorded(why));
                }
                let (Some(reference), charge) = (reference(dispute), ChargeId(payment.id())) else {
                    return Ok(Telling::Unrecorded(Why::NoCommand));
                };
                Ok(Telling::command(OpenDispute {
                    amount: Some(amount.minor),
                    inquiry: stage.is_inquiry(),
                    fee: fee.map(|fee| fee.minor),
                    recovery: (self.recoveries)(charge),
                    ..OpenDispute::new(charge, reference, *reason, *due_by)
                }))
            }
            CardFact::FraudWarning { warning, payment, fraud_type } => {
                if let Some(why) = self.differs(*payment, &[]).await? {
                    return Ok(Telling::Unrecorded(why));
                }
                let Ok(reference) = FraudWarningReference::new(warning.as_str()) else {
                    return Ok(Telling::Unrecorded(Why::NoCommand));
                };
                let (charge, fraud_type) = (ChargeId(payment.id()), *fraud_type);
                let warning = FraudWarning { reference, fraud_type };
                Ok(Telling::command(ReceiveFraudWarning { charge, warning }))
            }
            CardFact::DisputeEscalated { dispute, payment, .. }
            | CardFact::FundsWithdrawn { dispute, payment, .. }
            | CardFact::EvidenceReceived { dispute, payment, .. }
            | CardFact::FundsReinstated { dispute, payment, .. }
            | CardFact::DisputeClosed { dispute, payment, .. } => {
                match self.dispute(*payment, dispute).await? {
                    Some(known) => self.follows(known, *payment, fact).await,
                    None => Ok(Telling::Unrecorded(Why::UnknownDispute)),
                }
            }
            CardFact::Authorised { .. }
            | CardFact::Declined { .. }
            | CardFact::Captured { .. }
            | CardFact::Cancelled { .. }
            | CardFact::Expired { .. }
            | CardFact::RefundPending { .. }
            | CardFact::RefundRequiresAction { .. }
            | CardFact::RefundSucceeded { .. }
            | CardFact::RefundFailed { .. }
            | CardFact::RefundCancelled { .. } => Ok(Telling::Unrecorded(Why::NoCommand)),
        }
    }

    /// How a fact of a dispute is recorded that the ledger knows.
    async fn follows(
        &self,
        dispute: DisputeId,
        payment: AskKey,
        fact: &CardFact,
    ) -> Result<Telling, SagaError> {
        let minor = |money: &Option<Money>| money.map(|money| money.minor);
        match fact {
            CardFact::DisputeEscalated { due_by, fee, .. } => {
                let differs = self.differs(payment, &[*fee]).await?;
                let escalate = EscalateInquiry { dispute, amount: None, due_by: *due_by, fee: minor(fee) };
                Ok(unless(differs, Telling::command(escalate)))
            }
            CardFact::FundsWithdrawn { amount, .. } | CardFact::FundsReinstated { amount, .. } => {
                let differs = self.other_amount(dispute, *amount).await?;
                Ok(unless(differs, Telling::Implied))
            }
            CardFact::EvidenceReceived { stage, .. }
                if stage.is_inquiry() && !self.inquires(dispute).await? =>
            {
                // It was told again: what has become a dispute since is not answered by it.
                Ok(Telling::Implied)
            }
            CardFact::EvidenceReceived { fee, .. } => {
                let differs = self.differs(payment, &[*fee]).await?;
                Ok(unless(differs, Telling::command(SubmitEvidence { dispute, fee: minor(fee) })))
            }
            CardFact::DisputeClosed { outcome, fees_returned, .. } => {
                let differs = self.differs(payment, &[*fees_returned]).await?;
                Ok(unless(differs, closed(dispute, *outcome, minor(fees_returned))))
            }
            CardFact::DisputeOpened { .. }
            | CardFact::FraudWarning { .. }
            | CardFact::Authorised { .. }
            | CardFact::Declined { .. }
            | CardFact::Captured { .. }
            | CardFact::Cancelled { .. }
            | CardFact::Expired { .. }
            | CardFact::RefundPending { .. }
            | CardFact::RefundRequiresAction { .. }
            | CardFact::RefundSucceeded { .. }
            | CardFact::RefundFailed { .. }
            | CardFact::RefundCancelled { .. } => Ok(Telling::Unrecorded(Why::NoCommand)),
        }
    }

    /// The dispute of a charge that the processor calls so.
    async fn dispute(&self, payment: AskKey, named: &DisputeRef) -> Result<Option<DisputeId>, SagaError> {
        let Some(reference) = reference(named) else { return Ok(None) };
        let (charge, reason) = (ChargeId(payment.id()), DisputeReason::General);
        let again = OpenDispute::new(charge, reference, reason, Timestamp::MAX);
        match self.ledger.preview(again).await {
            Err(ExecuteError::Refused(Refusal::Dispute(DisputeRefusal::ToldTwice { dispute }))) => {
                Ok(Some(dispute))
            }
            Ok(_) | Err(ExecuteError::Refused(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a dispute is still an inquiry.
    async fn inquires(&self, dispute: DisputeId) -> Result<bool, SagaError> {
        match self.ledger.preview(CloseInquiry { dispute, prevented: false }).await {
            Ok(_) => Ok(true),
            Err(ExecuteError::Refused(_)) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// How a fact differs from its charge: another rail's, or in another currency.
    async fn differs(&self, payment: AskKey, said: &[Option<Money>]) -> Result<Option<Why>, SagaError> {
        let charge = ChargeId(payment.id());
        let event = event_of(self.ledger, payment.id()).await?;
        let record = event.and_then(|recorded| recorded.record(RecordId::Charge(charge)));
        let Some(Record::Charge(_, state)) = record else { return Ok(None) };
        let here = Some(state.rail) == self.rail;
        let mut differs = (!here).then_some(Why::NotAskedHere);
        for told in said.iter().flatten().filter(|told| told.currency != state.currency) {
            differs.get_or_insert(Why::OtherAmount { asked: state.money(), told: *told });
        }
        Ok(differs)
    }

    /// How an amount that was withdrawn or reinstated differs from what is disputed.
    async fn other_amount(&self, dispute: DisputeId, told: Money) -> Result<Option<Why>, SagaError> {
        let event = event_of(self.ledger, dispute.0).await?;
        let record = event.and_then(|recorded| recorded.record(RecordId::Dispute(dispute)));
        let Some(Record::Dispute(_, state)) = record else { return Ok(None) };
        let asked = Asked { amount: state.amount, payment: None, here: true };
        Ok(Claim { amount: Some(told), payment: None }.differs(&asked))
    }
}

fn closed(dispute: DisputeId, outcome: DisputeOutcome, fees_returned: Option<Minor>) -> Telling {
    match outcome {
        DisputeOutcome::Won => Telling::command(MarkDisputeWon { dispute, fees_returned }),
        DisputeOutcome::Lost => Telling::command(MarkDisputeLost { dispute }),
        DisputeOutcome::WarningClosed => Telling::command(CloseInquiry { dispute, prevented: false }),
    }
}

fn unless(differs: Option<Why>, telling: Telling) -> Telling {
    differs.map_or(telling, Telling::Unrecorded)
}

/// What the ledger calls the processor's reference; both have the same form.
fn reference(named: &DisputeRef) -> Option<DisputeReference> {
    DisputeReference::new(named.as_str()).ok()
}
