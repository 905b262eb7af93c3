//! What is counted of a simulation.

use std::collections::BTreeMap;

use counterfoil::domain::money::Minor;
use counterfoil::domain::payout::PayoutStatus;
use counterfoil::domain::{Event, Recorded, Step};
use counterfoil::saga::Unrecorded;

/// What came to pass.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    /// How many steps there were.
    pub(super) steps: u64,
    /// How many events each of which was held to the laws.
    pub(super) events: u64,
    /// How many of each name.
    pub(super) named: BTreeMap<&'static str, u64>,
    /// What was captured.
    pub(super) captured: Minor,
    /// What arrived at banks, less what came back.
    pub(super) paid_out: Minor,
    /// What was refused, by its rule.
    pub(super) refused: BTreeMap<&'static str, u64>,
    /// What the rails told and the saga records by no command, by the fact's name.
    pub(super) unrecorded: BTreeMap<&'static str, u64>,
}

impl Counts {
    /// Counts an event.
    pub(super) fn add(&mut self, recorded: &Recorded) {
        self.events += 1;
        *self.named.entry(recorded.event.name()).or_default() += 1;
        if let Event::Moved(moved) = &recorded.event
            && moved.step == Step::ChargeCaptured
        {
            self.captured = self.captured.saturating_add(moved.subject.amount);
        }
        if let Event::PayoutPaid(moved) = &recorded.event {
            self.paid_out = self.paid_out.saturating_add(moved.payout.amount);
        }
        if let Event::PayoutFailed(moved) = &recorded.event
            && matches!(moved.payout.status, PayoutStatus::Returned(_))
        {
            self.paid_out = self.paid_out.saturating_sub(moved.payout.amount);
        }
    }

    /// Counts what a rail told in vain.
    pub(super) fn leave(&mut self, left: &Unrecorded) {
        *self.unrecorded.entry(left.said.name()).or_default() += 1;
    }
}
