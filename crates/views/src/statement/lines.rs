//! Lines: a part of one statement, from either end.

use counterfoil_domain::AccountId;
use counterfoil_domain::money::Currency;

use super::row::Row;
use super::{Line, NAME};
use crate::rows::{Counted, Scan};
use crate::unreadable::Unreadable;

/// Lines of one account in one currency, the earliest first. After an error there are
/// none.
#[derive(Debug)]
pub struct Lines<'a> {
    rows: Counted<'a, Row>,
    about: (AccountId, Currency),
}

impl<'a> Lines<'a> {
    /// Those numbered from `from` on and before `until`, whose rows the scan gives.
    pub(super) fn new(rows: Scan<'a, Row>, about: (AccountId, Currency), from: u64, until: u64) -> Self {
        Self { rows: Counted::new(rows, from, until), about }
    }

    /// How many are left.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The line of a row.
fn line(row: Result<Row, Unreadable>) -> Result<Line, Unreadable> {
    let row = row?;
    Line::of(&row).ok_or_else(|| {
        let row = format!("a kind of entry {} of account {}", row.number, row.account);
        Unreadable::Row { view: NAME, row }
    })
}

impl Iterator for Lines<'_> {
    type Item = Result<Line, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        let (account, currency) = self.about;
        self.rows.next(|number| (account, currency, number)).map(line)
    }
}

impl DoubleEndedIterator for Lines<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let (account, currency) = self.about;
        self.rows.next_back(|number| (account, currency, number)).map(line)
    }
}
