//! The line to a card processor: which events ask it, and how its facts are recorded.
//!
//! | event | ask | fact | command |
//! |---|---|---|---|
//! | `charge_asked` | authorise and capture | captured | `MarkChargeCaptured` |
//! | | | declined, or refused | `MarkChargeDeclined` |
//! | `charge_refunded`, `refund_created`, `refund_succeeded` that books | refund | pending, requires action | `MarkRefundPending` |
//! | | | succeeded | `MarkRefundSucceeded` |
//! | | | failed, or refused | `MarkRefundFailed` |
//! | `refund_canceled` of a booked refund | call back | cancelled | |
//!
//! What nobody asked for, a dispute or a warning of fraud, is in `disputes.rs`.

use std::sync::Arc;

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::{ChargeState, DeclineCode, MarkChargeCaptured, MarkChargeDeclined};
use counterfoil_domain::money::Money;
use counterfoil_domain::rail::RailName;
use counterfoil_domain::record::RecordKey;
use counterfoil_domain::refund::{MarkRefundFailed, MarkRefundPending, MarkRefundSucceeded, RefundFailure};
use counterfoil_domain::{
    ChargeId, Event, Ledger, Moved, ObjectId, RailId, Record, Recorded, RefundId, Step,
};
use counterfoil_rails::card::{CaptureMethod, CardOrder, CardToken};
use counterfoil_rails::{
    AskKey, CardAnswer, CardAsk, CardFact, CardRail, CardRefusal, Cursor, Page, RailError, Told,
};

use super::claim::{Asked, Claim, event_of};
use super::disputes::{Recoveries, Unasked, is_unasked};
use super::error::SagaError;
use super::line::{Complete, Line, Refused, Wanted};
use super::outcome::{Said, Why};
use super::record::Telling;
use crate::Counterfoil;

pub(super) struct CardLine {
    port: Arc<dyn CardRail>,
    recoveries: Arc<Recoveries>,
    /// The number of its rail, once that was opened.
    rail: Option<RailId>,
}

impl CardLine {
    pub(super) fn new(port: Arc<dyn CardRail>, recoveries: Arc<Recoveries>, ledger: &Ledger) -> Self {
        let rail = ledger.rail(port.name());
        Self { port, recoveries, rail }
    }

    /// What a step of a charge or a refund asks.
    fn step(&self, moved: &Moved, position: u64) -> Option<CardAsk> {
        if let Record::Refund(id, refund) = &moved.subject.record {
            // One that waits for its payer's money is asked once it is booked.
            moved.books.as_ref()?;
            let charges = moved.parts().filter_map(|part| ChargeId::of(&part.record));
            let charge = charges.map(|(_, charge)| charge).find(|charge| self.was_asked(charge))?;
            if moved.step == Step::RefundCanceled {
                let order = CardOrder::CancelRefund { refund: AskKey::of(id.0) };
                return Some(CardAsk { key: AskKey::of(ObjectId::new(position, 0)), order });
            }
            let booked = [Step::RefundCreated, Step::RefundSucceeded].contains(&moved.step);
            let amount = Money::new(charge.currency, refund.amount.minor);
            return booked.then(|| refunding(*id, refund.charge, amount));
        }
        let Record::Charge(id, charge) = &moved.subject.record else { return None };
        if moved.step != Step::ChargeAsked || Some(charge.rail) != self.rail {
            return None;
        }
        let more = charge.more.as_ref()?;
        let order = CardOrder::Authorise {
            card: CardToken::new(more.card.as_deref()?),
            amount: Money::new(charge.currency, more.authorised),
            capture: CaptureMethod::Automatic,
            merchant: charge.merchant_of_record(),
        };
        Some(CardAsk { key: AskKey::of(id.0), order })
    }

    /// Whether the processor was asked for a charge, and not told of it by others.
    fn was_asked(&self, charge: &ChargeState) -> bool {
        Some(charge.rail) == self.rail && charge.more.as_ref().is_some_and(|more| more.asked)
    }
}

