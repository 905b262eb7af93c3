//! What differs between a run and the rows that the log says it holds.

use std::cmp::Ordering;
use std::fmt;
use std::io;
use std::ops::Bound;
use std::path::PathBuf;

use counterfoil_domain::ObjectId;
use counterfoil_runs::{Row, Run, RunError};

use super::table::{LATEST, position};

/// Something in the runs that is not what the log says.
#[derive(Debug)]
pub(crate) enum Difference {
    /// A run has other rows.
    Rows {
        /// Its file.
        file: PathBuf,
        /// The first of them.
        first: Differing,
        /// How many there are.
        count: u64,
    },
    /// No run covers an event that should have a row.
    Uncovered {
        /// Of which table.
        table: &'static str,
        /// The row's key.
        key: u64,
        /// Its position.
        position: u64,
    },
    /// The rows could not be compared.
    Unread(Unread),
}

/// Why rows could not be compared.
#[derive(Debug)]
pub(crate) enum Unread {
    /// A run cannot be read.
    Run(RunError),
    /// Rows of the log could not be put aside.
    Scratch(io::Error),
}

/// A row that is not what the log says.
#[derive(Debug)]
pub(crate) struct Differing {
    /// Of which table.
    table: &'static str,
    /// How many rows of the run stand before it.
    place: u64,
    key: Box<[u8]>,
    /// The position in the run, if the key is there.
    found: Option<u64>,
    /// The position in the log, if the key is there.
    expected: Option<u64>,
}

/// Compares a run with the rows that it should hold, both in the order of their keys.
pub(super) fn differ(
    table: &'static str,
    run: &Run,
    mut expected: impl Iterator<Item = io::Result<(u64, u64)>>,
) -> Result<Option<Difference>, Unread> {
    let mut found = run.range(Bound::Unbounded, Bound::Unbounded);
    let (mut first, mut count, mut place) = (None, 0, 0);
    let (mut should, mut is) = (expected.next().transpose()?, found.next().transpose()?);
    loop {
        let order = match (&should, &is) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some((key, _)), Some(row)) => key.to_be_bytes().as_slice().cmp(row.key()),
        };
        let log = should.filter(|_| order.is_le());
        let here = is.as_ref().filter(|_| order.is_ge());
        if order.is_ne() || log.map(|(_, position)| position) != here.and_then(at) {
            count += 1;
            first.get_or_insert_with(|| Differing::new(table, place, here, log));
        }
        if order.is_le() {
            should = expected.next().transpose()?;
        }
        if order.is_ge() {
            place += 1;
            is = found.next().transpose()?;
        }
    }
    let file = run.path().to_owned();
    Ok(first.map(|first| Difference::Rows { file, first, count }))
}

fn at(row: &Row) -> Option<u64> {
    position(row.value())
}

impl From<RunError> for Unread {
    fn from(error: RunError) -> Self {
        Self::Run(error)
    }
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Scratch(error)
    }
}

impl Differing {
    fn new(table: &'static str, place: u64, found: Option<&Row>, expected: Option<(u64, u64)>) -> Self {
        let key = found.map(|row| row.key().into());
        let key = key.or(expected.map(|(key, _)| key.to_be_bytes().into())).unwrap_or_default();
        // A value of another length is no position that a log could have.
        let found = found.map(|row| at(row).unwrap_or(u64::MAX));
        Self { table, place, key, found, expected: expected.map(|(_, position)| position) }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rows { file, first, count: 1 } => write!(f, "{}: {first}", file.display()),
            Self::Rows { file, first, count } => {
                write!(f, "{}: {first}; {count} rows in all are not what the log says", file.display())
            }
            Self::Uncovered { table, key, position } => {
                let key = named(table, &key.to_be_bytes());
                write!(f, "no run covers the event at position {position}, and {key} should be in one")
            }
            Self::Unread(why) => {
                f.write_str("the runs could not be compared with the log: ")?;
                match why {
                    Unread::Run(error) => error.fmt(f),
                    Unread::Scratch(error) => error.fmt(f),
                }
            }
        }
    }
}

impl fmt::Display for Differing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, place, key, found, expected } = self;
        let key = named(table, key);
        match (found, expected) {
            (Some(found), Some(expected)) => {
                write!(f, "row {place} has {key} at position {found}; the log has it at {expected}")
            }
            (Some(found), None) => {
                write!(f, "row {place} has {key} at position {found}; the log has no such row")
            }
            (None, Some(expected)) => {
                write!(f, "before row {place} {key} is missing; the log has it at position {expected}")
            }
            (None, None) => write!(f, "row {place}"),
        }
    }
}

/// A key as people find it: a record by where it was made.
fn named(table: &str, key: &[u8]) -> String {
    match <[u8; 8]>::try_from(key) {
        Ok(bits) if table == LATEST => {
            let id = ObjectId::from_bits(u64::from_be_bytes(bits));
            format!("the record {}.{}", id.position(), id.ordinal())
        }
        Ok(_) | Err(_) => {
            let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
            format!("the key {hex}")
        }
    }
}
