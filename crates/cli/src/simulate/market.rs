//! The marketplace: what happens on a day, each thing drawn from the seed and its own number.

use std::sync::Arc;

use counterfoil::domain::calendar::{Day, Timestamp};
use counterfoil::domain::payout::RequestPayout;
use counterfoil::domain::rail::SettleRail;
use counterfoil::domain::{AccountId, ChargeId, Event, Recorded, TransferId};
use counterfoil::rails::{BankRail, CardRail};
use counterfoil::saga::{Heard, Saga, SagaError};
use counterfoil::{Ask, Counterfoil, ExecuteError, Receipt};

use super::count::Counts;
use super::watch::Watch;
use super::world::{self, CURRENCY};
use crate::draw::Draw;
use crate::exit::Failure;

/// The most sales that later steps come back to.
const REMEMBERED: usize = 1_024;

/// The rails, as whoever reconciles sees them.
pub(super) struct Rails {
    pub(super) cards: Arc<dyn CardRail>,
    pub(super) bank: Arc<dyn BankRail>,
}

/// A marketplace in a ledger.
pub(super) struct Market<'a> {
    pub(super) ledger: &'a Counterfoil,
    pub(super) saga: Saga,
    pub(super) rails: Rails,
    watch: Watch,
    pub(super) seed: u64,
    pub(super) sellers: u32,
    pub(super) sold: Vec<ChargeId>,
    pub(super) moved: Vec<TransferId>,
    pub(super) counts: Counts,
}

/// The first day: the day on which the ledger was opened.
fn first_day() -> Day {
    world::opening().day()
}

impl<'a> Market<'a> {
    pub(super) fn new(ledger: &'a Counterfoil, saga: Saga, rails: Rails, seed: u64) -> Self {
        let watch = Watch::new(ledger, seed);
        let (sold, moved, counts) = (Vec::new(), Vec::new(), Counts::default());
        Self { ledger, saga, rails, watch, seed, sellers: 0, sold, moved, counts }
    }

    /// What came to pass.
    pub(super) fn counted(self) -> Counts {
        self.counts
    }

    /// Onboards the sellers.
    pub(super) async fn onboard(&mut self, sellers: u32) -> Result<(), Failure> {
        for number in 1..=sellers {
            let command = Box::new(world::seller(number)?);
            let _seller = self.ledger.execute(command).at(world::opening()).await?;
            self.sellers = number;
        }
        self.look(world::opening()).await
    }

    /// A day: the rails speak, its steps happen between eight and twenty, and the books are
    /// compared.
    pub(super) async fn day(&mut self, day: u32, steps: u32) -> Result<(), Failure> {
        let start = first_day().plus(i32::try_from(day).unwrap_or(i32::MAX)).start();
        let heard = self.saga.advance(start).await?;
        self.heard(heard, start).await?;
        for step in 0..steps {
            let second = 8 * 3_600 + 12 * 3_600 * i64::from(step) / i64::from(steps);
            self.counts.steps += 1;
            let at = start.plus_seconds(second).max(world::opening());
            self.step(at).await?;
        }
        self.watch.compare(self.ledger, self.counts.steps).await
    }

    /// The end: everything that is due by the next midnight, and the rails' own word.
    pub(super) async fn end(&mut self) -> Result<(), Failure> {
        let step = self.counts.steps;
        let head = self.ledger.ledger().await?.now();
        let until = head.day().plus(1).start();
        let heard = self.saga.advance(until).await?;
        self.heard(heard, until).await?;
        self.watch.compare(self.ledger, step).await?;
        self.watch.reconcile(&*self.rails.cards, &*self.rails.bank, until, step).await
    }

    async fn step(&mut self, at: Timestamp) -> Result<(), Failure> {
        let heard = self.saga.hear(at).await?;
        self.heard(heard, at).await?;
        let mut draw = Draw::new(self.seed, self.counts.steps);
        match draw.below(100) {
            0..68 => self.sell(&mut draw, at).await?,
            68..82 => self.refund(&mut draw, at).await?,
            82..90 => self.reverse(&mut draw, at).await?,
            90..96 => self.pay_out(&mut draw, at).await?,
            _ => self.settle(at).await?,
        }
        self.saga.put().await?;
        self.look(at).await
    }

    /// A seller asks for all that it has.
    async fn pay_out(&mut self, draw: &mut Draw, at: Timestamp) -> Result<(), Failure> {
        let account = self.seller(draw);
        self.execute(RequestPayout { account, currency: CURRENCY, amount: None }, at).await?;
        Ok(())
    }

    /// The processor pays what it holds to the platform's bank.
    async fn settle(&mut self, at: Timestamp) -> Result<(), Failure> {
        let state = self.ledger.ledger().await?;
        let Some(rail) = state.rail(&world::card()?) else { return Ok(()) };
        let held = state.tally(counterfoil::domain::books::Book::Rail(rail), CURRENCY).balance;
        let amount = world::usd(i64::try_from(held).unwrap_or_default());
        self.execute(SettleRail { rail: world::card()?, amount }, at).await?;
        Ok(())
    }

    /// A seller.
    pub(super) fn seller(&self, draw: &mut Draw) -> AccountId {
        AccountId(u32::try_from(draw.below(self.sellers.into())).unwrap_or_default() + 1)
    }

    /// Remembers something for later steps; what is remembered longest goes first.
    pub(super) fn remember<T>(list: &mut Vec<T>, one: T) {
        if list.len() >= REMEMBERED {
            list.remove(0);
        }
        list.push(one);
    }

    /// Executes a command; a refusal is counted, and is no failure.
    pub(super) async fn execute<C: Ask>(
        &mut self,
        command: C,
        at: Timestamp,
    ) -> Result<Option<Receipt<C::Reply>>, Failure>
    where
        C::Reply: Send,
    {
        match self.ledger.execute(command).at(at).await {
            Ok(receipt) => Ok(Some(receipt)),
            Err(error) => self.refused(error).map(|()| None),
        }
    }

    /// Counts a refusal.
    pub(super) fn refused(&mut self, error: ExecuteError) -> Result<(), Failure> {
        match error.refusal() {
            Some(refusal) => {
                *self.counts.refused.entry(refusal.rule()).or_default() += 1;
                Ok(())
            }
            None => Err(error.into()),
        }
    }

    /// Counts a charge that the ledger refused to ask for.
    pub(super) fn not_asked(&mut self, error: SagaError) -> Result<(), Failure> {
        if let SagaError::Ledger(error) = error { self.refused(error) } else { Err(error.into()) }
    }

    async fn heard(&mut self, heard: Heard, at: Timestamp) -> Result<(), Failure> {
        for left in heard.unrecorded {
            self.counts.leave(&left);
        }
        self.look(at).await
    }

    /// Looks at what was recorded, mends what a bank refused, and answers what was disputed.
    async fn look(&mut self, at: Timestamp) -> Result<(), Failure> {
        let new = self.watch.look(self.counts.steps, &mut self.counts).await?;
        for recorded in &new {
            self.answer(recorded, at).await?;
        }
        let failed: Vec<(AccountId, u64)> = new.iter().filter_map(failed).collect();
        for (account, position) in failed {
            let bank = Box::new(world::new_bank(account, position));
            let _filed = self.ledger.execute(bank).await?;
        }
        Ok(())
    }
}

/// Whose payout failed, and where in the log.
fn failed(recorded: &Recorded) -> Option<(AccountId, u64)> {
    if let Event::PayoutFailed(moved) = &recorded.event {
        Some((moved.payout.account, recorded.position))
    } else {
        None
    }
}
