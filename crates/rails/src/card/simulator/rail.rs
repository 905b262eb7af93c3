//! The simulator behind the port.

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::rail::RailName;

use super::CardSimulator;
use crate::card::{CardAnswer, CardAsk, CardFact, CardRail};
use crate::{Cursor, Page, RailError};

/// A [`CardSimulator`] that several callers share. It answers at once and never waits.
#[derive(Debug)]
pub struct SimulatedCards {
    name: RailName,
    simulator: Mutex<CardSimulator>,
}

impl SimulatedCards {
    /// Puts a simulator behind the port.
    #[must_use]
    pub fn new(name: RailName, simulator: CardSimulator) -> Self {
        Self { name, simulator: Mutex::new(simulator) }
    }

    fn simulator(&self) -> Result<MutexGuard<'_, CardSimulator>, RailError> {
        let why = "a caller stopped in the midst of an ask; rebuild the simulator from its asks";
        self.simulator.lock().map_err(|_| RailError::OutOfReach { why: why.into(), wait_seconds: None })
    }
}

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
