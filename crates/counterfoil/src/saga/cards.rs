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

use std::sync::Arc;

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::{ChargeState, DeclineCode, MarkChargeCaptured, MarkChargeDeclined};
use counterfoil_domain::money::Money;
use counterfoil_domain::rail::RailName;
use counterfoil_domain::record::RecordKey;
use counterfoil_domain::refund::{MarkRefundFailed, MarkRefundPending, MarkRefundSucceeded, RefundFailure};
use counterfoil_domain::{
    ChargeId, Command, Event, Ledger, Moved, ObjectId, RailId, Record, Recorded, RefundId, Step,
};
use counterfoil_rails::card::{CaptureMethod, CardOrder, CardToken};
use counterfoil_rails::{
    AskKey, CardAnswer, CardAsk, CardFact, CardRail, CardRefusal, Cursor, Page, RailError, Told,
};

use super::error::SagaError;
use super::line::{Line, Wanted};
use super::record::Telling;
use crate::Counterfoil;

pub(super) struct CardLine {
    port: Arc<dyn CardRail>,
    /// The number of its rail, once that was opened.
    rail: Option<RailId>,
}

impl CardLine {
    pub(super) fn new(port: Arc<dyn CardRail>, ledger: &Ledger) -> Self {
        let rail = ledger.rail(port.name());
        Self { port, rail }
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

    async fn complete(&self, _: &Counterfoil, wanted: &Wanted<CardAsk>) -> Result<CardAsk, SagaError> {
        Ok(wanted.ask.clone())
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

    fn telling(&self, told: &Told<CardFact>) -> Telling {
        match &told.fact {
            // It is captured in the same breath.
            CardFact::Authorised { .. } => Telling::Implied,
            CardFact::Declined { payment, code } => {
                Telling::Command(MarkChargeDeclined { charge: ChargeId(payment.id()), code: *code }.into())
            }
            CardFact::Captured { payment, capture, available_on, .. } if payment == capture => {
                let (charge, available_on) = (ChargeId(payment.id()), *available_on);
                Telling::Command(MarkChargeCaptured { charge, available_on }.into())
            }
            CardFact::RefundPending { refund, .. } => {
                let (refund, requires_action) = (RefundId(refund.id()), false);
                Telling::Command(MarkRefundPending { refund, requires_action }.into())
            }
            CardFact::RefundRequiresAction { refund } => {
                let (refund, requires_action) = (RefundId(refund.id()), true);
                Telling::Command(MarkRefundPending { refund, requires_action }.into())
            }
            CardFact::RefundSucceeded { refund, .. } => {
                Telling::Command(MarkRefundSucceeded { refund: RefundId(refund.id()) }.into())
            }
            CardFact::RefundFailed { refund, reason, .. } => {
                Telling::Command(MarkRefundFailed { refund: RefundId(refund.id()), failure: *reason }.into())
            }
            // The ledger called it off itself.
            CardFact::RefundCancelled { .. } => Telling::Implied,
            CardFact::Captured { .. }
            | CardFact::Cancelled { .. }
            | CardFact::Expired { .. }
            | CardFact::DisputeOpened { .. }
            | CardFact::DisputeEscalated { .. }
            | CardFact::FundsWithdrawn { .. }
            | CardFact::EvidenceReceived { .. }
            | CardFact::FundsReinstated { .. }
            | CardFact::DisputeClosed { .. }
            | CardFact::FraudWarning { .. } => Telling::Unrecorded,
        }
    }

    fn refused(&self, ask: &CardAsk, refusal: &CardRefusal) -> Option<Command> {
        // It did something under this key, and may have taken the money: a person must look at it.
        if matches!(refusal, CardRefusal::KeyReused { .. }) {
            return None;
        }
        match &ask.order {
            CardOrder::Authorise { .. } => {
                let (charge, code) = (ChargeId(ask.key.id()), DeclineCode::NotTaken);
                Some(MarkChargeDeclined { charge, code }.into())
            }
            CardOrder::Refund { .. } => {
                let disputed = matches!(refusal, CardRefusal::Disputed { .. });
                let failure = if disputed { RefundFailure::ChargeDisputed } else { RefundFailure::Unknown };
                Some(MarkRefundFailed { refund: RefundId(ask.key.id()), failure }.into())
            }
            // What the ledger put back the payer has: a person must look at it.
            CardOrder::CancelRefund { .. }
            | CardOrder::Capture { .. }
            | CardOrder::Cancel { .. }
            | CardOrder::SubmitEvidence { .. }
            | CardOrder::AcceptDispute { .. } => None,
        }
    }
}