impl CardLine {
    /// What an event says was asked for under the key `id`, and whether of this rail.
    fn asked(&self, recorded: &Recorded, id: ObjectId) -> Option<Asked> {
        if let Event::ChargeRefunded(refunded) = &recorded.event {
            let amount = Money::new(refunded.charge.currency, refunded.amount);
            let here = self.was_asked(&refunded.charge);
            let of_it = RefundId::new(recorded.position, 0).0 == id;
            return of_it.then_some(Asked { amount, payment: Some(refunded.id.0), here });
        }
        let Event::Moved(moved) = &recorded.event else { return None };
        if let Record::Refund(refund, state) = &moved.subject.record {
            // The charge of one that waits does not stand beside it.
            let charge = moved.parts().find_map(|part| ChargeId::of(&part.record));
            let here = charge.is_none_or(|(_, charge)| self.was_asked(charge));
            let asked = Asked { amount: state.amount, payment: Some(state.charge.0), here };
            return (refund.0 == id).then_some(asked);
        }
        let Record::Charge(charge, state) = &moved.subject.record else { return None };
        let authorised = state.more.as_ref().map_or(state.amount, |more| more.authorised);
        let amount = Money::new(state.currency, authorised);
        let here = Some(state.rail) == self.rail;
        (charge.0 == id).then_some(Asked { amount, payment: Some(id), here })
    }
}

fn refunding(refund: RefundId, charge: ChargeId, amount: Money) -> CardAsk {
    let order = CardOrder::Refund { payment: AskKey::of(charge.0), amount };
    CardAsk { key: AskKey::of(refund.0), order }
}

#[async_trait]
impl Line for CardLine {
    type Ask = CardAsk;
    type Fact = CardFact;
    type Refusal = CardRefusal;

    fn name(&self) -> &RailName {
        self.port.name()
    }

    fn sees(&mut self, recorded: &Recorded) -> Option<Wanted<CardAsk>> {
        if let Event::RailOpened { rail, name } = &recorded.event
            && name == self.port.name()
        {
            self.rail = Some(*rail);
        }
        let (position, at) = (recorded.position, recorded.time);
        let ask = if let Event::Moved(moved) = &recorded.event {
            self.step(moved, position)?
        } else if let Event::ChargeRefunded(refunded) = &recorded.event {
            if !self.was_asked(&refunded.charge) {
                return None;
            }
            let amount = Money::new(refunded.charge.currency, refunded.amount);
            refunding(RefundId::new(position, 0), refunded.id, amount)
        } else {
            return None;
        };
        let traced = matches!(ask.order, CardOrder::Authorise { .. });
        Some(Wanted { key: ask.key, at, position, ask, traced })
    }

    async fn complete(
        &self,
        _: &Counterfoil,
        wanted: &Wanted<CardAsk>,
    ) -> Result<Complete<CardAsk>, SagaError> {
        Ok(Complete::Ask(wanted.ask.clone()))
    }

