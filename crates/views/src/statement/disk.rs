//! The statement's rows on disk: written in order of account, currency and number.

use std::ops::Range;
use std::path::Path;

use counterfoil_runs::RunError;

use super::row::Row;
use super::{NAME, Statement};
use crate::rows::{Row as _, Written};

impl Statement {
    /// Writes the rows that are in memory as one run.
    pub(super) fn write_rows(&self, folder: &Path) -> Result<Written, RunError> {
        if self.newer.is_empty() {
            return Ok(Written::default());
        }
        self.older.write(folder, NAME, self.next, |writer| {
            let mut value = Vec::new();
            self.in_order(|row| {
                value.clear();
                row.pack(&mut value);
                writer.add(&Row::key(row.account, row.currency, row.number), &value)
            })
        })
    }

    /// Calls `with` for the rows in memory in order of account, currency and number.
    ///
    /// # Errors
    /// The first that `with` gives.
    pub(super) fn in_order<E>(&self, mut with: impl FnMut(&Row) -> Result<(), E>) -> Result<(), E> {
        let mut order = Order::of(&self.newer);
        for mixed in &order.mixed {
            let of_one = order.places.get_mut(mixed.clone()).unwrap_or_default();
            of_one.sort_unstable_by_key(|place| self.newer.get(*place as usize).map(Row::place));
        }
        let mut some: Vec<Row> = Vec::with_capacity(AT_ONCE);
        for places in order.places.chunks(AT_ONCE) {
            some.clear();
            some.extend(places.iter().filter_map(|place| self.newer.get(*place as usize)));
            some.iter().try_for_each(&mut with)?;
        }
        Ok(())
    }
}

/// So many rows are fetched before they are used: they lie far apart, and memory gives
/// several at once if nothing stands between the questions.
const AT_ONCE: usize = 64;

/// Places of rows by their accounts, those of one account in the order of their coming.
#[derive(Default)]
struct Order {
    places: Vec<u32>,
    /// Where the places of accounts are whose currencies mix: all others have their rows in
    /// the order of their numbers.
    mixed: Vec<Range<usize>>,
}

impl Order {
    /// Counts the rows of each account, so that each row's place is put where it belongs at
    /// once; the rows themselves are read in the order in which they lie.
    fn of(rows: &[Row]) -> Self {
        let mut accounts: Vec<Tally> = Vec::new();
        for row in rows {
            let index = row.account.index();
            if index >= accounts.len() {
                accounts.resize(index + 1, Tally::default());
            }
            if let Some(tally) = accounts.get_mut(index) {
                tally.mixed |= tally.count > 0 && tally.currency != row.currency.number();
                tally.currency = row.currency.number();
                tally.count += 1;
            }
        }
        let mut order = Self { places: vec![0; rows.len()], mixed: Vec::new() };
        let mut end = 0;
        for tally in &mut accounts {
            let start = end;
            end += std::mem::replace(&mut tally.count, start);
            if tally.mixed {
                order.mixed.push(start as usize..end as usize);
            }
        }
        for (place, row) in (0..).zip(rows) {
            let slot = accounts.get_mut(row.account.index()).map(|tally| {
                tally.count += 1;
                tally.count - 1
            });
            if let Some(slot) = slot.and_then(|slot| order.places.get_mut(slot as usize)) {
                *slot = place;
            }
        }
        order
    }
}

/// How many rows an account has; then where its next one goes.
#[derive(Clone, Copy, Default)]
struct Tally {
    count: u32,
    currency: u16,
    mixed: bool,
}
