//! The watch: every event is held to the laws as it comes, the ledger to them every day, and the
//! ledger to its rails at the end.

use counterfoil::domain::Recorded;
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::laws::Laws;
use counterfoil::rails::{BankRail, CardRail};
use counterfoil::{Counterfoil, Feed};

use super::books::Books;
use super::count::Counts;
use crate::exit::Failure;

/// Holds a ledger to the laws.
pub(super) struct Watch {
    seed: u64,
    laws: Laws,
    feed: Feed,
    /// What the ledger recorded of what its rails do.
    books: Books,
}

impl Watch {
    /// A watch from the first event on.
    pub(super) fn new(ledger: &Counterfoil, seed: u64) -> Self {
        Self { seed, laws: Laws::new(), feed: ledger.subscribe(0), books: Books::default() }
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
        let rails = Books::of_rails(cards, bank, until).await?;
        self.books.difference(&rails).map_or(Ok(()), |why| Err(self.broken(step, &why)))
    }

    fn check(&mut self, recorded: &Recorded, step: u64) -> Result<(), Failure> {
        if let Err(breach) = self.laws.check(recorded) {
            return Err(self.broken(step, &breach));
        }
        self.books.record(recorded);
        Ok(())
    }

    fn broken(&self, step: u64, what: &impl std::fmt::Display) -> Failure {
        Failure::integrity(format!("seed {}, step {step}: {what}", self.seed))
    }
}

#[cfg(test)]
mod tests {
    use counterfoil::domain::{Actor, Event};
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
