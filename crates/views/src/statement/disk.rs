//! The statement's rows on their way to disk and back: stretches in order of account, currency
//! and number.

use std::collections::VecDeque;
use std::ops::Bound;
use std::path::Path;

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::Currency;
use counterfoil_runs::{Run, RunError};

use super::row::Row;
use super::{NAME, Statement};
use crate::rows::{Row as _, STRETCH, Stretch, Written};
use crate::unreadable::Unreadable;

impl Statement {
    /// Writes the rows that are in memory as one run.
    pub(super) fn write_rows(&self, folder: &Path, end: u64) -> Result<Written, RunError> {
        if self.newer.is_empty() {
            return Ok(Written::default());
        }
        self.older.write(folder, NAME, end, |writer| {
            self.stretches(|(account, currency, first), bytes| {
                writer.add(&Row::key(account, currency, first), bytes)
            })
        })
    }

    /// Calls `with` for the stretches in memory in order, each with its place and bytes.
    ///
    /// # Errors
    /// The first that `with` gives.
    pub(super) fn stretches<E>(
        &self,
        mut with: impl FnMut((AccountId, Currency, u64), &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let strands = self.totals.of(None);
        let strands = strands.map(|(account, currency, of)| ((account, currency, of.entries), of.strand));
        self.newer.each(strands, |(account, currency, entries), Stretch { left, bytes }| {
            with((account, currency, (entries + 1).saturating_sub(left)), bytes)
        })
    }
}

/// The first row of a run that it has of an account and currency before a number.
pub(super) fn earliest(
    run: &Run,
    (account, currency): (AccountId, Currency),
    before: u64,
) -> Result<Option<Row>, Unreadable> {
    let (from, to) = (Row::key(account, currency, 0), Row::key(account, currency, before - 1));
    let first = run.range(Bound::Included(&from), Bound::Included(&to)).next();
    Ok(stretch(run, first)?.first().copied())
}

/// The number of the first entry at a time or later, of those from an earlier one on and
/// before `end`, which are all in one run.
pub(super) fn search(run: &Run, earlier: &Row, mut end: u64, time: Timestamp) -> Result<u64, Unreadable> {
    let mut first = earlier.number + 1;
    while first < end {
        let middle = first + (end - first) / 2;
        let (account, currency, _) = earlier.place();
        let key = |number| Row::key(account, currency, number);
        let (from, to) = (key((middle + 1).saturating_sub(STRETCH as u64)), key(middle));
        let last = run.range(Bound::Included(&from), Bound::Included(&to)).next_back();
        let rows = stretch(run, last)?;
        let Some(start) = holding(&rows, middle) else {
            let row = format!("entry {middle} of account {}", earlier.account);
            return Err(Unreadable::Row { view: NAME, row });
        };
        let early = rows.partition_point(|row| row.time < time);
        let number = start + early as u64;
        match (early > 0, early < rows.len()) {
            (true, true) => return Ok(number.max(first)),
            (true, false) => first = number,
            (false, _) => end = start.max(first),
        }
    }
    Ok(first)
}

/// The number of the first row, if one of these has a number.
fn holding(rows: &[Row], number: u64) -> Option<u64> {
    let (first, last) = (rows.first()?.number, rows.last()?.number);
    (first..=last).contains(&number).then_some(first)
}

/// The rows of a stretch; none where there is none.
fn stretch(run: &Run, row: Option<Result<counterfoil_runs::Row, RunError>>) -> Result<Vec<Row>, Unreadable> {
    let row = row.transpose().map_err(|error| Unreadable::File { view: NAME, error })?;
    let mut rows = VecDeque::new();
    if let Some(row) = row
        && Row::read(row.key(), row.value(), &mut rows).is_none()
    {
        let row = format!("a row in {}", run.path().display());
        return Err(Unreadable::Row { view: NAME, row });
    }
    Ok(rows.into())
}
