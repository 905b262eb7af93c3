//! A row: one key and its value, on their own.

use std::fmt;

/// A key and its value, read from a run.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    // One allocation for both: the key, then the value.
    bytes: Box<[u8]>,
    key: usize,
}

impl Row {
    #[inline]
    pub(crate) fn new(key: &[u8], value: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(key.len() + value.len());
        bytes.extend_from_slice(key);
        bytes.extend_from_slice(value);
        Self { bytes: bytes.into(), key: key.len() }
    }

    /// The key.
    #[inline]
    #[must_use]
    pub fn key(&self) -> &[u8] {
        self.bytes.get(..self.key).unwrap_or_default()
    }

    /// The value.
    #[inline]
    #[must_use]
    pub fn value(&self) -> &[u8] {
        self.bytes.get(self.key..).unwrap_or_default()
    }
}

impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}", self.key().escape_ascii(), self.value().escape_ascii())
    }
}
