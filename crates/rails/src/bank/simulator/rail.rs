//! The simulator behind the port.

use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::rail::RailName;

use super::BankSimulator;
use crate::bank::{BankAnswer, BankAsk, BankFact, BankRail};
use crate::{Cursor, Page, RailError};

/// A [`BankSimulator`] that several callers share. It answers at once and never waits.
#[derive(Debug)]
pub struct SimulatedBank {
    name: RailName,
    simulator: Mutex<BankSimulator>,
}

impl SimulatedBank {
    /// Puts a simulator behind the port.
    #[must_use]
    pub fn new(name: RailName, simulator: BankSimulator) -> Self {
        Self { name, simulator: Mutex::new(simulator) }
    }

    fn simulator(&self) -> Result<MutexGuard<'_, BankSimulator>, RailError> {
        let why = "a caller stopped in the midst of an ask; rebuild the simulator from its asks";
        self.simulator.lock().map_err(|_| RailError::OutOfReach { why: why.into(), wait_seconds: None })
    }
}

#[async_trait]
impl BankRail for SimulatedBank {
    fn name(&self) -> &RailName {
        &self.name
    }

    async fn ask(&self, at: Timestamp, ask: &BankAsk) -> Result<BankAnswer, RailError> {
        self.simulator()?.ask(at, ask)
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<BankFact>, RailError> {
        self.simulator()?.facts(after, until, most)
    }
}
