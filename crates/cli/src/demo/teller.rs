//! The teller: asks the ledger under idempotency keys and reads back what it recorded.
//!
//! Whatever is told comes from receipts, recorded events and views as of a business
//! time. A command that was executed before gives its first receipt again. So the story
//! reads alike whether it happens now, goes on after a crash, or happened last week.

use counterfoil::domain::books::Book;
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::money::Minor;
use counterfoil::domain::rail::SettleRail;
use counterfoil::domain::{AccountId, Command, Event, RailId, Recorded};
use counterfoil::views::Projector;
use counterfoil::{Ask, Counterfoil, ExecuteError};

use super::world;
use crate::exit::Failure;

/// Asks the demo's ledger.
pub(super) struct Teller<'a> {
    /// The ledger.
    pub(super) ledger: &'a Counterfoil,
    /// What the card network holds, by the events that were told.
    on_card: Minor,
}

/// What a command came to.
pub(super) struct Told<R> {
    /// Its receipt's reply.
    pub(super) reply: R,
    /// What it recorded.
    pub(super) events: Vec<Recorded>,
}

impl<'a> Teller<'a> {
    /// A teller of this ledger's story.
    pub(super) fn new(ledger: &'a Counterfoil) -> Self {
        Self { ledger, on_card: 0 }
    }

    /// Executes a command at a business time, once for all runs.
    pub(super) async fn ask<C: Ask>(
        &mut self,
        key: &str,
        at: Timestamp,
        command: C,
    ) -> Result<Told<C::Reply>, Failure>
    where
        C::Reply: Send,
    {
        let asked = self.ledger.execute(command).idempotent(key).id(world::command(key)).at(at);
        let receipt = asked.await?;
        let mut feed = self.ledger.subscribe(receipt.positions.start);
        let mut events = Vec::new();
        while let Some(recorded) = feed.try_next().await? {
            if recorded.position >= receipt.positions.end {
                break;
            }
            self.on_card += on_card(&recorded);
            events.push(recorded);
        }
        Ok(Told { reply: receipt.reply, events })
    }

    /// Asks for something that breaks a rule, and returns the rule's name and what it says.
    pub(super) async fn refused(
        &self,
        command: impl Into<Command>,
    ) -> Result<(&'static str, String), Failure> {
        match self.ledger.execute(command.into()).await {
            Err(ExecuteError::Refused(refusal)) => Ok((refusal.rule(), refusal.to_string())),
            Err(error) => Err(error.into()),
            Ok(_) => Err(Failure::input("the ledger did what the demo expects it to refuse")),
        }
    }

    /// Settles everything that the card network holds, and says how much that was.
    pub(super) async fn settle(&mut self, key: &str, at: Timestamp) -> Result<Minor, Failure> {
        let amount = self.on_card;
        self.ask(key, at, SettleRail { rail: world::card()?, amount: world::brl(amount) }).await?;
        Ok(amount)
    }

    /// A view as it was at a business time.
    pub(super) async fn as_of<P: Projector>(&self, time: Timestamp) -> Result<P, Failure> {
        Ok(self.ledger.view_as_of(time).await?)
    }
}

impl<R> Told<R> {
    /// The last event, which tells the command's outcome.
    pub(super) fn event(&self) -> Option<&Event> {
        self.events.last().map(|recorded| &recorded.event)
    }

    /// What it added to all that an account is owed.
    pub(super) fn owed(&self, account: AccountId) -> Minor {
        let entries = self.events.iter().filter_map(|recorded| recorded.event.entry());
        let postings = entries.flat_map(|entry| entry.postings());
        let of = |book: Book| book.owner().is_some_and(|(owner, _)| owner == account);
        postings.filter(|posting| of(posting.book)).map(|posting| posting.owed()).sum()
    }
}

/// What an event adds to what the card network holds: it is the one rail besides the bank.
fn on_card(recorded: &Recorded) -> Minor {
    let postings = recorded.event.entry().into_iter().flat_map(|entry| entry.postings());
    let card = |book| matches!(book, Book::Rail(rail) if rail != RailId::BANK);
    postings.filter(|posting| card(posting.book)).map(|posting| posting.amount).sum()
}
