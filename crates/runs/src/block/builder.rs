//! The builder: the block that is being filled.

use super::{ENTRY_HEAD, FULL_BLOCK, FULL_KEYS, SAME_KEY_LENGTH, SAME_VALUE_LENGTH, SUFFIX, TWO_BYTES};

/// The entries of a block so far.
#[derive(Debug, Default)]
pub(crate) struct BlockBuilder {
    bytes: Vec<u8>,
    first_key: Vec<u8>,
    key_length: usize,
    value_length: usize,
    // The lengths of all whole keys.
    keys: usize,
}

impl BlockBuilder {
    /// Whether it has no entry.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether the block stays within its bounds with this entry.
    #[inline]
    pub(crate) fn has_room(&self, shared: usize, key: &[u8], value: &[u8]) -> bool {
        let entry = ENTRY_HEAD + key.len() - shared + value.len();
        self.bytes.len() + entry <= FULL_BLOCK && self.keys + key.len() <= FULL_KEYS
    }

    /// Adds an entry whose key shares so many bytes with the one before: none in an empty block.
    #[inline]
    pub(crate) fn push(&mut self, shared: usize, key: &[u8], value: &[u8]) {
        if self.bytes.is_empty() {
            self.first_key.clear();
            self.first_key.extend_from_slice(key);
        }
        let suffix = key.get(shared..).unwrap_or_default();
        let head = self.head(shared, key, suffix.len(), value.len());
        self.bytes.extend_from_slice(head.written());
        self.bytes.extend_from_slice(suffix);
        self.bytes.extend_from_slice(value);
        self.key_length = key.len();
        self.value_length = value.len();
        self.keys += key.len();
    }

    /// What stands before the suffix. Lengths below fit a byte, and two for the value's: the
    /// writer lets nothing longer through.
    #[inline]
    fn head(&self, shared: usize, key: &[u8], suffix: usize, value: usize) -> Head {
        let same_key = key.len() == self.key_length;
        let same_value = value == self.value_length;
        let short = suffix <= usize::from(SUFFIX);
        let mut head = Head::default();
        head.push(
            if same_key { SAME_KEY_LENGTH } else { 0 }
                | if same_value { SAME_VALUE_LENGTH } else { 0 }
                | if short { suffix as u8 } else { 0 },
        );
        if !same_key {
            head.push(shared as u8);
        }
        if !short {
            head.push(suffix as u8);
        }
        if !same_value {
            if value >= usize::from(TWO_BYTES) {
                head.push(TWO_BYTES | (value >> 8) as u8);
            }
            head.push(value as u8);
        }
        head
    }

    /// Its entries.
    pub(crate) fn entries(&self) -> &[u8] {
        &self.bytes
    }

    /// The first key.
    pub(crate) fn first_key(&self) -> &[u8] {
        &self.first_key
    }

    /// Empties it for the next block.
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        (self.key_length, self.value_length, self.keys) = (0, 0, 0);
    }
}

/// The bytes before a suffix.
#[derive(Default)]
struct Head {
    bytes: [u8; ENTRY_HEAD],
    length: usize,
}

impl Head {
    #[inline]
    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    #[inline]
    fn written(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}
