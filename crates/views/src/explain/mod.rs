//! Explaining a balance: what each of its numbers consists of.
//!
//! | number | consists of |
//! |---|---|
//! | pending and available | every balance transaction, object by object, with a running total |
//! | pending | what becomes available on each day |
//! | in transit | the payouts whose result is not known |
//! | reserved, prefunded | what is held for each object |
//! | connect reserved (the platform's) | the debt of each seller that it is held against |
//!
//! Beside them stand the debts that were written off, and what came back of each: no number of
//! the balance, but what a change of it may be about.
//!
//! Nothing is stored for it: all of it is read from the account's statement and the events
//! that this names.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use counterfoil_domain::AccountId;
use counterfoil_domain::books::State;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::settings::LossBearer;

use crate::balance::Funds;
use crate::debts::{self, Debt, WrittenOff};
use crate::object::ObjectRef;
use crate::transactions::{BalanceTransaction, TransactionId};
use crate::unreadable::Unreadable;
use crate::{Balance, Reading};

/// What one account's balance in one currency consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Whose.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// At which business time.
    pub now: Timestamp,
    /// The numbers that are explained.
    pub funds: Funds,
    /// Every balance transaction: those of one object together, objects in the order of their
    /// first. The last total is what is owed over all states but in transit.
    pub changes: Vec<Change>,
    /// What of the pending balance becomes available at the start of each day.
    pub pending: Vec<(Day, Minor)>,
    /// The payouts under way, and how much of each.
    pub in_transit: Vec<Held>,
    /// What is held back against refunds and disputes, by object.
    pub reserved: Vec<Held>,
    /// What was paid in to serve them, by object.
    pub prefunded: Vec<Held>,
    /// The debts that the platform's reserve is held against; of no other account.
    pub debts: Vec<Debt>,
    /// Its debts that were written off and, of the platform's account, those that the platform
    /// bore, with what came back of each.
    pub written_off: Vec<WrittenOff>,
}

/// A balance transaction with the total after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// It.
    pub transaction: BalanceTransaction,
    /// The sum of its net and of those before it in the list, in minor units.
    pub total: i128,
}

/// What stands in a state for one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// The object; none where the entry names none.
    pub source: Option<ObjectRef>,
    /// Minor units.
    pub amount: Minor,
}

/// Explanations, to ask for them.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    views: Reading<'a>,
    balance: &'a Balance,
    now: Timestamp,
}

/// What a statement's lines come to, state by state.
#[derive(Default)]
struct Sums {
    pending: BTreeMap<Day, Minor>,
    in_transit: BTreeMap<Option<ObjectRef>, Minor>,
    reserved: BTreeMap<Option<ObjectRef>, Minor>,
    prefunded: BTreeMap<Option<ObjectRef>, Minor>,
}

impl<'a> Reader<'a> {
    /// Explanations of these balances, which stand at `now`; the views may have gone on.
    #[must_use]
    pub fn at(views: Reading<'a>, balance: &'a Balance, now: Timestamp) -> Self {
        Self { views, balance, now }
    }

    /// The explanations of an account, one for each currency that it ever had money in. Every
    /// event that moved its money is read.
    ///
    /// # Errors
    /// Rows or events that cannot be read.
    pub fn of(self, account: AccountId) -> Result<Vec<Explanation>, Unreadable> {
        let mut debts = self.debts_held_for(account)?;
        let rows = self.balance.rows(Some(account));
        let explained = rows.map(|row| {
            let owing = debts.remove(&row.currency).unwrap_or_default();
            self.explanation(account, row.currency, row.funds, owing)
        });
        explained.collect()
    }

    /// The debts that an account's money is held against, by currency: of the platform's alone.
    fn debts_held_for(self, account: AccountId) -> Result<BTreeMap<Currency, Vec<Debt>>, Unreadable> {
        let mut held: BTreeMap<Currency, Vec<Debt>> = BTreeMap::new();
        let debts = debts::Reader::at(self.views, self.balance, self.now);
        if account.is_platform() && debts.held().next().is_some() {
            let borne = debts.of(None)?.into_iter().filter(|debt| debt.loss_bearer == LossBearer::Platform);
            borne.for_each(|debt| held.entry(debt.currency).or_default().push(debt));
        }
        Ok(held)
    }

    fn explanation(
        self,
        account: AccountId,
        currency: Currency,
        funds: Funds,
        debts: Vec<Debt>,
    ) -> Result<Explanation, Unreadable> {
        let sums = self.sums(account, currency)?;
        let reader = debts::Reader::at(self.views, self.balance, self.now);
        let mut written_off = reader.written_off(Some(account).filter(|account| !account.is_platform()))?;
        written_off.retain(|it| {
            it.currency == currency && !(account.is_platform() && it.loss_bearer == LossBearer::Operator)
        });
        Ok(Explanation {
            account,
            currency,
            now: self.now,
            funds,
            changes: self.changes(account, currency)?,
            pending: sums.pending.into_iter().filter(|(_, amount)| *amount != 0).collect(),
            in_transit: held(sums.in_transit),
            reserved: held(sums.reserved),
            prefunded: held(sums.prefunded),
            debts,
            written_off,
        })
    }

    fn changes(self, account: AccountId, currency: Currency) -> Result<Vec<Change>, Unreadable> {
        let newest = self.views.transactions().until(account, currency, self.now);
        let mut found = newest.collect::<Result<Vec<_>, _>>()?;
        let mut first: BTreeMap<Option<ObjectRef>, TransactionId> = BTreeMap::new();
        for it in &found {
            first.entry(it.source).and_modify(|first| *first = it.id.min(*first)).or_insert(it.id);
        }
        // What is of no object is in the place of its own time.
        let place = |it: &BalanceTransaction| {
            let first = it.source.and_then(|source| first.get(&Some(source)).copied());
            (first.unwrap_or(it.id), it.source, it.id)
        };
        found.sort_by_key(place);
        let mut total = 0;
        let with_total = found.into_iter().map(|transaction| {
            total += i128::from(transaction.net);
            Change { transaction, total }
        });
        Ok(with_total.collect())
    }

    fn sums(self, account: AccountId, currency: Currency) -> Result<Sums, Unreadable> {
        let statement = self.views.statement();
        let mut sums = Sums::default();
        for line in statement.lines(account, currency, 1, statement.entries(account, currency)) {
            let line = line?;
            if line.time > self.now {
                break;
            }
            let sum = match line.state {
                State::Pending(day) => sums.pending.entry(day).or_default(),
                State::InTransit => sums.in_transit.entry(line.source).or_default(),
                State::Reserved => sums.reserved.entry(line.source).or_default(),
                State::Prefunded => sums.prefunded.entry(line.source).or_default(),
                State::Available | State::ConnectReserved => continue,
            };
            *sum = sum.saturating_add(line.amount);
        }
        Ok(sums)
    }
}

fn held(sums: BTreeMap<Option<ObjectRef>, Minor>) -> Vec<Held> {
    let sums = sums.into_iter().filter(|(_, amount)| *amount != 0);
    sums.map(|(source, amount)| Held { source, amount }).collect()
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader of explanations at {}", self.now)
    }
}
