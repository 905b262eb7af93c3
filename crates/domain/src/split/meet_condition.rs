//! Saying that something happened for which parts of a split wait: a fact, which no policy
//! refuses. What is free by it moves at once, as `release.rs` books it.

use super::SplitRefusal;
use super::release::{self, release};
use super::rule::Fact;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::SplitId;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Says that a fact for which parts of a split wait is there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MeetCondition {
    /// Which split.
    pub split: SplitId,
    /// Which fact, such as `delivery_confirmed`.
    pub fact: Fact,
}

impl Verb for MeetCondition {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.split);
        if let Some(split) = loaded.get(self.split) {
            let awaits = split.parts.iter().filter(|part| {
                part.awaits.as_ref().is_some_and(|awaits| awaits.facts.iter().all(|fact| *fact == self.fact))
            });
            release::add_charges(awaits, loaded, needs);
        }
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let split = scene.loaded.get(self.split).ok_or(SplitRefusal::Unknown { split: self.split })?;
        if !split.awaits_fact(&self.fact) {
            return Err(SplitRefusal::FactNotAwaited { fact: self.fact.clone() }.into());
        }
        let mut split = split.clone();
        for awaits in split.parts.iter_mut().filter_map(|part| part.awaits.as_mut()) {
            awaits.meet(&self.fact);
        }
        let booking = release((self.split, &mut split), scene);
        Ok(booking.step(Step::SplitConditionMet, self.split, split, scene.ledger).into())
    }
}
