//! The statement view: every balance entry of an account, with its cause.
//!
//! An entry's number counts the account's entries in that currency from 1 without a
//! gap, over all states; so the number is the row's place, and lines are found without
//! a search and read without a copy.

mod row;

#[cfg(test)]
mod tests;

use std::ops::Range;

use counterfoil_domain::books::{Kind, State};
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::{AccountId, Recorded};
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference};
use crate::holding::Holdings;
use crate::movement::{Movement, movements};
use crate::object::ObjectRef;
use crate::projector::Projector;
use row::Row;

/// Every balance entry of every account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    rows: Holdings<Vec<Row>>,
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
        self.rows.of(Some(account)).map(|(_, currency, _)| currency)
    }

    /// How many entries `account` has in `currency`; the last one has this number.
    #[must_use]
    pub fn entries(&self, account: AccountId, currency: Currency) -> u64 {
        self.of(account, currency).len() as u64
    }

    /// What `account` is owed in `currency` over all states, after its last entry.
    #[must_use]
    pub fn balance(&self, account: AccountId, currency: Currency) -> Minor {
        self.of(account, currency).last().map_or(0, |row| row.balance)
    }

    /// The lines numbered `from` to `to`, both included, as far as there are any.
    pub fn lines(
        &self,
        account: AccountId,
        currency: Currency,
        from: u64,
        to: u64,
    ) -> impl DoubleEndedIterator<Item = Line> + ExactSizeIterator + '_ {
        let first = usize::try_from(from.max(1) - 1).unwrap_or(usize::MAX);
        self.cut(account, currency, first..usize::try_from(to).unwrap_or(usize::MAX))
    }

    /// The last `count` lines, the earliest first.
    pub fn last(
        &self,
        account: AccountId,
        currency: Currency,
        count: usize,
    ) -> impl DoubleEndedIterator<Item = Line> + ExactSizeIterator + '_ {
        let end = self.of(account, currency).len();
        self.cut(account, currency, end.saturating_sub(count)..end)
    }

    /// The lines with a business time from `from` on and before `until`.
    pub fn between(
        &self,
        account: AccountId,
        currency: Currency,
        from: Timestamp,
        until: Timestamp,
    ) -> impl DoubleEndedIterator<Item = Line> + ExactSizeIterator + '_ {
        // Business time never goes backwards, so neither does it along the rows.
        let rows = self.of(account, currency);
        let first = rows.partition_point(|row| row.time < from);
        self.cut(account, currency, first..rows.partition_point(|row| row.time < until))
    }

    /// The line of that number.
    #[must_use]
    pub fn line(&self, account: AccountId, currency: Currency, number: u64) -> Option<Line> {
        self.lines(account, currency, number.max(1), number).next()
    }

    fn of(&self, account: AccountId, currency: Currency) -> &[Row] {
        self.rows.get(account, currency).map_or(&[], Vec::as_slice)
    }

    fn cut(
        &self,
        account: AccountId,
        currency: Currency,
        range: Range<usize>,
    ) -> impl DoubleEndedIterator<Item = Line> + ExactSizeIterator + '_ {
        let rows = self.of(account, currency);
        let end = range.end.min(rows.len());
        let rows = rows.get(range.start.min(end)..end).unwrap_or_default();
        let skipped = range.start;
        rows.iter().enumerate().map(move |(index, row)| line(skipped + index, currency, row))
    }

    fn add(&mut self, recorded: &Recorded, currency: Currency, movement: &Movement) {
        let Movement { account, state, posting, source } = *movement;
        self.rows.with(account, currency, |rows| {
            assert_eq!(posting.number, rows.len() as u64 + 1, "entry numbers have no gap");
            let mut row = Row::new(posting.kind, state, source);
            row.position = recorded.position;
            row.time = recorded.time;
            row.amount = posting.owed();
            row.balance = rows.last().map_or(0, |last| last.balance) + row.amount;
            rows.push(row);
        });
    }
}

fn line(index: usize, currency: Currency, row: &Row) -> Line {
    Line {
        number: index as u64 + 1,
        position: row.position,
        time: row.time,
        kind: row.kind,
        state: row.state(),
        amount: row.amount,
        currency,
        balance: row.balance,
        source: row.source(),
    }
}

impl Projector for Statement {
    const NAME: &'static str = "statement";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Recorded) {
        // Every event is here by its entry alone; one without an entry is no line.
        self.rows.open_of(recorded);
        if let Some(entry) = recorded.event.entry() {
            movements(recorded, |movement| self.add(recorded, entry.currency(), &movement));
        }
    }
}

impl Comparable for Statement {
    fn first_difference(&self, other: &Self) -> Option<Difference> {
        fn rows(statement: &Statement) -> impl Iterator<Item = ((AccountId, Currency, usize), &Row)> {
            statement.rows.of(None).flat_map(|(account, currency, rows)| {
                rows.iter().enumerate().map(move |(index, row)| ((account, currency, index), row))
            })
        }
        difference::of_rows(
            rows(self),
            rows(other),
            |(account, currency, index)| format!("account {account} in {currency}, entry {}", index + 1),
            |row| {
                let (kind, state) = (row.kind.name(), row.state().name());
                let Row { position, time, amount, balance, .. } = row;
                let source = row.source().map(|source| format!(" of {source}")).unwrap_or_default();
                format!(
                    "{kind}{source} in {state}: {amount} minor units, balance {balance}, at {time}, position {position}"
                )
            },
        )
        .or_else(|| (self != other).then(Difference::unnamed))
    }
}
