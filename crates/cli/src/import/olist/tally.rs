//! A tally: what became of the rows of one file.

use std::collections::BTreeMap;

use serde::Serialize;

use super::reason::Reason;

/// How many rows of a file were read, and what became of each: nothing is lost, so
/// `read` is `imported` and `refused`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    /// Rows read, the header not counted.
    pub(crate) read: u64,
    /// Rows that are in the ledger.
    pub(crate) imported: u64,
    /// Rows that are not.
    pub(crate) refused: u64,
    /// How many of these for which reason; one that refused nothing is not named.
    pub(crate) reasons: BTreeMap<&'static str, u64>,
    #[serde(skip)]
    file: &'static str,
    #[serde(skip)]
    rows: BTreeMap<u64, Reason>,
}

/// A row that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct RefusedRow {
    /// The file, by the name that it has when it is not compressed.
    pub(crate) file: &'static str,
    /// The line that the row begins on; the header's is 1.
    pub(crate) line: u64,
    /// Why.
    pub(crate) reason: &'static str,
}

impl Tally {
    /// The tally of `file` before its first row.
    pub(super) fn new(file: &'static str) -> Self {
        let (reasons, rows) = (BTreeMap::new(), BTreeMap::new());
        Self { read: 0, imported: 0, refused: 0, reasons, file, rows }
    }

    /// Counts a row that is imported.
    pub(super) fn import(&mut self) {
        self.read += 1;
        self.imported += 1;
    }

    /// Counts a row that is refused.
    pub(super) fn refuse(&mut self, line: u64, reason: Reason) {
        self.read += 1;
        self.refused += 1;
        *self.reasons.entry(reason.name()).or_default() += 1;
        self.rows.insert(line, reason);
    }

    /// The rows that were refused, by line.
    pub(crate) fn refused_rows(&self) -> impl Iterator<Item = RefusedRow> + '_ {
        let row = |(line, reason): (&u64, &Reason)| RefusedRow {
            file: self.file,
            line: *line,
            reason: reason.name(),
        };
        self.rows.iter().map(row)
    }
}
