//! A block: entries in order, each without what it shares with the one before.
//!
//! The bytes are drawn in the crate's documentation.

mod builder;
mod cells;
mod cursor;
mod prefix;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::{MAX_KEY, MAX_VALUE};

pub(crate) use builder::BlockBuilder;
pub(crate) use cells::Cells;
pub(crate) use cursor::{Cursor, Malformed, Stand, value_of};
pub(crate) use prefix::shared_prefix;

/// A block is closed before it grows above this.
const FULL_BLOCK: usize = 16 * 1024;
/// A block is closed before its whole keys grow above this.
const FULL_KEYS: usize = 64 * 1024;
/// The most that stands before the suffix of an entry: tag, shared, suffix and value length.
const ENTRY_HEAD: usize = 5;
/// The longest block: one of the longest entry.
pub(crate) const LONGEST_BLOCK: usize = ENTRY_HEAD + MAX_KEY + MAX_VALUE;
/// The shortest block: a tag, the byte for what is shared, one byte of key.
pub(crate) const SHORTEST_BLOCK: usize = 3;

/// Places within a block are kept in 16 bits.
const _: () = assert!(LONGEST_BLOCK <= u16::MAX as usize && FULL_BLOCK <= LONGEST_BLOCK);

/// Tag: the key is as long as the one before.
const SAME_KEY_LENGTH: u8 = 0x80;
/// Tag: the value is as long as the one before.
const SAME_VALUE_LENGTH: u8 = 0x40;
/// Tag: the length of the suffix.
const SUFFIX: u8 = 0x3F;
/// The first of two bytes of a value's length.
const TWO_BYTES: u8 = 0x80;

/// The check of a block's entries at its place in the file.
pub(crate) fn check(entries: &[u8], offset: u64) -> u64 {
    xxh3_64_with_seed(entries, offset)
}
