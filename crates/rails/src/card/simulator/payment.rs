//! A payment at the simulated processor: its lifecycle, from authorisation to dispute.
//!
//! ```text
//! declined        open ──capture, last──▶ closed      (captured money: refunds, one dispute)
//!                   ├──cancel───────────▶ closed
//!                   └──by time──────────▶ closed
//!
//! refund:  pending ──▶ succeeded ──▶ ended (failed)    pending ──▶ ended (failed, cancelled)
//!
//! dispute: inquiry ──evidence──▶ inquiry under review ──▶ warning closed
//!             └──by time, full refund──▶ warning closed      └──escalated──┐
//!          needs response ◀────────────────────────────────────────────────┘
//!             ├──by time, accepted──▶ lost
//!             └──evidence──▶ under review ──▶ won or lost
//! ```

use std::collections::BTreeMap;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor, Money};
use smallvec::{SmallVec, smallvec};

use super::dispute::{Dispute, Stage};
use super::script::{Happening, Script, Verdict};
use super::tokens::TestCard;
use crate::card::{
    CaptureMethod, CardFact, CardOrder, CardRefusal, DisputeOutcome, DisputeReason, DisputeStage, FraudType,
    LONGEST_EVIDENCE, RefundFailure,
};
use crate::{AskKey, Delays, DisputeRef, WarningRef};

/// A payment. Every amount is in its currency, and
/// `0 ≤ refunded ≤ captured ≤ authorised` at all times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Payment {
    key: AskKey,
    pub(super) card: TestCard,
    pub(super) currency: Currency,
    authorised: Minor,
    captured: Minor,
    standing: Standing,
    refunds: BTreeMap<AskKey, Refund>,
    dispute: Option<Dispute>,
    warned: bool,
}

