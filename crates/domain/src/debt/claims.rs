//! Claims: what comes back of money that was taken while an account owed pays whoever bore the
//! write-off of that debt first; the account has what is left.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, available | what comes back, at most what is left of the write-off | |
//! | platform, available (`operator:losses` where the operator bore it) | | the same |
//!
//! It stands in the entry of what brings the money back: a dispute that was won, a refund that
//! failed, a bank debit that was asked for before and arrives now. A verb that does so makes a
//! [`Claims`], has it paid of each return, and adds it to its step, behind all other objects.

use super::WriteOffState;
use crate::books::{Book, Draft, Kind, OperatorBook, State};
use crate::id::{AccountId, WriteOffId};
use crate::ledger::Ledger;
use crate::money::{Currency, Minor};
use crate::record::Record;
use crate::settings::LossBearer;
use crate::step::Moved;

/// The write-offs that a step pays.
pub(crate) struct Claims<'a> {
    ledger: &'a Ledger,
    currency: Currency,
    paid: Vec<(WriteOffId, WriteOffState, Minor)>,
}

impl<'a> Claims<'a> {
    /// None paid yet.
    pub(crate) fn of(ledger: &'a Ledger, currency: Currency) -> Self {
        Self { ledger, currency, paid: Vec::new() }
    }

    /// Pays of what an account gets back in its available balance, up to `most`, what is left
    /// of the write-off of the debt in which it was taken; says how much that is.
    /// `booked_at` is the log position of the event that took it.
    pub(crate) fn pay(&mut self, account: AccountId, booked_at: u64, most: Minor) -> Minor {
        let Some((id, state)) = self.ledger.write_offs.of_take(account, self.currency, booked_at) else {
            return 0;
        };
        let place = self.paid.iter().position(|(paid, ..)| *paid == id);
        let left = place.and_then(|place| self.paid.get(place)).map_or(state, |(_, state, _)| state).left();
        let amount = most.min(left).max(0);
        match place.and_then(|place| self.paid.get_mut(place)) {
            Some((_, state, paid)) => {
                state.recovered += amount;
                *paid += amount;
            }
            None if amount > 0 => {
                let state = WriteOffState { recovered: state.recovered + amount, ..state.clone() };
                self.paid.push((id, state, amount));
            }
            None => {}
        }
        amount
    }

    /// The step with the write-offs that were paid, behind its other objects, and their postings
    /// behind the others.
    pub(crate) fn add_to(self, mut moved: Moved, draft: &mut Draft) -> Moved {
        for (id, state, amount) in self.paid {
            let object = u16::try_from(moved.beside.len() + 1).unwrap_or(u16::MAX);
            let account = state.account;
            let bearer = match self.ledger.loss_bearer(account) {
                LossBearer::Platform => Book::Account(AccountId::PLATFORM, State::Available),
                LossBearer::Operator => Book::Operator(OperatorBook::Losses),
            };
            let seller = Book::Account(account, State::Available);
            draft.of(object).debit(seller, Kind::WriteOffRecovery, amount).credit(
                bearer,
                Kind::WriteOffRecovery,
                amount,
            );
            moved = moved.beside(Record::WriteOff(id, state), amount);
        }
        moved
    }
}
