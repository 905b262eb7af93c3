//! Listening to the rails, and letting time pass with them.
//!
//! Business time goes on by days, so that no rail's clock runs ahead of the work that falls due at
//! midnight: facts up to the instant, each at its own; then the work that is due; then the asks.

use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::settings::Clock;

use super::error::SagaError;
use super::outcome::Heard;
use super::record::execute;
use super::{Desk, Saga};
use crate::request::Request;

impl Saga {
    /// Records what the rails tell up to and with `until`: of both together in the order of
    /// their instants, and after each what follows from it is asked.
    ///
    /// # Errors
    /// A rail that does not answer, after what the other one tells was recorded; a log that
    /// cannot be read, or a ledger that records nothing more. What was not recorded is told again.
    pub async fn hear(&mut self, until: Timestamp) -> Result<Heard, SagaError> {
        let mut silent = None;
        let put = self.put().await;
        reached_or(put, &mut silent)?;
        self.cards.listen();
        self.bank.listen();
        loop {
            let cards = reached_or(self.cards.next_at(until).await, &mut silent)?.flatten();
            let bank = reached_or(self.bank.next_at(until).await, &mut silent)?.flatten();
            match (cards, bank) {
                (None, None) => break,
                (Some(cards), Some(bank)) if bank < cards => self.take_of_bank().await?,
                (Some(_), _) => self.take_of_cards().await?,
                (None, Some(_)) => self.take_of_bank().await?,
            }
            let put = self.put().await;
            reached_or(put, &mut silent)?;
        }
        match silent {
            Some(error) => Err(error),
            None => Ok(self.cards.heard().and(self.bank.heard())),
        }
    }

    /// Lets time pass up to `to` with the rails: on a simulated clock alone.
    ///
    /// # Errors
    /// As for [`Saga::hear`]; a ledger on the machine's clock.
    pub async fn advance(&mut self, to: Timestamp) -> Result<Heard, SagaError> {
        if self.ledger.settings().clock != Clock::Simulated {
            return Err(SagaError::WallClock { asked: to });
        }
        let mut heard = Heard::default();
        while self.now < to {
            let midnight = self.now.day().plus(1).start();
            // At the calendar's end there is no next midnight.
            let step = if midnight > self.now { midnight.min(to) } else { to };
            heard = heard.and(self.hear(step).await?);
            if self.now < step {
                execute(&self.ledger, Request::new(AdvanceTo { to: step }), step, &mut self.now).await?;
            }
            self.put().await?;
        }
        Ok(heard.and(self.hear(to).await?))
    }

    async fn take_of_cards(&mut self) -> Result<(), SagaError> {
        Desk::take_next(&mut self.cards, &self.ledger, &mut self.now).await
    }

    async fn take_of_bank(&mut self) -> Result<(), SagaError> {
        Desk::take_next(&mut self.bank, &self.ledger, &mut self.now).await
    }
}

/// What came of a rail, where it was reached. Who was not does not keep the other from going on.
fn reached_or<T>(came: Result<T, SagaError>, silent: &mut Option<SagaError>) -> Result<Option<T>, SagaError> {
    match came {
        Err(error @ SagaError::OutOfReach { .. }) => {
            *silent = Some(error);
            Ok(None)
        }
        Err(error) => Err(error),
        Ok(came) => Ok(Some(came)),
    }
}