/// Whether something can still be captured, or why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Open,
    Closed(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Refund {
    amount: Minor,
    status: RefundStatus,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RefundStatus {
    Pending,
    Succeeded,
    Ended,
}

impl Payment {
    /// A payment that was asked for, with the facts that came of it.
    pub(super) fn begin(
        key: AskKey,
        card: TestCard,
        amount: Money,
        capture: CaptureMethod,
        facts: &[CardFact],
    ) -> Self {
        let declined = facts.iter().any(|fact| matches!(fact, CardFact::Declined { .. }));
        let (authorised, captured, standing) = match (declined, capture) {
            (true, _) => (0, 0, Standing::Closed("declined")),
            (false, CaptureMethod::Automatic) => (amount.minor, amount.minor, Standing::Closed("captured")),
            (false, CaptureMethod::Manual) => (amount.minor, 0, Standing::Open),
        };
        let refunds = BTreeMap::new();
        let currency = amount.currency;
        Self { key, card, currency, authorised, captured, standing, refunds, dispute: None, warned: false }
    }

    fn money(&self, minor: Minor) -> Money {
        Money::new(self.currency, minor)
    }

    /// What has been refunded, or is on its way.
    fn refunded(&self) -> Minor {
        let live = self.refunds.values().filter(|refund| refund.status != RefundStatus::Ended);
        // Each refund was checked against what was left, so that the sum is at most what was captured.
        live.map(|refund| refund.amount).sum()
    }

    /// Whether an order fits what has happened. The refusals come in this order.
    pub(super) fn check(&self, at: Timestamp, order: &CardOrder) -> Result<(), CardRefusal> {
        match order {
            CardOrder::Authorise { .. } => Ok(()),
            CardOrder::Capture { amount, .. } => self.check_capture(*amount),
            CardOrder::Cancel { .. } => self.check_cancel(),
            CardOrder::Refund { amount, .. } => self.check_refund(*amount),
            CardOrder::CancelRefund { refund } => self.check_cancel_refund(*refund),
            CardOrder::SubmitEvidence { dispute, evidence } => self.check_evidence(at, dispute, evidence),
            CardOrder::AcceptDispute { dispute } => self.check_accept(dispute),
        }
    }

    fn check_amount(&self, asked: Money) -> Result<(), CardRefusal> {
        if asked.currency != self.currency {
            return Err(CardRefusal::WrongCurrency { asked, currency: self.currency });
        }
        if asked.minor <= 0 {
            return Err(CardRefusal::NotPositive { asked });
        }
        Ok(())
    }

    fn check_open(&self) -> Result<(), CardRefusal> {
        match self.standing {
            Standing::Open => Ok(()),
            Standing::Closed(standing) => Err(CardRefusal::NotAuthorised { payment: self.key, standing }),
        }
    }

    fn check_capture(&self, asked: Money) -> Result<(), CardRefusal> {
        self.check_amount(asked)?;
        self.check_open()?;
        let left = self.money(self.authorised - self.captured);
        if asked.minor > left.minor {
            return Err(CardRefusal::ExceedsAuthorised { asked, left });
        }
        Ok(())
    }

    fn check_cancel(&self) -> Result<(), CardRefusal> {
        self.check_open()?;
        if self.captured > 0 {
            return Err(CardRefusal::AlreadyCaptured { payment: self.key });
        }
        Ok(())
    }

    fn check_refund(&self, asked: Money) -> Result<(), CardRefusal> {
        self.check_amount(asked)?;
        if let Some(dispute) = &self.dispute {
            let refundable = match dispute.at {
                Stage::Open(stage) => stage.is_inquiry(),
                Stage::Ended(outcome) => outcome != DisputeOutcome::Lost,
            };
            if !refundable {
                return Err(CardRefusal::Disputed { dispute: dispute.name.clone() });
            }
        }
        let left = self.money(self.captured - self.refunded());
        if asked.minor > left.minor {
            return Err(CardRefusal::ExceedsCaptured { asked, left });
        }
        Ok(())
    }

    fn check_cancel_refund(&self, refund: AskKey) -> Result<(), CardRefusal> {
        match self.refunds.get(&refund).map(|refund| refund.status) {
            None => Err(CardRefusal::UnknownRefund { refund }),
            Some(RefundStatus::Pending) => Ok(()),
            Some(RefundStatus::Succeeded | RefundStatus::Ended) => {
                Err(CardRefusal::RefundNotPending { refund })
            }
        }
    }

    fn check_stage(&self, name: &DisputeRef) -> Result<(&Dispute, DisputeStage), CardRefusal> {
        let dispute = self.dispute.as_ref().filter(|dispute| dispute.name == *name);
        let dispute = dispute.ok_or_else(|| CardRefusal::UnknownDispute { dispute: name.clone() })?;
        match dispute.at {
            Stage::Ended(outcome) => Err(CardRefusal::DisputeEnded { dispute: name.clone(), outcome }),
            Stage::Open(stage) if stage.takes_evidence() => Ok((dispute, stage)),
            Stage::Open(_) => Err(CardRefusal::AlreadyAnswered { dispute: name.clone() }),
        }
    }

    fn check_evidence(&self, at: Timestamp, name: &DisputeRef, evidence: &str) -> Result<(), CardRefusal> {
        let (dispute, _) = self.check_stage(name)?;
        if at >= dispute.due_by {
            return Err(CardRefusal::EvidenceLate { dispute: name.clone(), due_by: dispute.due_by });
        }
        if evidence.len() > LONGEST_EVIDENCE {
            return Err(CardRefusal::EvidenceTooLong { bytes: evidence.len() });
        }
        Ok(())
    }

    fn check_accept(&self, name: &DisputeRef) -> Result<(), CardRefusal> {
        let (_, stage) = self.check_stage(name)?;
        if stage.is_inquiry() {
            return Err(CardRefusal::InquiryNotAccepted { dispute: name.clone() });
        }
        Ok(())
    }

    /// Takes in an order that was checked, and gives the facts that follow from it beside those
    /// of its script.
    pub(super) fn take(&mut self, key: AskKey, order: &CardOrder, facts: &[CardFact]) -> Option<CardFact> {
        match order {
            CardOrder::Authorise { .. } => {}
            CardOrder::Capture { amount, last, .. } => {
                self.captured += amount.minor;
                if *last || self.captured == self.authorised {
                    self.standing = Standing::Closed("captured");
                }
            }
            CardOrder::Cancel { .. } => self.standing = Standing::Closed("cancelled"),
            CardOrder::Refund { amount, .. } => {
                let pending = facts.iter().any(|fact| matches!(fact, CardFact::RefundPending { .. }));
                let status = if pending { RefundStatus::Pending } else { RefundStatus::Succeeded };
                self.refunds.insert(key, Refund { amount: amount.minor, status });
                return self.end_refunded_inquiry();
            }
            CardOrder::CancelRefund { refund } => self.set_refund(*refund, RefundStatus::Ended),
            CardOrder::SubmitEvidence { .. } => {
                let payment = self.key;
                if let Some(Dispute { at: Stage::Open(stage), name, .. }) = &mut self.dispute {
                    *stage = stage.answered();
                    let (dispute, stage) = (name.clone(), *stage);
                    return Some(CardFact::EvidenceReceived { dispute, payment, stage, fee: None });
                }
            }
            CardOrder::AcceptDispute { .. } => {
                return self.dispute.as_mut().map(|dispute| dispute.end(DisputeOutcome::Lost));
            }
        }
        None
    }

    /// A full refund answers an inquiry for good.
    fn end_refunded_inquiry(&mut self) -> Option<CardFact> {
        let all = self.refunded() == self.captured;
        let dispute = self.dispute.as_mut().filter(|_| all)?;
        matches!(dispute.at, Stage::Open(stage) if stage.is_inquiry())
            .then(|| dispute.end(DisputeOutcome::WarningClosed))
    }

    fn set_refund(&mut self, refund: AskKey, status: RefundStatus) {
        if let Some(refund) = self.refunds.get_mut(&refund) {
            refund.status = status;
        }
    }

    /// What happens, if it still can, and what is to happen after it.
    pub(super) fn happens(&mut self, what: Happening, at: Timestamp, delays: &Delays) -> Script {
        match what {
            Happening::Expire => self.expire(),
            Happening::Dispute(reason, stage) => self.open_dispute(reason, stage, at, delays),
            Happening::Warn => {
                let first = !std::mem::replace(&mut self.warned, true);
                let warning = WarningRef::simulated(self.key);
                let (payment, fraud_type) = (self.key, FraudType::MadeWithStolenCard);
                told(first.then_some(CardFact::FraudWarning { warning, payment, fraud_type }))
            }
            Happening::RefundSucceeds(refund) => self.refund_succeeds(refund),
            Happening::RefundFails(refund, reason) => told(self.refund_fails(refund, reason)),
            Happening::Decide(verdict) => self.decide(verdict, at, delays),
            Happening::LeaveUnanswered(stage) => self.leave_unanswered(stage),
        }
    }

    fn expire(&mut self) -> Script {
        if self.standing != Standing::Open {
            return Script::default();
        }
        self.standing = Standing::Closed("expired");
        let released = self.money(self.authorised - self.captured);
        told(Some(CardFact::Expired { payment: self.key, released }))
    }

    /// The whole of what was captured is disputed, also where a part was refunded; a payment
    /// that was refunded in full is not.
    fn open_dispute(
        &mut self,
        reason: DisputeReason,
        stage: DisputeStage,
        at: Timestamp,
        delays: &Delays,
    ) -> Script {
        if self.dispute.is_some() || self.refunded() >= self.captured {
            return Script::default();
        }
        let due_by = delays.evidence_due.after(at, self.currency);
        let name = DisputeRef::simulated(self.key);
        let amount = self.captured;
        let stands = Stage::Open(stage);
        let dispute = Dispute { name: name.clone(), payment: self.key, amount, due_by, at: stands };
        self.dispute = Some(dispute);
        let amount = self.money(amount);
        let (payment, dispute) = (self.key, name);
        let opened = CardFact::DisputeOpened { dispute, payment, amount, reason, stage, due_by, fee: None };
        let mut script = told(Some(opened));
        if stage.is_inquiry() {
            let closes = delays.inquiry_closes.after(at, self.currency);
            script.later.push((closes, Happening::LeaveUnanswered(stage)));
        } else {
            self.withdraw(due_by, &mut script);
        }
        script
    }

    /// The money goes, and with it every refund that had not arrived.
    fn withdraw(&mut self, due_by: Timestamp, script: &mut Script) {
        let Some(dispute) = &self.dispute else { return };
        let amount = self.money(dispute.amount);
        script.now.push(CardFact::FundsWithdrawn {
            dispute: dispute.name.clone(),
            payment: self.key,
            amount,
        });
        script.later.push((due_by, Happening::LeaveUnanswered(DisputeStage::NeedsResponse)));
        let pending = self.refunds.iter().filter(|(_, refund)| refund.status == RefundStatus::Pending);
        let pending: SmallVec<[AskKey; 2]> = pending.map(|(key, _)| *key).collect();
        for refund in pending {
            script.now.extend(self.refund_fails(refund, RefundFailure::ChargeDisputed));
        }
    }

    fn refund_succeeds(&mut self, refund: AskKey) -> Script {
        let found = self.refunds.get(&refund).filter(|refund| refund.status == RefundStatus::Pending);
        let Some(amount) = found.map(|refund| self.money(refund.amount)) else {
            return Script::default();
        };
        self.set_refund(refund, RefundStatus::Succeeded);
        told(Some(CardFact::RefundSucceeded { refund, payment: self.key, amount }))
    }

    fn refund_fails(&mut self, refund: AskKey, reason: RefundFailure) -> Option<CardFact> {
        let found = self.refunds.get(&refund).filter(|refund| refund.status != RefundStatus::Ended);
        let amount = self.money(found?.amount);
        self.set_refund(refund, RefundStatus::Ended);
        Some(CardFact::RefundFailed { refund, payment: self.key, amount, reason })
    }

    fn decide(&mut self, verdict: Verdict, at: Timestamp, delays: &Delays) -> Script {
        let (currency, payment) = (self.currency, self.key);
        let Some(dispute) = &mut self.dispute else { return Script::default() };
        match (dispute.at, verdict) {
            (Stage::Open(DisputeStage::InquiryUnderReview), Verdict::Escalated) => {
                let due_by = delays.evidence_due.after(at, currency);
                dispute.at = Stage::Open(DisputeStage::NeedsResponse);
                dispute.due_by = due_by;
                let name = dispute.name.clone();
                let escalated = CardFact::DisputeEscalated { dispute: name, payment, due_by, fee: None };
                let mut script = told(Some(escalated));
                self.withdraw(due_by, &mut script);
                script
            }
            (Stage::Open(DisputeStage::InquiryUnderReview), Verdict::Won | Verdict::Lost) => {
                told(Some(dispute.end(DisputeOutcome::WarningClosed)))
            }
            (Stage::Open(DisputeStage::UnderReview), Verdict::Won) => {
                let amount = Money::new(currency, dispute.amount);
                let back = CardFact::FundsReinstated { dispute: dispute.name.clone(), payment, amount };
                let now = smallvec![back, dispute.end(DisputeOutcome::Won)];
                Script { now, later: SmallVec::new() }
            }
            (Stage::Open(DisputeStage::UnderReview), Verdict::Lost | Verdict::Escalated) => {
                told(Some(dispute.end(DisputeOutcome::Lost)))
            }
            (Stage::Open(DisputeStage::Inquiry | DisputeStage::NeedsResponse) | Stage::Ended(_), _) => {
                Script::default()
            }
        }
    }

    fn leave_unanswered(&mut self, stage: DisputeStage) -> Script {
        let dispute = self.dispute.as_mut().filter(|dispute| dispute.at == Stage::Open(stage));
        let outcome = if stage.is_inquiry() { DisputeOutcome::WarningClosed } else { DisputeOutcome::Lost };
        told(dispute.map(|dispute| dispute.end(outcome)))
    }
}

fn told(fact: Option<CardFact>) -> Script {
    Script { now: fact.into_iter().collect(), later: SmallVec::new() }
}
