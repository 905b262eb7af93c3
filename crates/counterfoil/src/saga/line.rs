//! A line: what is particular of one rail. The desk behind it is the same for all.

use std::fmt;

use async_trait::async_trait;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::rail::RailName;
use counterfoil_domain::{Command, Recorded};
use counterfoil_rails::{Answer, AskKey, Cursor, Page, RailError, Told};

use super::error::SagaError;
use super::outcome::Said;
use super::record::Telling;
use crate::Counterfoil;

/// The facts and refusals of a rail are its own; the rest is common.
#[async_trait]
pub(super) trait Line: Send + Sync {
    type Ask: Clone + Send + Sync;
    type Fact: fmt::Display + Clone + Send + Sync;
    type Refusal: fmt::Display + Clone + Send + Sync;

    /// The ledger's name for the money there.
    fn name(&self) -> &RailName;

    /// What an event asks of this rail. Sees every event from where it reads on, in order.
    fn sees(&mut self, recorded: &Recorded) -> Option<Wanted<Self::Ask>>;

    /// What of an ask is not in its event.
    async fn complete(
        &self,
        ledger: &Counterfoil,
        wanted: &Wanted<Self::Ask>,
    ) -> Result<Complete<Self::Ask>, SagaError>;

    async fn ask(
        &self,
        at: Timestamp,
        ask: &Self::Ask,
    ) -> Result<Answer<Self::Fact, Self::Refusal>, RailError>;

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<Self::Fact>, RailError>;

    /// How a fact is recorded, once what it says was compared with what was asked.
    async fn telling(&mut self, ledger: &Counterfoil, told: &Told<Self::Fact>) -> Result<Telling, SagaError>;

    /// How it is recorded that an ask was refused.
    fn refused(&self, ask: &Self::Ask, refusal: &Self::Refusal) -> Refused;

    /// A fact, as it is reported.
    fn said(&self, told: &Told<Self::Fact>) -> Said;

    /// A refused ask, as it is reported.
    fn said_no(&self, key: AskKey, refusal: &Self::Refusal) -> Said;
}

/// An ask as its event has it.
#[derive(Clone, Debug)]
pub(super) struct Wanted<A> {
    /// Its key.
    pub(super) key: AskKey,
    /// The business time of its event.
    pub(super) at: Timestamp,
    /// The position of its event.
    pub(super) position: u64,
    /// What is asked, as far as the event says.
    pub(super) ask: A,
    /// Whether the log shows that it was answered: an ask that leaves no such trace is marked.
    pub(super) traced: bool,
}

/// An ask with all that it needs.
pub(super) enum Complete<A> {
    /// It can be put.
    Ask(A),
    /// It cannot be put yet, and why.
    Held(Box<str>),
}

/// What a refused ask comes to.
pub(super) enum Refused {
    /// It is recorded by this command.
    Command(Box<Command>),
    /// Nobody knows what came of it: it stays open until the log shows an answer.
    Open,
    /// The rail will not do it, and the saga records it by no command.
    Unrecorded,
}
