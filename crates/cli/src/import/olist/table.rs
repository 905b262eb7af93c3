//! A table: the rows of one file, by the names of its columns.

use std::fmt;
use std::str;

use super::rows::Rows;

/// What a spreadsheet may put before a text to say that it is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The rows of one file, reduced to `N` of its columns.
#[derive(Debug)]
pub(super) struct Table<'a, const N: usize> {
    rows: Rows<'a>,
    width: usize,
    columns: [usize; N],
}

/// One row of a table.
#[derive(Debug)]
pub(super) struct Record<const N: usize> {
    /// The line that it begins on; the header's is 1.
    pub(super) line: u64,
    /// What it says in each column; `None` where it has no such field, or one that is
    /// not UTF-8.
    pub(super) fields: [Option<Box<str>>; N],
    /// Whether it is a row of this table at all: its quotes are in order, it is UTF-8
    /// and has as many fields as the header.
    pub(super) sound: bool,
}

/// Why a file is no table of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HeaderError {
    /// There is no header, or its quotes are out of order.
    NoHeader,
    /// The header lacks a column.
    Missing {
        /// The column's name.
        column: &'static str,
    },
    /// The header names a column twice.
    Twice {
        /// The column's name.
        column: &'static str,
    },
}

impl<'a, const N: usize> Table<'a, N> {
    /// The table in `text` with these columns, wherever the header has them.
    ///
    /// # Errors
    /// A header that is not there, or does not name each column once.
    pub(super) fn new(text: &'a [u8], columns: [&'static str; N]) -> Result<Self, HeaderError> {
        let mut rows = Rows::new(text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text));
        let header = rows.next().filter(|row| row.in_order).ok_or(HeaderError::NoHeader)?;
        let mut found = [0; N];
        for (place, column) in found.iter_mut().zip(columns) {
            let mut places = (0..).zip(&header.fields).filter(|(_, name)| ***name == *column.as_bytes());
            (*place, _) = places.next().ok_or(HeaderError::Missing { column })?;
            if places.next().is_some() {
                return Err(HeaderError::Twice { column });
            }
        }
        Ok(Self { rows, width: header.fields.len(), columns: found })
    }
}

impl<const N: usize> Iterator for Table<'_, N> {
    type Item = Record<N>;

    fn next(&mut self) -> Option<Record<N>> {
        let row = self.rows.next()?;
        let is_text = row.fields.iter().all(|field| str::from_utf8(field).is_ok());
        let text = |column: usize| str::from_utf8(row.fields.get(column)?).ok().map(Box::from);
        Some(Record {
            line: row.line,
            fields: self.columns.map(text),
            sound: row.in_order && is_text && row.fields.len() == self.width,
        })
    }
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHeader => f.write_str("it has no header line that can be read"),
            Self::Missing { column } => write!(f, "its header has no column {column}"),
            Self::Twice { column } => write!(f, "its header names the column {column} twice"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HeaderError, Table};

    fn records(text: &[u8]) -> Vec<(u64, [Option<String>; 2], bool)> {
        let table = Table::new(text, ["b", "a"]).unwrap();
        let owned = |fields: [Option<Box<str>>; 2]| fields.map(|field| field.map(String::from));
        table.map(|record| (record.line, owned(record.fields), record.sound)).collect()
    }

    fn row(line: u64, b: &str, a: &str) -> (u64, [Option<String>; 2], bool) {
        (line, [Some(b.into()), Some(a.into())], true)
    }

    #[test]
    fn columns_are_found_by_name() {
        assert_eq!(records(b"\xef\xbb\xbf\"a\",x,b\r\n1,2,3\r\n"), [row(2, "3", "1")]);
    }

    #[test]
    fn a_short_row_keeps_the_fields_that_it_has() {
        assert_eq!(records(b"a,x,b\n1,2\n"), [(2, [None, Some("1".into())], false)]);
        assert_eq!(records(b"a,x,b\n1,2,3,4\n"), [(2, [Some("3".into()), Some("1".into())], false)]);
    }

    #[test]
    fn a_row_that_is_no_text_is_not_sound() {
        assert_eq!(
            records(b"a,x,b\n1,\xff,3\n4,5,\xff\n"),
            [(2, [Some("3".into()), Some("1".into())], false), (3, [None, Some("4".into())], false)]
        );
    }

    #[test]
    fn a_header_names_each_column_once() {
        let refused = |text: &str| Table::new(text.as_bytes(), ["b", "a"]).map(|_| ()).unwrap_err();
        assert_eq!(refused(""), HeaderError::NoHeader);
        assert_eq!(refused("\"a,b\n1,2\n"), HeaderError::NoHeader);
        assert_eq!(refused("b,A\n"), HeaderError::Missing { column: "a" });
        assert_eq!(refused("b,a,b\n"), HeaderError::Twice { column: "b" });
    }
}
