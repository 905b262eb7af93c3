//! A scan: rows in the order of their places, from either end, from disk and from memory.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::ops::{Bound, RangeInclusive};

use counterfoil_runs::{Merged, RunError, Runs};

use crate::unreadable::Unreadable;

/// A row that can be read from a run.
pub(crate) trait Row: Sized {
    /// What rows are sorted by, as their keys are; no two rows have one place.
    type Place: Ord;

    /// Where it is.
    fn place(&self) -> Self::Place;

    /// Appends the rows of a key and a value, if they are some, in order: a stretch of them
    /// is one row of a run.
    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()>;
}

/// Rows in order. Where one in memory has the place of one on disk, it counts. After an
/// error there are none.
pub(crate) struct Scan<'a, R: Row> {
    view: &'static str,
    /// None where there are none, and once it failed.
    older: Option<Merged<'a>>,
    /// Those that are asked for of what is on disk.
    within: Option<RangeInclusive<R::Place>>,
    /// The outermost older rows, taken out to be looked at.
    front: VecDeque<R>,
    back: VecDeque<R>,
    newer: VecDeque<R>,
}

impl<'a, R: Row> Scan<'a, R> {
    /// The rows of runs at some places, which are in stretches with keys from one to another,
    /// both included, and those of memory, which are in order.
    pub(crate) fn of(
        view: &'static str,
        runs: &'a Runs,
        (from, to): (&[u8], &[u8]),
        within: RangeInclusive<R::Place>,
        newer: VecDeque<R>,
    ) -> Self {
        let some = from <= to && !within.is_empty();
        let older = some.then(|| runs.range(Bound::Included(from), Bound::Included(to)));
        Self { view, older, within: Some(within), front: VecDeque::new(), back: VecDeque::new(), newer }
    }

    /// Every row of runs, and those of memory, which are in order.
    pub(super) fn all(view: &'static str, runs: &'a Runs, newer: VecDeque<R>) -> Self {
        let older = Some(runs.range(Bound::Unbounded, Bound::Unbounded));
        Self { view, older, within: None, front: VecDeque::new(), back: VecDeque::new(), newer }
    }

    /// The view whose rows they are.
    pub(super) fn view(&self) -> &'static str {
        self.view
    }

    /// Nothing but an error.
    fn fail(&mut self, error: Unreadable) -> Unreadable {
        self.older = None;
        self.front.clear();
        self.back.clear();
        self.newer.clear();
        error
    }

    fn read(&mut self, row: Result<counterfoil_runs::Row, RunError>) -> Result<VecDeque<R>, Unreadable> {
        let view = self.view;
        let row = row.map_err(|error| self.fail(Unreadable::File { view, error }))?;
        let mut rows = VecDeque::new();
        if R::read(row.key(), row.value(), &mut rows).is_none() {
            let row = format!("a row that can be understood under the key {}", row.key().escape_ascii());
            return Err(self.fail(Unreadable::Row { view, row }));
        }
        if let Some(within) = &self.within {
            rows.retain(|row| within.contains(&row.place()));
        }
        Ok(rows)
    }

    fn look_front(&mut self) -> Result<(), Unreadable> {
        while self.front.is_empty() {
            match self.older.as_mut().and_then(Iterator::next) {
                Some(row) => self.front = self.read(row)?,
                None => {
                    self.front = std::mem::take(&mut self.back);
                    break;
                }
            }
        }
        Ok(())
    }

    fn look_back(&mut self) -> Result<(), Unreadable> {
        while self.back.is_empty() {
            match self.older.as_mut().and_then(DoubleEndedIterator::next_back) {
                Some(row) => self.back = self.read(row)?,
                None => {
                    self.back = std::mem::take(&mut self.front);
                    break;
                }
            }
        }
        Ok(())
    }
}

/// Which of two rows is first; a row comes before none.
fn order<R: Row>(older: Option<&R>, newer: Option<&R>) -> Ordering {
    match (older, newer) {
        (Some(older), Some(newer)) => older.place().cmp(&newer.place()),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}

impl<R: Row> Iterator for Scan<'_, R> {
    type Item = Result<R, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.look_front() {
            return Some(Err(error));
        }
        match order(self.front.front(), self.newer.front()) {
            Ordering::Less => return self.front.pop_front().map(Ok),
            Ordering::Greater => {}
            Ordering::Equal => drop(self.front.pop_front()),
        }
        self.newer.pop_front().map(Ok)
    }
}

impl<R: Row> DoubleEndedIterator for Scan<'_, R> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.look_back() {
            return Some(Err(error));
        }
        match (self.back.back(), self.newer.back()) {
            (Some(_), None) => return self.back.pop_back().map(Ok),
            (Some(older), Some(newer)) => match older.place().cmp(&newer.place()) {
                Ordering::Greater => return self.back.pop_back().map(Ok),
                Ordering::Less => {}
                Ordering::Equal => drop(self.back.pop_back()),
            },
            (None, _) => {}
        }
        self.newer.pop_back().map(Ok)
    }
}

impl<R: Row> std::fmt::Debug for Scan<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scan({})", self.view)
    }
}
