//! A debt that was written off, as it stands, and what the ledger keeps of those.

use std::collections::BTreeMap;

use crate::calendar::Timestamp;
use crate::id::{AccountId, WriteOffId};
use crate::money::{Currency, Minor, Money};
use crate::record::{Kept, Record, Waits};
use crate::step::Moved;

/// A debt that was written off: what whoever bore it would have again if it came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WriteOffState {
    /// Who owed it, and owes it no more.
    pub account: AccountId,
    /// How much; always above zero.
    pub amount: Money,
    /// What of it came back, in minor units.
    pub recovered: Minor,
    /// Since when the account owed.
    pub since: Timestamp,
    /// The log position of the event that took its available balance below zero: what was
    /// taken from there on, until it was written off, made the debt.
    pub began: u64,
}

impl WriteOffState {
    /// What of it did not come back.
    #[must_use]
    pub fn left(&self) -> Minor {
        // A log may say anything; the laws name what does not fit.
        self.amount.minor.saturating_sub(self.recovered)
    }
}

impl Kept for WriteOffState {
    fn owner(&self) -> AccountId {
        self.account
    }

    fn money(&self) -> Money {
        self.amount
    }

    fn returned(&self) -> Minor {
        self.recovered
    }
}

impl Waits for WriteOffState {
    type Id = WriteOffId;
}

/// Write-offs of which something did not come back, by account and currency, the oldest first.
/// An account adds one in 180 days at most, so that it needs no bound.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WriteOffs(BTreeMap<(AccountId, Currency, WriteOffId), WriteOffState>);

impl WriteOffs {
    /// Each of them.
    pub fn open(&self) -> impl Iterator<Item = (WriteOffId, &WriteOffState)> + '_ {
        self.0.iter().map(|((_, _, id), state)| (*id, state))
    }

    /// That of the debt in which something was taken of an account at a log position. Debts of
    /// an account follow one another, so there is one at most.
    pub(super) fn of_take(
        &self,
        account: AccountId,
        currency: Currency,
        booked_at: u64,
    ) -> Option<(WriteOffId, &WriteOffState)> {
        let first = (account, currency, WriteOffId::new(booked_at, 0));
        let ((of, also_of, id), state) = self.0.range(first..).next()?;
        let within = (*of, *also_of) == (account, currency) && state.began <= booked_at;
        within.then_some((*id, state))
    }

    /// Takes in the write-offs of a step.
    pub(crate) fn take_in(&mut self, moved: &Moved) {
        for part in moved.parts() {
            if let Record::WriteOff(id, state) = &part.record {
                let key = (state.account, state.amount.currency, *id);
                if state.left() > 0 {
                    self.0.insert(key, state.clone());
                } else {
                    self.0.remove(&key);
                }
            }
        }
    }
}

impl FromIterator<(WriteOffId, WriteOffState)> for WriteOffs {
    fn from_iter<I: IntoIterator<Item = (WriteOffId, WriteOffState)>>(open: I) -> Self {
        let keyed =
            |(id, state): (WriteOffId, WriteOffState)| ((state.account, state.amount.currency, id), state);
        Self(open.into_iter().map(keyed).collect())
    }
}
