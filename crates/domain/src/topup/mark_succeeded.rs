//! A top-up arrived: a fact, which no policy refuses.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:bank` | amount | |
//! | account, available (prefunded where it was asked into prefunding) | | amount |

use super::{TopupStatus, step};
use crate::books::{Book, Draft, Kind};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{RailId, TopupId};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Says that a top-up arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkTopupSucceeded {
    /// Which top-up.
    pub topup: TopupId,
}

impl Verb for MarkTopupSucceeded {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.topup);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let taken = (TopupStatus::Pending, Step::TopupSucceeded, TopupStatus::Succeeded);
        let (moved, topup) = step(scene.loaded, self.topup, taken)?;
        let (account, amount) = (topup.account, topup.amount);
        let mut draft = Draft::new(amount.currency);
        draft.debit(Book::Rail(RailId::BANK), Kind::Topup, amount.minor).credit(
            Book::Account(account, topup.balance.state()),
            Kind::Topup,
            amount.minor,
        );
        Ok(moved.of(amount.minor).booked(draft, scene.ledger).into())
    }
}
