//! The watch: every event is held to the laws as it comes, the ledger to them every day, and the
//! ledger to its rails at the end.

use std::collections::BTreeMap;

use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::laws::Laws;
use counterfoil::domain::money::Minor;
use counterfoil::domain::{Event, ObjectId, Recorded, Step};
use counterfoil::rails::bank::{Flow, OrderResult};
use counterfoil::rails::{BankRail, CardFact, CardRail};
use counterfoil::{Counterfoil, Feed};

use super::count::Counts;
use crate::exit::Failure;

/// How many facts are read at once.
const PAGE: usize = 1_000;

/// Holds a ledger to the laws.
pub(super) struct Watch {
    seed: u64,
    laws: Laws,
    feed: Feed,
    /// What was captured of each charge, and paid of each payout, by the ledger.
    moved: BTreeMap<ObjectId, Minor>,
}

impl Watch {
    /// A watch from the first event on.
    pub(super) fn new(ledger: &Counterfoil, seed: u64) -> Self {
        Self { seed, laws: Laws::new(), feed: ledger.subscribe(0), moved: BTreeMap::new() }
    }

    /// Looks at what was recorded since; returns it.
    pub(super) async fn look(&mut self, step: u64, counts: &mut Counts) -> Result<Vec<Recorded>, Failure> {
        let mut new = Vec::new();
        while let Some(recorded) = self.feed.try_next().await? {
            self.check(&recorded, step)?;
            counts.add(&recorded);
            new.push(recorded);
        }
        Ok(new)
    }

    /// Compares the ledger with what its events came to.
    pub(super) async fn compare(&self, ledger: &Counterfoil, step: u64) -> Result<(), Failure> {
        let state = ledger.ledger().await?;
        match self.laws.finish(&state).first() {
            Some(breach) => Err(self.broken(step, breach)),
            None => Ok(()),
        }
    }

    /// Compares what the rails say they did with what the ledger recorded of it.
    pub(super) async fn reconcile(
        &self,
        cards: &dyn CardRail,
        bank: &dyn BankRail,
        until: Timestamp,
        step: u64,
    ) -> Result<(), Failure> {
        let mut told = captured(cards, until).await?;
        told.extend(paid(bank, until).await?);
        let differs = told.iter().chain(&self.moved).find(|(id, _)| told.get(id) != self.moved.get(id));
        match differs {
            Some((id, _)) => {
                let (rail, ledger) = (told.get(id), self.moved.get(id));
                let why = format!("{id:?}: the rail moved {rail:?}, the ledger recorded {ledger:?}");
                Err(self.broken(step, &why))
            }
            None => Ok(()),
        }
    }

    fn check(&mut self, recorded: &Recorded, step: u64) -> Result<(), Failure> {
        if let Err(breach) = self.laws.check(recorded) {
            return Err(self.broken(step, &breach));
        }
        let moved = if let Event::Moved(moved) = &recorded.event {
            let captured = moved.step == Step::ChargeCaptured;
            captured.then(|| (moved.subject.record.id().object(), moved.subject.amount))
        } else if let Event::PayoutPaid(moved) = &recorded.event {
            Some((moved.id.0, moved.payout.amount))
        } else if let Event::PayoutFailed(moved) = &recorded.event {
            // One that was never paid moved nothing at the bank.
            self.moved.contains_key(&moved.id.0).then_some((moved.id.0, -moved.payout.amount))
        } else {
            None
        };
        if let Some((id, amount)) = moved {
            *self.moved.entry(id).or_default() += amount;
        }
        Ok(())
    }

    fn broken(&self, step: u64, what: &impl std::fmt::Display) -> Failure {
        Failure::integrity(format!("seed {}, step {step}: {what}", self.seed))
    }
}

/// What the processor captured, by payment.
async fn captured(cards: &dyn CardRail, until: Timestamp) -> Result<BTreeMap<ObjectId, Minor>, Failure> {
    let (mut told, mut after) = (BTreeMap::new(), None);
    loop {
        let page = cards.facts(after.as_ref(), until, PAGE).await.map_err(Failure::input)?;
        for fact in page.told.iter().map(|told| &told.fact) {
            if let CardFact::Captured { payment, amount, .. } = fact {
                *told.entry(payment.id()).or_default() += amount.minor;
            }
        }
        after = page.next.or(after);
        if !page.more {
            return Ok(told);
        }
    }
}

/// What the bank paid out and did not take back, by order: 0 of what came back.
async fn paid(bank: &dyn BankRail, until: Timestamp) -> Result<BTreeMap<ObjectId, Minor>, Failure> {
    let (mut told, mut after) = (BTreeMap::new(), None);
    loop {
        let page = bank.facts(after.as_ref(), until, PAGE).await.map_err(Failure::input)?;
        for fact in page.told.iter().map(|told| told.fact).filter(|fact| fact.flow == Flow::Payout) {
            let amount = match fact.result {
                OrderResult::Done => fact.amount.minor,
                OrderResult::Returned(_) => -fact.amount.minor,
                OrderResult::Failed(_) | OrderResult::Cancelled => continue,
            };
            *told.entry(fact.order.id()).or_default() += amount;
        }
        after = page.next.or(after);
        if !page.more {
            return Ok(told);
        }
    }
}

#[cfg(test)]
mod tests {
    use counterfoil::domain::Actor;
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn a_broken_law_names_the_seed_and_the_step() {
        let settings = super::super::world::settings(41).unwrap();
        let id = counterfoil::log::LedgerId(*settings.ledger.as_bytes());
        let log = counterfoil::log::memory::MemoryLog::new(id).unwrap();
        let builder = Counterfoil::builder().log(log.log()).settings(settings);
        let ledger = builder.opened_at(super::super::world::opening()).open().await.unwrap();
        let mut watch = Watch::new(&ledger, 41);
        let opened = watch.feed.try_next().await.unwrap().unwrap();
        watch.check(&opened, 0).unwrap();
        let late = Recorded {
            position: 1,
            time: Timestamp::from_micros(0),
            actor: Actor::Platform,
            acting: None,
            command: Uuid::nil(),
            cause: None,
            event: Event::TimeAdvanced { to: Timestamp::from_micros(0) },
        };
        let failure = watch.check(&late, 17).unwrap_err();
        assert_eq!(failure.code, 3);
        assert!(failure.to_string().starts_with("seed 41, step 17: position 1: "), "{failure}");
    }
}
