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
use std::path::Path;

use counterfoil_domain::books::{Kind, State};
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::{AccountId, Recorded};
use counterfoil_runs::RunError;
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference, Keyed};
use crate::holding::Holdings;
use crate::movement::{Movement, movements};
use crate::object::ObjectRef;
use crate::projector::Projector;
use crate::rows::{self, Older, STRETCH, Strand, Strands, Written};
use crate::unreadable::Unreadable;
use row::{Before, Row};

const NAME: &str = "statement";

/// Every balance entry of every account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Statement {
    totals: Holdings<Totals>,
    /// Rows since the last flush.
    newer: Strands,
    older: Older,
}

/// What an account's entries in a currency come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Totals {
    entries: u64,
    balance: Minor,
    /// The position and time of its newest row, where that is in memory.
    position: u64,
    #[serde(with = "crate::shape")]
    time: Timestamp,
    strand: Strand,
}

impl Default for Totals {
    fn default() -> Self {
        let (position, time) = (0, Timestamp::MIN);
        Self { entries: 0, balance: 0, position, time, strand: Strand::default() }
    }
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
                newer.push_front(row);
            }
        }
        // What is in memory is not looked for on disk.
        let last = newer.front().map_or(to, |row| row.number - 1);
        let key = |number| Row::key(account, currency, number);
        let place = |number| (account, currency, number);
        // The first may be any of its stretch.
        let keys = (key((from + 1).saturating_sub(STRETCH as u64)), key(last));
        let rows = self.older.scan(NAME, (&keys.0, &keys.1), place(from)..=place(last), newer);
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
    fn newest_first(&self, account: AccountId, currency: Currency) -> impl Iterator<Item = Row> + '_ {
        let totals = self.totals.get(account, currency).copied().unwrap_or_default();
        let mut end = totals.entries + 1;
        self.newer.newest_first(totals.strand).flat_map(move |(bytes, count)| {
            end = end.saturating_sub(count as u64);
            let mut rows = Vec::with_capacity(count);
            // What was packed here is unpacked; rows that are missing are noticed.
            let _ = Row::stretch((account, currency, end), &bytes, &mut rows);
            rows.into_iter().rev()
        })
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
            let Some(earliest) = disk::earliest(run, (account, currency), first)? else {
                continue;
            };
            if earliest.time < time {
                return disk::search(run, &earliest, first, time);
            }
            first = earliest.number;
        }
        Ok(first)
    }

    #[inline]
    fn add(&mut self, recorded: &Recorded, currency: Currency, movement: &Movement) {
        let Movement { account, state, posting, source, .. } = *movement;
        let mut row = Row::new((account, currency), posting.kind, state, source);
        row.position = recorded.position;
        row.time = recorded.time;
        row.amount = posting.owed();
        row.number = posting.number;
        let newer = &mut self.newer;
        self.totals.with(account, currency, |totals| {
            totals.entries += 1;
            assert_eq!(posting.number, totals.entries, "entry numbers have no gap");
            totals.balance += row.amount;
            row.balance = totals.balance;
            newer.push(&mut totals.strand, |first, out| {
                let before = Before { position: totals.position, time: totals.time };
                row.pack(if first { Before::FIRST } else { before }, first, out);
            });
            (totals.position, totals.time) = (row.position, row.time);
        });
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

impl Projector for Statement {
    const NAME: &'static str = NAME;
    const VERSION: u32 = 6;

    fn apply(&mut self, recorded: &Recorded) {
        self.totals.open_of(recorded);
        // Every event is here by its entry alone; one without an entry is no line.
        if let Some(entry) = recorded.event.entry() {
            movements(recorded, |movement| self.add(recorded, entry.currency(), &movement));
        }
    }

    #[inline]
    fn touch(&self, account: AccountId, currency: Currency) -> u64 {
        self.totals.get(account, currency).map_or(0, |totals| self.newer.touch(totals.strand))
    }

    fn unwritten(&self) -> usize {
        self.newer.bytes()
    }

    fn write(&self, folder: &Path, end: u64) -> Result<Written, RunError> {
        self.write_rows(folder, end)
    }

    fn let_go(&mut self) {
        self.newer.clear();
        self.totals.change_all(|totals| totals.strand = Strand::default());
    }

    fn older(&self) -> Option<&Older> {
        Some(&self.older)
    }

    fn older_mut(&mut self) -> Option<&mut Older> {
        Some(&mut self.older)
    }
}

impl Comparable for Statement {
    fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Unreadable> {
        fn lines(
            view: &Statement,
        ) -> impl Iterator<Item = Keyed<(AccountId, Currency, u64), Option<Line>>> + '_ {
            let mut newer = VecDeque::new();
            let Ok(()) = view.stretches(|place, bytes| {
                let _ = Row::stretch(place, bytes, &mut newer);
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
