//! The cursor: goes through the entries of a block from the first to the last.

use super::{SAME_KEY_LENGTH, SAME_VALUE_LENGTH, SUFFIX, TWO_BYTES, shared_prefix};
use crate::input::Input;

/// An entry as it lies in its block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// How many bytes of the key before its own begins with.
    pub(crate) shared: usize,
    /// The rest of its key.
    pub(crate) suffix: &'a [u8],
    /// Its value.
    pub(crate) value: &'a [u8],
}

/// The lengths in a block do not add up to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Where a cursor stands in its block; at first before the first entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stand {
    at: u16,
    key_length: u16,
    value_length: u16,
}

impl Stand {
    /// How many bytes it has behind it.
    #[inline]
    pub(crate) fn at(self) -> usize {
        self.at.into()
    }
}

/// What is left of a block. After an error there is nothing.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    rest: Input<'a>,
    key_length: usize,
    value_length: usize,
}

impl<'a> Cursor<'a> {
    /// At the first of a block's entries.
    #[inline]
    pub(crate) fn new(entries: &'a [u8]) -> Self {
        Self { rest: Input(entries), key_length: 0, value_length: 0 }
    }

    /// Where one stood among the same entries.
    #[inline]
    pub(crate) fn resume(entries: &'a [u8], stand: Stand) -> Self {
        let Stand { at, key_length, value_length } = stand;
        let rest = entries.get(usize::from(at)..).unwrap_or_default();
        Self { rest: Input(rest), key_length: key_length.into(), value_length: value_length.into() }
    }

    /// Where it stands among these entries, which are its own.
    #[inline]
    pub(crate) fn stand(&self, entries: &[u8]) -> Stand {
        // A block is shorter than 64 KiB.
        Stand {
            at: (entries.len() - self.left()) as u16,
            key_length: self.key_length as u16,
            value_length: self.value_length as u16,
        }
    }

    /// How many bytes are left.
    #[inline]
    pub(crate) fn left(&self) -> usize {
        self.rest.0.len()
    }

    #[inline]
    fn entry(&mut self) -> Option<Entry<'a>> {
        let tag = self.rest.byte()?;
        let given = if tag & SAME_KEY_LENGTH == 0 { Some(usize::from(self.rest.byte()?)) } else { None };
        let suffix = match usize::from(tag & SUFFIX) {
            0 => usize::from(self.rest.byte()?),
            short => short,
        };
        let shared = match given {
            Some(shared) => shared,
            None => self.key_length.checked_sub(suffix)?,
        };
        if tag & SAME_VALUE_LENGTH == 0 {
            self.value_length = self.value_length()?;
        }
        if suffix == 0 || shared > self.key_length {
            return None;
        }
        self.key_length = shared + suffix;
        let suffix = self.rest.bytes(suffix)?;
        let value = self.rest.bytes(self.value_length)?;
        Some(Entry { shared, suffix, value })
    }

    #[inline]
    fn value_length(&mut self) -> Option<usize> {
        let first = self.rest.byte()?;
        if first < TWO_BYTES {
            return Some(usize::from(first));
        }
        Some(usize::from(first ^ TWO_BYTES) << 8 | usize::from(self.rest.byte()?))
    }
}

impl<'a> Iterator for Cursor<'a> {
    type Item = Result<Entry<'a>, Malformed>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.0.is_empty() {
            return None;
        }
        let entry = self.entry();
        if entry.is_none() {
            self.rest = Input(&[]);
        }
        Some(entry.ok_or(Malformed))
    }
}

/// The value under a key among a block's entries. No key is put together for it: what an entry
/// shares with the one before says how that one stands to the key.
pub(crate) fn value_of<'a>(entries: &'a [u8], key: &[u8]) -> Result<Option<&'a [u8]>, Malformed> {
    // How much the entry before, which is below the key, has in common with it.
    let mut common = 0;
    for entry in Cursor::new(entries) {
        let entry = entry?;
        if entry.shared > common {
            // It differs from the key where the one before does.
            continue;
        }
        if entry.shared < common {
            // It is above the one before at a byte where that one equals the key.
            return Ok(None);
        }
        let rest = key.get(common..).unwrap_or_default();
        let more = shared_prefix(entry.suffix, rest);
        match (entry.suffix.get(more), rest.get(more)) {
            (None, None) => return Ok(Some(entry.value)),
            (own, asked) if own > asked => return Ok(None),
            _ => common += more,
        }
    }
    Ok(None)
}
