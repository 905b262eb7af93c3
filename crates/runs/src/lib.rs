//! Sorted runs: immutable sorted files of byte keys to byte values, the half of an index that
//! lies on disk.
//!
//! A [`RunWriter`] writes one [`Run`] from keys in order; [`Runs`] asks several as if they were
//! one, where the newest wins. A run is never changed: it is merged into a new one. It knows
//! nothing of what keys and values mean, and whatever is damaged can be built again from what it
//! was an index of.
//!
//! # The bytes of a run
//!
//! ```text
//! offset  bytes  field                     all integers little endian, but the value length
//!      0      8  magic                     C0 46 2D 52 55 4E 53 0A
//!      8      2  format version            0 until the format is declared 1
//!     10      1  spread of the keys         0 any, 1 even
//!     11      5  zero
//!     16         blocks, one after another; each at most 16 KiB, or one entry that is longer
//!                filter: lines of 64 bytes; none where there is no filter
//!                index: for each block the length of its first key (1), that key, the length
//!                  of the block (4) and its check (8); then the length of the last key (1)
//!                  and that key
//!                footer, the last 64 bytes of the file:
//!      0      8    entries
//!      8      8    blocks
//!     16      8    offset of the filter
//!     24      8    offset of the index
//!     32      8    check of the filter
//!     40      8    check of the index
//!     48      8    check of the footer's bytes 0 to 48, seeded with the spread
//!     56      8    magic
//! ```
//!
//! A **check** is XXH3 of 64 bits. That of a block is seeded with the block's offset, so that a
//! block in a wrong place is noticed. The index holds the blocks' checks and the footer that of
//! the index: so the footer's own check is the run's **fingerprint**. A run that differs in a
//! single row has another, but for one chance in 2⁶⁴; whoever names a run keeps it beside the
//! name.
//!
//! ```text
//! block: entries, one after another
//!
//! entry: bytes     field
//!        1         tag: 80 the key is as long as the one before
//!                       40 the value is as long as the one before
//!                       3F length of the suffix, 0 where a byte of its own says it
//!        0 or 1    how many bytes the key shares with the one before: all that are equal;
//!                  absent under 80, where key length less suffix is meant
//!        0 or 1    length of the suffix, if it is above 63
//!        0, 1, 2   length of the value: below 80 as one byte, else big endian with the top
//!                  bit set; absent under 40
//!                  suffix: the rest of the key
//!                  value
//! ```
//!
//! Before the first entry of a block stand, as it were, an empty key and an empty value. The
//! whole keys of a block are at most 64 KiB, which bounds the memory that reading one takes. So
//! a row whose key counts up by one costs a tag, at most one length and one byte of key.
//!
//! In the **filter** a key has one line, chosen by the upper bits of its hash, and in each of the
//! line's eight words one bit, chosen by six bits of the hash remixed. The hash is XXH3 of the
//! key; of even keys it is their first eight bytes, big endian.
//!
//! A file can be broken in these ways, and each is an error that says where
//! ([`RunError::Damaged`]): it is shorter than its ends; its header or footer is not one; a part
//! lies outside the file or does not fit its check; the index is out of order or does not add up
//! to the blocks; a block does not fit its check, its first key or its own lengths.

mod block;
mod error;
mod file;
mod filter;
mod footer;
mod header;
mod index;
mod input;
mod row;
mod run;
mod runs;
mod writer;

pub use error::RunError;
pub use filter::{Filter, Hash, Spread};
pub use row::Row;
pub use run::{Range, Run};
pub use runs::{Merged, Runs};
pub use writer::{Options, RunWriter};

/// The longest key.
pub const MAX_KEY: usize = 255;
/// The longest value.
pub const MAX_VALUE: usize = 16 * 1024;

#[cfg(test)]
mod tests;
