//! The statement view: every balance entry of an account, with its cause.
//!
//! An entry's number counts the account's entries in that currency from 1 without a
//! gap, over all states. Totals are in memory; rows are in memory until a flush, and
//! then on disk in the order of account, currency and number.

mod disk;
mod lines;
mod row;

#[cfg(test)]
mod tests;

pub use lines::Lines;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::ops::Bound;
use std::path::Path;

use counterfoil_domain::books::{Kind, State};
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::{AccountId, Recorded};
use counterfoil_runs::{Run, RunError};
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference, Keyed};
use crate::holding::Holdings;
use crate::movement::{Movement, movements};
use crate::object::ObjectRef;
use crate::projector::Projector;
use crate::rows::{self, Merge, Merged, Older, Written};
use crate::unreadable::Unreadable;
use row::Row;

const NAME: &str = "statement";

/// Every balance entry of every account.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Statement {
    totals: Holdings<Totals>,
    /// Rows since the last flush, in the order of their events.
    newer: Vec<Row>,
    /// How many rows were flushed.
    flushed: u64,
    older: Older,
    /// The position after the newest event.
    next: u64,
}

/// What an account's entries in a currency come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Totals {
    entries: u64,
    balance: Minor,
    /// One more than the number of rows that there were in all before its newest row.
    newest: u64,
}

/// One line of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The entry's number, counted from 1.
    pub number: u64,
    /// The position of the event that booked it.
    pub position: u64,
    /// When, in business time.
    pub time: Timestamp,
    /// Why money moved.
    pub kind: Kind,
    /// Which state it moved in or out of.
    pub state: State,
    /// Minor units; positive adds to what is owed.
    pub amount: Minor,
    /// The currency.
    pub currency: Currency,
    /// What is owed after it, over all states.
    pub balance: Minor,
    /// What caused it; a maturity has only its day.
    pub source: Option<ObjectRef>,
}

impl Statement {
    /// The currencies in which `account` has entries.
    pub fn currencies(&self, account: AccountId) -> impl Iterator<Item = Currency> + '_ {
        self.totals.of(Some(account)).map(|(_, currency, _)| currency)
    }

    /// How many entries `account` has in `currency`; the last one has this number.
    #[must_use]
    pub fn entries(&self, account: AccountId, currency: Currency) -> u64 {
        self.totals.get(account, currency).map_or(0, |totals| totals.entries)
    }

    /// What `account` is owed in `currency` over all states, after its last entry.
    #[must_use]
    pub fn balance(&self, account: AccountId, currency: Currency) -> Minor {
        self.totals.get(account, currency).map_or(0, |totals| totals.balance)
    }

    /// The lines numbered `from` to `to`, both included, as far as there are any.
    #[must_use]
    pub fn lines(&self, account: AccountId, currency: Currency, from: u64, to: u64) -> Lines<'_> {
        let to = to.min(self.entries(account, currency));
        let from = from.clamp(1, to.saturating_add(1));
        let mut newer = VecDeque::new();
        for row in self.newest_first(account, currency).take_while(|row| row.number >= from) {
            if row.number <= to {
                newer.push_front(*row);
            }
        }
        // What is in memory is not looked for on disk.
        let last = newer.front().map_or(to, |row| row.number - 1);
        let key = |number| Row::key(account, currency, number);
        let rows = self.older.scan(NAME, &key(from), &key(last), newer);
        Lines::new(rows, (account, currency), from, to + 1)
    }

    /// The last `count` lines, the earliest first.
    #[must_use]
    pub fn last(&self, account: AccountId, currency: Currency, count: usize) -> Lines<'_> {
        let entries = self.entries(account, currency);
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        self.lines(account, currency, entries.saturating_sub(count) + 1, entries)
    }

    /// The lines with a business time from `from` on and before `until`.
    ///
    /// # Errors
    /// Rows that cannot be read.
    pub fn between(
        &self,
        account: AccountId,
        currency: Currency,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<Lines<'_>, Unreadable> {
        let first = self.first_at(account, currency, from)?;
        let end = self.first_at(account, currency, until)?;
        Ok(self.lines(account, currency, first, end - 1))
    }

    /// The line of that number.
    ///
    /// # Errors
    /// A row that cannot be read.
    pub fn line(
        &self,
        account: AccountId,
        currency: Currency,
        number: u64,
    ) -> Result<Option<Line>, Unreadable> {
        self.lines(account, currency, number.max(1), number).next().transpose()
    }

    /// The rows in memory of one account and currency.
    fn newest_first(&self, account: AccountId, currency: Currency) -> impl Iterator<Item = &Row> + '_ {
        let newest = self.totals.get(account, currency).map_or(0, |totals| totals.newest);
        let mut next = self.place(newest);
        std::iter::from_fn(move || {
            let row = self.newer.get(next?.checked_sub(1)?)?;
            next = usize::try_from(row.previous).ok();
            Some(row)
        })
    }

    /// One more than the place in memory of the row that `newest` stands for, or 0.
    fn place(&self, newest: u64) -> Option<usize> {
        usize::try_from(newest.saturating_sub(self.flushed)).ok()
    }

    /// The number of the first entry at a business time or later; one more than the last
    /// where there is none.
    fn first_at(&self, account: AccountId, currency: Currency, time: Timestamp) -> Result<u64, Unreadable> {
        // Business time never goes backwards, so neither does it along the rows.
        let mut first = self.entries(account, currency) + 1;
        for row in self.newest_first(account, currency) {
            if row.time < time {
                return Ok(first);
            }
            first = row.number;
        }
        for run in self.older.runs().iter().rev() {
            let (from, to) = (Row::key(account, currency, 0), Row::key(account, currency, first - 1));
            let Some(earliest) = row_in(run, &from, &to)? else {
                continue;
            };
            if earliest.time < time {
                return search(run, &earliest, first, time);
            }
            first = earliest.number;
        }
        Ok(first)
    }

    #[inline]
    fn add(&mut self, recorded: &Recorded, currency: Currency, movement: &Movement) {
        let Movement { account, state, posting, source } = *movement;
        let mut row = Row::new((account, currency), posting.kind, state, source);
        row.position = recorded.position;
        row.time = recorded.time;
        row.amount = posting.owed();
        row.number = posting.number;
        let flushed = self.flushed;
        let newest = flushed + self.newer.len() as u64 + 1;
        let known = self.totals.with(account, currency, |totals| {
            totals.entries += 1;
            assert_eq!(posting.number, totals.entries, "entry numbers have no gap");
            totals.balance += row.amount;
            row.balance = totals.balance;
            let previous = std::mem::replace(&mut totals.newest, newest);
            row.previous = u32::try_from(previous.saturating_sub(flushed)).unwrap_or_default();
        });
        if known.is_some() {
            self.newer.push(row);
        }
    }
}

