//! What a simulation is set to.

use crate::Delays;
use crate::bank::simulator::BankRates;
use crate::card::simulator::CardRates;

/// The settings of a simulation. The same settings and the same asks give the same facts.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Settings {
    /// What the drawn outcomes depend on, beside the keys of the asks.
    pub seed: u64,
    /// How long things take.
    pub delays: Delays,
    /// How often what happens to cards that are drawn.
    pub cards: CardRates,
    /// How often what happens at banks that are drawn.
    pub banks: BankRates,
}

impl Settings {
    /// The defaults, with a seed.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }
}
