//! The dispute of a payment at the simulated processor.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::Minor;

use crate::card::{CardFact, DisputeOutcome, DisputeStage};
use crate::{AskKey, DisputeRef};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Dispute {
    pub(super) name: DisputeRef,
    pub(super) payment: AskKey,
    pub(super) amount: Minor,
    pub(super) due_by: Timestamp,
    pub(super) at: Stage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Open(DisputeStage),
    Ended(DisputeOutcome),
}

impl Dispute {
    /// It ends, and the rail says so.
    pub(super) fn end(&mut self, outcome: DisputeOutcome) -> CardFact {
        self.at = Stage::Ended(outcome);
        let (dispute, payment) = (self.name.clone(), self.payment);
        CardFact::DisputeClosed { dispute, payment, outcome, fees_returned: None }
    }
}