impl Line {
    /// A row as it is shown; `None` for one that is none.
    fn of(row: &Row) -> Option<Self> {
        Some(Self {
            number: row.number,
            position: row.position,
            time: row.time,
            kind: row.kind()?,
            state: row.state(),
            amount: row.amount,
            currency: row.currency,
            balance: row.balance,
            source: row.source(),
        })
    }
}

/// The first row of a run between two keys, both included.
fn row_in(run: &Run, from: &[u8], to: &[u8]) -> Result<Option<Row>, Unreadable> {
    let row = run.range(Bound::Included(from), Bound::Included(to)).next().transpose();
    let row = row.map_err(|error| Unreadable::File { view: NAME, error })?;
    let read = |row: counterfoil_runs::Row| {
        rows::Row::read(row.key(), row.value())
            .ok_or_else(|| Unreadable::Row { view: NAME, row: format!("a row in {}", run.path().display()) })
    };
    row.map(read).transpose()
}

/// The number of the first entry at a time or later, of those from an earlier one on and
/// before `end`, which are all in one run.
fn search(run: &Run, earlier: &Row, mut end: u64, time: Timestamp) -> Result<u64, Unreadable> {
    let mut first = earlier.number + 1;
    while first < end {
        let middle = first + (end - first) / 2;
        let key = Row::key(earlier.account, earlier.currency, middle);
        match row_in(run, &key, &key)? {
            Some(row) if row.time < time => first = middle + 1,
            Some(_) => end = middle,
            None => {
                let row = format!("entry {middle} of account {}", earlier.account);
                return Err(Unreadable::Row { view: NAME, row });
            }
        }
    }
    Ok(first)
}

impl Projector for Statement {
    const NAME: &'static str = NAME;
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Recorded) {
        self.next = recorded.position + 1;
        self.totals.open_of(recorded);
        // Every event is here by its entry alone; one without an entry is no line.
        if let Some(entry) = recorded.event.entry() {
            movements(recorded, |movement| self.add(recorded, entry.currency(), &movement));
        }
    }

    fn unwritten(&self) -> usize {
        self.newer.len() * size_of::<Row>()
    }

    fn write(&self, folder: &Path) -> Result<Written, RunError> {
        self.write_rows(folder)
    }

    fn settle(&mut self, written: Written) {
        if self.older.settle(written, self.next) {
            self.flushed += self.newer.len() as u64;
            self.newer.clear();
        }
    }

    fn merge(&self) -> Option<Merge> {
        self.older.merge(NAME)
    }

    fn replace(&mut self, merged: Merged) {
        self.older.replace(merged);
    }

    fn attach(&mut self, folder: &Path) -> Result<(), RunError> {
        self.older.attach(folder)
    }

    fn files(&self) -> Vec<String> {
        self.older.files().map(str::to_owned).collect()
    }
}

impl Comparable for Statement {
    fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Unreadable> {
        fn lines(
            view: &Statement,
        ) -> impl Iterator<Item = Keyed<(AccountId, Currency, u64), Option<Line>>> + '_ {
            let mut newer = VecDeque::with_capacity(view.newer.len());
            let Ok(()) = view.in_order(|row| {
                newer.push_back(*row);
                Ok::<(), Infallible>(())
            });
            let rows = view.older.scan_all::<Row>(NAME, newer);
            rows.map(|row| row.map(|row| (rows::Row::place(&row), Line::of(&row))))
        }
        let difference = difference::of_rows(
            lines(self),
            lines(other),
            |(account, currency, number)| format!("account {account} in {currency}, entry {number}"),
            |line| line.map_or_else(|| "no entry".to_owned(), |line| line.to_string()),
        )?;
        fn totals(view: &Statement) -> impl Iterator<Item = (AccountId, Currency, u64, Minor)> + '_ {
            view.totals.of(None).map(|(account, currency, of)| (account, currency, of.entries, of.balance))
        }
        Ok(difference.or_else(|| totals(self).ne(totals(other)).then(Difference::unnamed)))
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { position, time, amount, balance, .. } = self;
        f.write_str(self.kind.name())?;
        if let Some(source) = self.source {
            write!(f, " of {source}")?;
        }
        write!(f, " in {}: {amount} minor units, balance {balance}", self.state.name())?;
        write!(f, ", at {time}, position {position}")
    }
}
