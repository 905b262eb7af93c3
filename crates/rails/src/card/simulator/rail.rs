//! The simulator behind the port.

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::rail::RailName;

use super::CardSimulator;
use crate::card::{CardAnswer, CardAsk, CardFact, CardRail};
use crate::{Cursor, Page, RailError, Simulated};

/// A simulated card processor that several callers share.
pub type SimulatedCards = Simulated<CardSimulator>;

#[async_trait]
impl CardRail for SimulatedCards {
    fn name(&self) -> &RailName {
        &self.name
    }

    async fn ask(&self, at: Timestamp, ask: &CardAsk) -> Result<CardAnswer, RailError> {
        self.simulator()?.ask(at, ask)
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<CardFact>, RailError> {
        self.simulator()?.facts(after, until, most)
    }
}
