//! The bank took a top-up back after it had arrived: a fact, which no policy refuses. The
//! balance may go below zero by it.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, available | amount | |
//! | `rail:bank` | | amount |

use super::{TopupStatus, step};
use crate::books::{Book, Draft, Kind, State};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{RailId, TopupId};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Says that the bank took a top-up back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkTopupReversed {
    /// Which top-up.
    pub topup: TopupId,
}

impl Verb for MarkTopupReversed {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.topup);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let taken = (TopupStatus::Succeeded, Step::TopupReversed, TopupStatus::Reversed);
        let (moved, amount, account) = step(scene.loaded, self.topup, taken)?;
        let mut draft = Draft::new(amount.currency);
        draft.debit(Book::Account(account, State::Available), Kind::TopupReversal, amount.minor).credit(
            Book::Rail(RailId::BANK),
            Kind::TopupReversal,
            amount.minor,
        );
        Ok(moved.of(amount.minor).booked(draft, scene.ledger).into())
    }
}
