//! The generator: command number so and so of a run, the same whoever calls.

use std::collections::VecDeque;
use std::ops::Range;

use counterfoil::domain::charge::Charge;
use counterfoil::domain::dispute::DisputeReference;
use counterfoil::domain::money::{Minor, Rate};
use counterfoil::domain::rail::RailName;
use counterfoil::domain::refund::Refund;
use counterfoil::domain::split::{Ask, Commission, Part, Split};
use counterfoil::domain::transfer::{ReverseTransfer, Transfer};
use counterfoil::domain::{AccountId, ChargeId, Command, TransferId};
use counterfoil::{Outcome, Request, charge_of_request};

use super::Args;
use super::strained::Strained;
use super::workload::Workload;
use super::world::brl;
use crate::draw::Draw;
use crate::exit::Failure;

/// The most that one command moves to one seller, in centavos.
pub(super) const MOST: Minor = 10_000;

/// Sellers who share a split charge.
const PARTIES: Minor = 5;

/// Charges, or transfers, that are kept to be refunded or reversed later.
const KEPT: usize = 1_024;

/// What a caller hands over at once.
pub(super) enum Submission {
    /// One command.
    One(Request),
    /// Commands, each by itself.
    Batch(Vec<Request>),
    /// Groups of commands: a charge and its split share a frame.
    Together(Vec<Vec<Request>>),
}

/// Makes one caller's commands.
pub(super) struct Generator {
    workload: Workload,
    run: u64,
    accounts: u64,
    hot: u64,
    card: RailName,
    commission: Commission,
    /// What of the caller's own can still be refunded and reversed.
    charges: VecDeque<ChargeId>,
    transfers: VecDeque<TransferId>,
    strained: Strained,
}

impl Generator {
    /// A generator of a run's commands.
    pub(super) fn new(asked: &Args, run: u64) -> Result<Self, Failure> {
        let reference = DisputeReference::new("du_1").map_err(Failure::input)?;
        Ok(Self {
            workload: asked.workload,
            run,
            accounts: u64::from(asked.accounts),
            hot: asked.hot,
            card: card()?,
            commission: Commission::Rate(Rate::from_basis_points(1_000).map_err(Failure::input)?),
            charges: VecDeque::new(),
            transfers: VecDeque::new(),
            strained: Strained::new(u64::from(asked.accounts), card()?, reference),
        })
    }

    /// The commands of these numbers.
    pub(super) fn submission(&mut self, numbers: Range<u64>) -> Submission {
        let grouped = matches!(self.workload, Workload::Split | Workload::Mixed | Workload::Strained);
        if !grouped && numbers.end - numbers.start > 1 {
            let mut batch =
                Vec::with_capacity(usize::try_from(numbers.end - numbers.start).unwrap_or_default());
            batch.extend(numbers.flat_map(|number| self.commands(number)));
            return Submission::Batch(batch);
        }
        let mut groups: Vec<Vec<Request>> = numbers.map(|number| self.commands(number).collect()).collect();
        match groups.as_mut_slice() {
            [one] if one.len() == 1 => one.pop().map_or(Submission::Together(groups), Submission::One),
            _ => Submission::Together(groups),
        }
    }

    /// Takes note of what a command of its own came to. A charge that was split is gone.
    pub(super) fn note(&mut self, outcome: Outcome) {
        if self.workload == Workload::Strained {
            self.strained.note(outcome);
        }
        if self.workload != Workload::Mixed {
            return;
        }
        if let Outcome::Charged(made) = outcome
            && self.charges.len() < KEPT
        {
            self.charges.push_back(made.charge);
        }
        if let Outcome::Transferred(made) = outcome
            && self.transfers.len() < KEPT
        {
            self.transfers.push_back(made);
        }
    }

    /// The requests of one command; those of a split are two.
    fn commands(&mut self, number: u64) -> impl Iterator<Item = Request> + use<> {
        let mut draw = Draw::new(self.run, number);
        let key = format!("bench-{}-{number}", self.run);
        let (command, split) = self.command(&mut draw);
        let split = split.map(|split| Request::new(split).idempotent(format!("{key}-split")));
        std::iter::once(Request::new(command).idempotent(key)).chain(split)
    }

    fn command(&mut self, draw: &mut Draw) -> (Command, Option<Split>) {
        match self.workload {
            Workload::Transfer | Workload::Payout => (self.transfer(draw), None),
            Workload::Charge => (self.charge(amount(draw)).into(), None),
            Workload::Split => self.split(draw),
            Workload::Strained => (self.strained.command(draw), None),
            // Where nothing is left to be returned, there is one more of what could have been.
            Workload::Mixed => match draw.below(100) {
                0..50 => (self.transfer(draw), None),
                50..80 => (self.charge(amount(draw)).into(), None),
                80..90 => self.split(draw),
                90..95 => match self.charges.pop_front() {
                    Some(charge) => (Refund::full(charge).into(), None),
                    None => (self.charge(amount(draw)).into(), None),
                },
                _ => match self.transfers.pop_front() {
                    Some(transfer) => (ReverseTransfer::full(transfer).into(), None),
                    None => (self.transfer(draw), None),
                },
            },
        }
    }

    fn transfer(&self, draw: &mut Draw) -> Command {
        let seller = self.seller(draw);
        Transfer::new(self.number(seller), brl(amount(draw))).into()
    }

    fn charge(&self, amount: Minor) -> Charge {
        Charge::separate(brl(amount), self.card.clone())
    }

    /// A charge, and its split over sellers who stand as far apart as they can.
    fn split(&self, draw: &mut Draw) -> (Command, Option<Split>) {
        let (first, gross) = (self.seller(draw), amount(draw));
        let apart = self.accounts / PARTIES.unsigned_abs();
        let part = |place| Part {
            account: self.number(first + place * apart),
            gross: Ask::Fixed(gross),
            commission: self.commission,
        };
        let parts = (0..PARTIES.unsigned_abs()).map(part).collect();
        let split = Split { charges: vec![charge_of_request(0)], transfer_group: None, parts, details: None };
        (self.charge(gross * PARTIES).into(), Some(split))
    }

    /// A seller, counted from 0; the hot one is the first.
    fn seller(&self, draw: &mut Draw) -> u64 {
        if self.hot > 0 && draw.below(100) < self.hot { 0 } else { draw.below(self.accounts) }
    }

    /// Sellers have the numbers from 1 on.
    fn number(&self, seller: u64) -> AccountId {
        AccountId(u32::try_from(seller % self.accounts + 1).unwrap_or_default())
    }
}

/// An amount in centavos, from 1.00 to [`MOST`].
pub(super) fn amount(draw: &mut Draw) -> Minor {
    const LEAST: Minor = 100;
    draw.between(LEAST, MOST)
}

/// The rail on which every buyer pays.
pub(super) fn card() -> Result<RailName, Failure> {
    RailName::new("card").map_err(Failure::input)
}
