//! The bank took a top-up back after it had arrived: a fact, which no policy refuses. The
//! balance may go below zero by it. What prefunding paid meanwhile is gone from there, so the rest
//! comes from available (our own rule, docs/decisions/prefunding.md).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, prefunded (of one into prefunding, as far as that goes) | amount | |
//! | account, available | the rest | |
//! | `rail:bank` | | amount |

use super::{TopupBalance, TopupState, TopupStatus, step};
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
        let (moved, topup) = step(scene.loaded, self.topup, taken)?;
        let TopupState { account, amount, balance, .. } = *topup;
        let prefunded = match balance {
            TopupBalance::Payments => 0,
            TopupBalance::RefundAndDisputePrefunding => scene.ledger.prefunded(account, amount.currency),
        };
        let (of, kind) = (|state| Book::Account(account, state), Kind::TopupReversal);
        let back = amount.minor.min(prefunded);
        let mut draft = Draft::new(amount.currency);
        draft
            .debit(of(State::Prefunded), kind, back)
            .debit(of(State::Available), kind, amount.minor - back)
            .credit(Book::Rail(RailId::BANK), kind, amount.minor);
        Ok(moved.of(amount.minor).booked(draft, scene.ledger).into())
    }
}
