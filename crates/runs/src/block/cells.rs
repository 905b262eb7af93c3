//! The cells of a block: all its entries with their whole keys, to be taken from both ends.

use std::ops::{Bound, Range};

use super::{Cursor, Malformed};
use crate::Row;

/// Where an entry's key is in the keys, and its value in the block.
#[derive(Clone, Copy, Debug)]
struct Span {
    key: u16,
    key_length: u16,
    value: u16,
    value_length: u16,
}

/// The entries of one block that were not taken yet. Its memory is used again for the next block.
#[derive(Debug, Default)]
pub(crate) struct Cells {
    /// The block.
    pub(crate) entries: Vec<u8>,
    keys: Vec<u8>,
    spans: Vec<Span>,
    left: Range<usize>,
}

impl Cells {
    /// Takes the block apart.
    pub(crate) fn split(&mut self) -> Result<(), Malformed> {
        let Self { entries, keys, spans, left } = self;
        keys.clear();
        spans.clear();
        *left = 0..0;
        let mut before = 0;
        let mut cursor = Cursor::new(entries);
        while let Some(entry) = cursor.next() {
            let entry = entry?;
            let at = keys.len();
            // The cursor has seen that the key before is at least as long.
            keys.extend_from_within(before..before + entry.shared);
            keys.extend_from_slice(entry.suffix);
            let value = entries.len() - cursor.left() - entry.value.len();
            spans.push(Span {
                key: narrow(at)?,
                key_length: narrow(keys.len() - at)?,
                value: narrow(value)?,
                value_length: narrow(entry.value.len())?,
            });
            before = at;
        }
        *left = 0..spans.len();
        Ok(())
    }

    /// Keeps those between two bounds.
    pub(crate) fn keep(&mut self, from: Bound<&[u8]>, to: Bound<&[u8]>) {
        let until = |holds: &dyn Fn(&[u8]) -> bool| self.spans.partition_point(|span| holds(self.key(span)));
        let start = match from {
            Bound::Unbounded => 0,
            Bound::Included(from) => until(&|key| key < from),
            Bound::Excluded(from) => until(&|key| key <= from),
        };
        let end = match to {
            Bound::Unbounded => self.spans.len(),
            Bound::Included(to) => until(&|key| key <= to),
            Bound::Excluded(to) => until(&|key| key < to),
        };
        self.left = start..end;
    }

    /// Takes none of them any more.
    pub(crate) fn clear(&mut self) {
        self.left = 0..0;
    }

    #[inline]
    fn key(&self, span: &Span) -> &[u8] {
        slice(&self.keys, span.key, span.key_length)
    }

    #[inline]
    fn row(&self, at: usize) -> Option<Row> {
        let span = self.spans.get(at)?;
        Some(Row::new(self.key(span), slice(&self.entries, span.value, span.value_length)))
    }
}

impl Iterator for Cells {
    type Item = Row;

    #[inline]
    fn next(&mut self) -> Option<Row> {
        let at = self.left.next()?;
        self.row(at)
    }
}

impl DoubleEndedIterator for Cells {
    #[inline]
    fn next_back(&mut self) -> Option<Row> {
        let at = self.left.next_back()?;
        self.row(at)
    }
}

#[inline]
fn slice(bytes: &[u8], at: u16, length: u16) -> &[u8] {
    let rest = bytes.get(usize::from(at)..).unwrap_or_default();
    rest.get(..usize::from(length)).unwrap_or_default()
}

/// A place within a block. A block whose keys come to more than 64 KiB was not written here.
#[inline]
fn narrow(place: usize) -> Result<u16, Malformed> {
    u16::try_from(place).map_err(|_| Malformed)
}
