//! Listening to the rails, and letting time pass with them.
//!
//! On the machine's clock each rail is listened to by itself: a fact is recorded when it is heard.
//! On a simulated clock business time goes on by days, so that no rail's clock runs ahead of the
//! work that falls due at midnight: facts of both rails up to the instant, each at its own; then
//! the work that is due; then the asks. A rail that does not answer is asked no more in the same
//! call, and keeps the other from nothing.

use counterfoil_domain::Refusal;
use counterfoil_domain::calendar::advance::TimeRefusal;
use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::settings::Clock;
use tokio::sync::Mutex;

use super::error::SagaError;
use super::line::Line;
use super::outcome::Heard;
use super::{Desk, Saga};
use crate::error::ExecuteError;

impl Saga {
    /// Records what the rails tell up to and with `until`, and asks what follows from it: on a
    /// simulated clock of both together in the order of their instants.
    ///
    /// # Errors
    /// A rail that does not answer, after what the other one tells was recorded; a log that
    /// cannot be read, or a ledger that records nothing more. What was not recorded is told again.
    pub async fn hear(&self, until: Timestamp) -> Result<Heard, SagaError> {
        self.listen(until).await?;
        Ok(self.heard().await)
    }

    /// What came of the facts since this was asked last.
    async fn heard(&self) -> Heard {
        let (mut cards, mut bank) = (self.cards.lock().await, self.bank.lock().await);
        cards.heard().and(bank.heard())
    }

    /// Records what the rails tell; what came of it is kept until it is asked for.
    async fn listen(&self, until: Timestamp) -> Result<(), SagaError> {
        if self.is_simulated() {
            self.hear_both(until).await
        } else {
            let (cards, bank) =
                tokio::join!(self.hear_of(&self.cards, until), self.hear_of(&self.bank, until));
            cards.and(bank)
        }
    }

    /// Lets time pass up to `to` with the rails: on a simulated clock alone.
    ///
    /// # Errors
    /// As for [`Saga::hear`], which tells then what came of the facts before it; a ledger on the
    /// machine's clock.
    pub async fn advance(&self, to: Timestamp) -> Result<Heard, SagaError> {
        if !self.is_simulated() {
            return Err(SagaError::WallClock { asked: to });
        }
        while self.now.get() < to {
            let now = self.now.get();
            let midnight = now.day().plus(1).start();
            // At the calendar's end there is no next midnight.
            let step = if midnight > now { midnight.min(to) } else { to };
            self.listen(step).await?;
            if self.now.get() < step {
                self.let_pass(step).await?;
            }
            self.put().await?;
        }
        self.hear(to).await
    }

    fn is_simulated(&self) -> bool {
        self.ledger.settings().clock == Clock::Simulated
    }

    /// Lets time pass up to an instant, unless somebody else has let it pass beyond.
    async fn let_pass(&self, to: Timestamp) -> Result<(), SagaError> {
        match self.ledger.execute(AdvanceTo { to }).at(to).await {
            Err(ExecuteError::Refused(Refusal::Time(TimeRefusal::Backwards { now, .. }))) => {
                self.now.reach(now);
                Ok(())
            }
            Err(error) => Err(error.into()),
            Ok(receipt) => {
                self.now.reach(receipt.time);
                Ok(())
            }
        }
    }

    /// Listens to one rail. Whoever asks it meanwhile comes in between two facts.
    async fn hear_of<L: Line>(&self, desk: &Mutex<Desk<L>>, until: Timestamp) -> Result<(), SagaError> {
        self.begin(desk).await?;
        while desk.lock().await.next_at(until).await?.is_some() {
            self.take_next(desk).await?;
            self.put_to(desk).await?;
        }
        Ok(())
    }

    /// Listens to both rails, in the order of their facts.
    async fn hear_both(&self, until: Timestamp) -> Result<(), SagaError> {
        let (mut cards, mut bank) = (Silent(None), Silent(None));
        cards.unless(self.begin(&self.cards)).await?;
        bank.unless(self.begin(&self.bank)).await?;
        loop {
            let of_cards = cards.unless(Self::next_at(&self.cards, until)).await?.flatten();
            let of_bank = bank.unless(Self::next_at(&self.bank, until)).await?.flatten();
            match (of_cards, of_bank) {
                (None, None) => break,
                (Some(first), Some(other)) if other < first => self.take_next(&self.bank).await?,
                (Some(_), _) => self.take_next(&self.cards).await?,
                (None, Some(_)) => self.take_next(&self.bank).await?,
            }
            cards.unless(self.put_to(&self.cards)).await?;
            bank.unless(self.put_to(&self.bank)).await?;
        }
        cards.0.or(bank.0).map_or(Ok(()), Err)
    }

    /// Begins to listen to a rail, once it was asked everything.
    async fn begin<L: Line>(&self, desk: &Mutex<Desk<L>>) -> Result<(), SagaError> {
        let mut desk = desk.lock().await;
        desk.listen(&self.now);
        desk.put(&self.ledger, &self.now).await
    }

    async fn next_at<L: Line>(
        desk: &Mutex<Desk<L>>,
        until: Timestamp,
    ) -> Result<Option<Timestamp>, SagaError> {
        desk.lock().await.next_at(until).await
    }

    async fn take_next<L: Line>(&self, desk: &Mutex<Desk<L>>) -> Result<(), SagaError> {
        desk.lock().await.take_next(&self.ledger, &self.now).await
    }
}

/// Why a rail was out of reach, once it was: then it is not asked again.
struct Silent(Option<SagaError>);

impl Silent {
    /// What came of the rail, unless it is silent or falls silent by this.
    async fn unless<T>(
        &mut self,
        work: impl Future<Output = Result<T, SagaError>>,
    ) -> Result<Option<T>, SagaError> {
        if self.0.is_some() {
            return Ok(None);
        }
        match work.await {
            Err(error @ SagaError::OutOfReach { .. }) => {
                self.0 = Some(error);
                Ok(None)
            }
            came => came.map(Some),
        }
    }
}
