//! The line to a card processor: which events ask it, and how its facts are recorded.
//!
//! | event | ask | fact | command |
//! |---|---|---|---|
//! | `charge_asked` | authorise and capture | captured | `MarkChargeCaptured` |
//! | | | declined, or refused | `MarkChargeDeclined` |

use std::sync::Arc;

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::{DeclineCode, MarkChargeCaptured, MarkChargeDeclined};
use counterfoil_domain::money::Money;
use counterfoil_domain::rail::RailName;
use counterfoil_domain::{ChargeId, Command, Event, Ledger, Moved, RailId, Record, Recorded, Step};
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

    /// What a step of a charge asks.
    fn step(&self, moved: &Moved) -> Option<CardAsk> {
        let Record::Charge(id, charge) = &moved.subject.record else { return None };
        if moved.step != Step::ChargeAsked || Some(charge.rail) != self.rail {
            return None;
        }
        let more = charge.more.as_ref()?;
        let order = CardOrder::Authorise {
            card: CardToken::new(more.card.as_deref()?),
            amount: Money::new(charge.currency, more.authorised),
            capture: CaptureMethod::Automatic,
            merchant: charge.owner,
        };
        Some(CardAsk { key: AskKey::of(id.0), order })
    }
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
        let Event::Moved(moved) = &recorded.event else { return None };
        let ask = self.step(moved)?;
        let (position, at) = (recorded.position, recorded.time);
        Some(Wanted { key: ask.key, at, position, ask, traced: true })
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
            CardFact::Captured { .. }
            | CardFact::Cancelled { .. }
            | CardFact::Expired { .. }
            | CardFact::RefundPending { .. }
            | CardFact::RefundRequiresAction { .. }
            | CardFact::RefundSucceeded { .. }
            | CardFact::RefundFailed { .. }
            | CardFact::RefundCancelled { .. }
            | CardFact::DisputeOpened { .. }
            | CardFact::DisputeEscalated { .. }
            | CardFact::FundsWithdrawn { .. }
            | CardFact::EvidenceReceived { .. }
            | CardFact::FundsReinstated { .. }
            | CardFact::DisputeClosed { .. }
            | CardFact::FraudWarning { .. } => Telling::Unrecorded,
        }
    }

    fn refused(&self, ask: &CardAsk, _: &CardRefusal) -> Option<Command> {
        let CardOrder::Authorise { .. } = &ask.order else { return None };
        let (charge, code) = (ChargeId(ask.key.id()), DeclineCode::NotTaken);
        Some(MarkChargeDeclined { charge, code }.into())
    }
}
