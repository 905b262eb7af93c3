//! The commands of a strained market: after most of them something is due at once.
//!
//! | share | command | brings about |
//! |---|---|---|
//! | 40 % | a transfer | of half of the sellers a hold by plan |
//! | 20 % | a direct charge of a seller with a plan | a hold by plan |
//! | 10 % | a full refund of one | the hold is freed |
//! | 5 % | a full reversal of a transfer | the hold is freed |
//! | 5 % | a direct charge of a seller with prefunding | |
//! | 5 % | a dispute of one, with its fee | a drawdown of prefunding, later a debt |
//! | 10 % | a transfer into the queue, or one called off there | |
//! | 5 % | a transfer to a seller who owes | the platform's reserve follows |

use std::collections::VecDeque;

use counterfoil::Outcome;
use counterfoil::domain::charge::{Charge, ChargeKind};
use counterfoil::domain::dispute::{DisputeReason, DisputeReference, OpenDispute};
use counterfoil::domain::money::Minor;
use counterfoil::domain::rail::RailName;
use counterfoil::domain::refund::Refund;
use counterfoil::domain::transfer::{CancelTransfer, QueueTransfer, ReverseTransfer, Transfer};
use counterfoil::domain::{AccountId, ChargeId, Command, RecordId, TransferId};

use super::generator::amount;
use super::strain::Strain;
use super::world::{self, brl};
use crate::draw::Draw;

/// The fee of a dispute, in centavos.
const DISPUTE_FEE: Minor = 1_500;

/// Until so many seconds after the start evidence is in time.
const THREE_WEEKS: i64 = 21 * 86_400;

/// Objects of one kind that are kept to be taken back later; those that wait in the queue.
const KEPT: usize = 1_024;
const QUEUED: usize = 64;

/// Makes one caller's commands.
pub(super) struct Strained {
    accounts: u64,
    card: RailName,
    /// What the processor calls each dispute: a charge has one.
    reference: DisputeReference,
    /// What becomes of the outcomes that are not there yet, in the order of their commands.
    expected: VecDeque<Kept>,
    refundable: VecDeque<ChargeId>,
    disputable: VecDeque<ChargeId>,
    reversible: VecDeque<TransferId>,
    queued: VecDeque<TransferId>,
}

/// For what the outcome of a command is kept.
#[derive(Clone, Copy)]
enum Kept {
    Nothing,
    Refund,
    Dispute,
    Reversal,
    Queue,
}

impl Strained {
    /// The commands of a market with so many sellers.
    pub(super) fn new(accounts: u64, card: RailName, reference: DisputeReference) -> Self {
        Self {
            accounts,
            card,
            reference,
            expected: VecDeque::new(),
            refundable: VecDeque::new(),
            disputable: VecDeque::new(),
            reversible: VecDeque::new(),
            queued: VecDeque::new(),
        }
    }

    /// The next command. Where nothing is left to be taken back, there is one more sale.
    pub(super) fn command(&mut self, draw: &mut Draw) -> Command {
        let (command, kept) = match draw.below(100) {
            0..40 => (self.transfer(draw), Kept::Reversal),
            40..60 => (self.charge(draw, Strain::Planned), Kept::Refund),
            60..70 => match self.refundable.pop_front() {
                Some(charge) => (Refund::full(charge).into(), Kept::Nothing),
                None => (self.charge(draw, Strain::Planned), Kept::Refund),
            },
            70..75 => match self.reversible.pop_front() {
                Some(transfer) => (ReverseTransfer::full(transfer).into(), Kept::Nothing),
                None => (self.transfer(draw), Kept::Reversal),
            },
            75..80 => (self.charge(draw, Strain::Prefunded), Kept::Dispute),
            80..85 => match self.disputable.pop_front() {
                Some(charge) => (dispute(charge, self.reference.clone()), Kept::Nothing),
                None => (self.charge(draw, Strain::Prefunded), Kept::Dispute),
            },
            85..95 => match self.queued.pop_front() {
                Some(transfer) if self.queued.len() >= QUEUED => {
                    (CancelTransfer { transfer }.into(), Kept::Nothing)
                }
                first => {
                    self.queued.extend(first);
                    (QueueTransfer(self.to(draw, Strain::Free)).into(), Kept::Queue)
                }
            },
            _ => (self.to(draw, Strain::Owes).into(), Kept::Nothing),
        };
        self.expected.push_back(kept);
        command
    }

    /// Takes note of what its oldest command without one came to.
    pub(super) fn note(&mut self, outcome: Outcome) {
        match (self.expected.pop_front(), outcome) {
            (Some(Kept::Refund), Outcome::Charged(made)) => keep(&mut self.refundable, made.charge),
            (Some(Kept::Dispute), Outcome::Charged(made)) => keep(&mut self.disputable, made.charge),
            (Some(Kept::Reversal), Outcome::Transferred(made)) => keep(&mut self.reversible, made),
            (Some(Kept::Queue), Outcome::Moved { object: RecordId::Transfer(made), .. }) => {
                keep(&mut self.queued, made);
            }
            _ => {}
        }
    }

    /// A transfer to a seller who has nothing to pay with it first.
    fn transfer(&self, draw: &mut Draw) -> Command {
        let strain = if draw.below(2) == 0 { Strain::Planned } else { Strain::Free };
        self.to(draw, strain).into()
    }

    fn to(&self, draw: &mut Draw, strain: Strain) -> Transfer {
        Transfer::new(self.seller(draw, strain), brl(amount(draw)))
    }

    fn charge(&self, draw: &mut Draw, strain: Strain) -> Command {
        let kind = ChargeKind::Direct { account: self.seller(draw, strain), application_fee: 0 };
        Charge { kind, ..Charge::separate(brl(amount(draw)), self.card.clone()) }.into()
    }

    /// A seller that stands so, at or behind a drawn one: the smallest market has one of each.
    fn seller(&self, draw: &mut Draw, strain: Strain) -> AccountId {
        let drawn = draw.below(self.accounts);
        let near = (0..10).map(|step| (drawn + step) % self.accounts);
        let seller = near.into_iter().find(|seller| Strain::of(*seller) == strain).unwrap_or(drawn);
        AccountId(u32::try_from(seller + 1).unwrap_or_default())
    }
}

fn keep<T>(kept: &mut VecDeque<T>, made: T) {
    if kept.len() < KEPT {
        kept.push_back(made);
    }
}

fn dispute(charge: ChargeId, reference: DisputeReference) -> Command {
    let due_by = world::start().plus_seconds(THREE_WEEKS);
    let dispute = OpenDispute::new(charge, reference, DisputeReason::Fraudulent, due_by);
    OpenDispute { fee: Some(DISPUTE_FEE), ..dispute }.into()
}