    async fn ask(&self, at: Timestamp, ask: &CardAsk) -> Result<CardAnswer, RailError> {
        self.port.ask(at, ask).await
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<CardFact>, RailError> {
        self.port.facts(after, until, most).await
    }

    async fn telling(&mut self, ledger: &Counterfoil, told: &Told<CardFact>) -> Result<Telling, SagaError> {
        if let Some((object, claim)) = claim(&told.fact) {
            let event = event_of(ledger, object).await?;
            let asked = event.and_then(|recorded| self.asked(&recorded, object));
            if let Some(why) = asked.and_then(|asked| claim.differs(&asked)) {
                return Ok(Telling::Unrecorded(why));
            }
        }
        if is_unasked(&told.fact) {
            let unasked = Unasked { ledger, rail: self.rail, recoveries: &*self.recoveries };
            return unasked.telling(&told.fact).await;
        }
        Ok(plain(&told.fact))
    }

    fn refused(&self, ask: &CardAsk, refusal: &CardRefusal) -> Refused {
        let reused = matches!(refusal, CardRefusal::KeyReused { .. });
        match &ask.order {
            // It did something under this key, and may have moved the money: a person must look at it.
            CardOrder::Authorise { .. } | CardOrder::Refund { .. } if reused => Refused::Open,
            CardOrder::Authorise { .. } => {
                let (charge, code) = (ChargeId(ask.key.id()), DeclineCode::NotTaken);
                Refused::Command(Box::new(MarkChargeDeclined { charge, code }.into()))
            }
            CardOrder::Refund { .. } => {
                let disputed = matches!(refusal, CardRefusal::Disputed { .. });
                let failure = if disputed { RefundFailure::ChargeDisputed } else { RefundFailure::NotTaken };
                Refused::Command(Box::new(
                    MarkRefundFailed { refund: RefundId(ask.key.id()), failure }.into(),
                ))
            }
            // What the ledger put back the payer has: a person must look at it. The refund's own
            // facts contradict the ledger as well, at every opening.
            CardOrder::CancelRefund { .. }
            | CardOrder::Capture { .. }
            | CardOrder::Cancel { .. }
            | CardOrder::SubmitEvidence { .. }
            | CardOrder::AcceptDispute { .. } => Refused::Unrecorded,
        }
    }

    fn said(&self, told: &Told<CardFact>) -> Said {
        Said::Card(told.clone())
    }

    fn said_no(&self, key: AskKey, refusal: &CardRefusal) -> Said {
        Said::CardRefused { key, refusal: refusal.clone() }
    }
}

/// What a fact says of an amount that was asked, or of whom was asked for it.
fn claim(fact: &CardFact) -> Option<(ObjectId, Claim)> {
    let whole = |object: AskKey, payment: AskKey, amount: Money| {
        Some((object.id(), Claim { amount: Some(amount), payment: Some(payment.id()) }))
    };
    match fact {
        CardFact::Captured { payment, amount, .. } => whole(*payment, *payment, *amount),
        CardFact::RefundPending { refund, payment, amount }
        | CardFact::RefundSucceeded { refund, payment, amount }
        | CardFact::RefundFailed { refund, payment, amount, .. } => whole(*refund, *payment, *amount),
        CardFact::Declined { payment: object, .. }
        | CardFact::RefundRequiresAction { refund: object }
        | CardFact::RefundCancelled { refund: object } => {
            Some((object.id(), Claim { amount: None, payment: None }))
        }
        CardFact::Authorised { .. }
        | CardFact::Cancelled { .. }
        | CardFact::Expired { .. }
        | CardFact::DisputeOpened { .. }
        | CardFact::DisputeEscalated { .. }
        | CardFact::FundsWithdrawn { .. }
        | CardFact::EvidenceReceived { .. }
        | CardFact::FundsReinstated { .. }
        | CardFact::DisputeClosed { .. }
        | CardFact::FraudWarning { .. } => None,
    }
}

/// How a fact is recorded of which nothing must be looked up.
fn plain(fact: &CardFact) -> Telling {
    match fact {
        // It is captured in the same breath; what is cancelled the ledger called off itself.
        CardFact::Authorised { .. } | CardFact::RefundCancelled { .. } => Telling::Implied,
        CardFact::Declined { payment, code } => {
            Telling::command(MarkChargeDeclined { charge: ChargeId(payment.id()), code: *code })
        }
        CardFact::Captured { payment, capture, available_on, .. } if payment == capture => {
            let (charge, available_on) = (ChargeId(payment.id()), *available_on);
            Telling::command(MarkChargeCaptured { charge, available_on })
        }
        CardFact::RefundPending { refund, .. } => {
            let (refund, requires_action) = (RefundId(refund.id()), false);
            Telling::command(MarkRefundPending { refund, requires_action })
        }
        CardFact::RefundRequiresAction { refund } => {
            let (refund, requires_action) = (RefundId(refund.id()), true);
            Telling::command(MarkRefundPending { refund, requires_action })
        }
        CardFact::RefundSucceeded { refund, .. } => {
            Telling::command(MarkRefundSucceeded { refund: RefundId(refund.id()) })
        }
        CardFact::RefundFailed { refund, reason, .. } => {
            Telling::command(MarkRefundFailed { refund: RefundId(refund.id()), failure: *reason })
        }
        CardFact::Captured { .. }
        | CardFact::Cancelled { .. }
        | CardFact::Expired { .. }
        | CardFact::DisputeOpened { .. }
        | CardFact::DisputeEscalated { .. }
        | CardFact::FundsWithdrawn { .. }
        | CardFact::EvidenceReceived { .. }
        | CardFact::FundsReinstated { .. }
        | CardFact::DisputeClosed { .. }
        | CardFact::FraudWarning { .. } => Telling::Unrecorded(Why::NoCommand),
    }
}
