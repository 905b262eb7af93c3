//! A bank debit arrived: a fact, which no policy refuses. It pays the debt, as far as that is
//! still there; what is more is the account's own again. The platform's reserve follows.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:bank` | amount | |
//! | account, available | | amount |
//!
//! Where the debt for which it was asked was written off meanwhile it pays that
//! (`debt/claims.rs`).

use super::{BankDebitStatus, step};
use crate::books::{Book, Draft, Kind, State};
use crate::debt::Claims;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{BankDebitId, RailId};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Says that a bank debit arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkBankDebitSucceeded {
    /// Which bank debit.
    pub bank_debit: BankDebitId,
}

impl Verb for MarkBankDebitSucceeded {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.bank_debit);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let taken = (BankDebitStatus::Pending, Step::BankDebitSucceeded, BankDebitStatus::Succeeded);
        let (moved, amount, account) = step(scene.loaded, self.bank_debit, taken)?;
        let mut draft = Draft::new(amount.currency);
        draft.debit(Book::Rail(RailId::BANK), Kind::BankDebit, amount.minor).credit(
            Book::Account(account, State::Available),
            Kind::BankDebit,
            amount.minor,
        );
        // One that was asked for before the debt was written off pays that.
        let mut claims = Claims::of(scene.ledger, amount.currency);
        claims.pay(account, self.bank_debit.0.position(), amount.minor);
        let moved = claims.add_to(moved.of(amount.minor), &mut draft);
        Ok(moved.booked(draft, scene.ledger).into())
    }
}
