//! Counted rows: a part of rows that are numbered without a gap, from either end.

use super::scan::{Row, Scan};
use crate::unreadable::Unreadable;

/// Rows with consecutive numbers. One that is missing is an error, and after an error
/// there are none.
#[derive(Debug)]
pub(crate) struct Counted<'a, R: Row> {
    scan: Scan<'a, R>,
    /// The number of the next row from the front.
    front: u64,
    /// One more than the number of the next row from the back.
    back: u64,
}

impl<'a, R: Row> Counted<'a, R> {
    /// The rows of a scan, which must be those numbered from `from` on and before `until`.
    pub(crate) fn new(scan: Scan<'a, R>, from: u64, until: u64) -> Self {
        Self { scan, front: from, back: until.max(from) }
    }

    /// How many are left.
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.back - self.front).unwrap_or(usize::MAX)
    }

    /// The next row; it is the one that `expected` says the place of by its number.
    pub(crate) fn next(&mut self, expected: impl Fn(u64) -> R::Place) -> Option<Result<R, Unreadable>> {
        if self.front == self.back {
            return None;
        }
        let (number, row) = (self.front, self.scan.next());
        self.front += 1;
        Some(self.check(number, row, expected))
    }

    /// The next row from the back.
    pub(crate) fn next_back(&mut self, expected: impl Fn(u64) -> R::Place) -> Option<Result<R, Unreadable>> {
        if self.front == self.back {
            return None;
        }
        let row = self.scan.next_back();
        self.back -= 1;
        Some(self.check(self.back, row, expected))
    }

    fn check(
        &mut self,
        number: u64,
        row: Option<Result<R, Unreadable>>,
        expected: impl Fn(u64) -> R::Place,
    ) -> Result<R, Unreadable> {
        let checked = row.transpose().and_then(|row| {
            let row = row.filter(|row| row.place() == expected(number));
            row.ok_or_else(|| Unreadable::Row {
                view: self.scan.view(),
                row: format!("row {number} of an account"),
            })
        });
        if checked.is_err() {
            self.back = self.front;
        }
        checked
    }
}
