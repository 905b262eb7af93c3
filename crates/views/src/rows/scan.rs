//! A scan: rows in the order of their places, from either end, from disk and from memory.

use std::cmp::Ordering;
use std::collections::VecDeque;
use std::ops::Bound;

use counterfoil_runs::{Merged, RunError, Runs};

use crate::unreadable::Unreadable;

/// A row that can be read from a run.
pub(crate) trait Row: Sized {
    /// What rows are sorted by, as their keys are; no two rows have one place.
    type Place: Ord;

    /// Where it is.
    fn place(&self) -> Self::Place;

    /// The row of a key and a value, if they are one.
    fn read(key: &[u8], value: &[u8]) -> Option<Self>;
}

/// Rows in order. Where one in memory has the place of one on disk, it counts. After an
/// error there are none.
#[derive(Debug)]
pub(crate) struct Scan<'a, R> {
    view: &'static str,
    /// None where there are none, and once it failed.
    older: Option<Merged<'a>>,
    /// The outermost older rows, taken out to be looked at.
    front: Option<R>,
    back: Option<R>,
    newer: VecDeque<R>,
}

impl<'a, R: Row> Scan<'a, R> {
    /// The rows of runs with keys from one to another, both included, and those of memory,
    /// which are in order.
    pub(crate) fn of(view: &'static str, runs: &'a Runs, from: &[u8], to: &[u8], newer: VecDeque<R>) -> Self {
        let older = (from <= to).then(|| runs.range(Bound::Included(from), Bound::Included(to)));
        Self { view, older, front: None, back: None, newer }
    }

    /// Every row of runs, and those of memory, which are in order.
    pub(super) fn all(view: &'static str, runs: &'a Runs, newer: VecDeque<R>) -> Self {
        let older = Some(runs.range(Bound::Unbounded, Bound::Unbounded));
        Self { view, older, front: None, back: None, newer }
    }

    /// The view whose rows they are.
    pub(super) fn view(&self) -> &'static str {
        self.view
    }

    /// Nothing but an error.
    fn fail(&mut self, error: Unreadable) -> Unreadable {
        self.older = None;
        self.front = None;
        self.back = None;
        self.newer.clear();
        error
    }

    fn read(&mut self, row: Result<counterfoil_runs::Row, RunError>) -> Result<R, Unreadable> {
        let view = self.view;
        let row = row.map_err(|error| self.fail(Unreadable::File { view, error }))?;
        R::read(row.key(), row.value()).ok_or_else(|| {
            let row = format!("a row that can be understood under the key {}", row.key().escape_ascii());
            self.fail(Unreadable::Row { view, row })
        })
    }

    fn look_front(&mut self) -> Result<(), Unreadable> {
        if self.front.is_none() {
            let next = self.older.as_mut().and_then(Iterator::next);
            self.front = next.map(|row| self.read(row)).transpose()?.or_else(|| self.back.take());
        }
        Ok(())
    }

    fn look_back(&mut self) -> Result<(), Unreadable> {
        if self.back.is_none() {
            let next = self.older.as_mut().and_then(DoubleEndedIterator::next_back);
            self.back = next.map(|row| self.read(row)).transpose()?.or_else(|| self.front.take());
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
        match order(self.front.as_ref(), self.newer.front()) {
            Ordering::Less => return self.front.take().map(Ok),
            Ordering::Greater => {}
            Ordering::Equal => self.front = None,
        }
        self.newer.pop_front().map(Ok)
    }
}

impl<R: Row> DoubleEndedIterator for Scan<'_, R> {
    fn next_back(&mut self) -> Option<Self::Item> {
        if let Err(error) = self.look_back() {
            return Some(Err(error));
        }
        match (self.back.as_ref(), self.newer.back()) {
            (Some(_), None) => return self.back.take().map(Ok),
            (Some(older), Some(newer)) => match older.place().cmp(&newer.place()) {
                Ordering::Greater => return self.back.take().map(Ok),
                Ordering::Less => {}
                Ordering::Equal => self.back = None,
            },
            (None, _) => {}
        }
        self.newer.pop_back().map(Ok)
    }
}
