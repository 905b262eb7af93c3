//! The simulator behind the port.

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::rail::RailName;

use super::BankSimulator;
use crate::bank::{BankAnswer, BankAsk, BankFact, BankRail};
use crate::{Cursor, Page, RailError, Simulated};

/// A simulated bank that several callers share.
pub type SimulatedBank = Simulated<BankSimulator>;

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
