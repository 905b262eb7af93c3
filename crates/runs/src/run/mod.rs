//! A run: an immutable sorted file, open for reading.

mod keys;
mod open;
mod range;
mod stream;
mod verify;

use std::fmt;
use std::ops::Bound;
use std::path::Path;

use crate::RunError;
use crate::block::{Cells, Cursor, Malformed, check, value_of};
use crate::error::Flaw;
use crate::file::NamedFile;
use crate::filter::{Filter, Hash, Spread};
use crate::index::Index;

pub(crate) use keys::each_key;
pub use range::Range;
pub(crate) use stream::Stream;

/// An open run. It keeps its index and its filter in memory and reads a block when it is asked.
pub struct Run {
    file: NamedFile,
    index: Index,
    filter: Filter,
    spread: Spread,
    entries: u64,
    bytes: u64,
    fingerprint: u64,
}

impl Run {
    /// How many rows it has.
    #[must_use]
    pub fn entries(&self) -> u64 {
        self.entries
    }

    /// How its keys are spread.
    #[must_use]
    pub fn spread(&self) -> Spread {
        self.spread
    }

    /// How long its file is.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What tells it from every run that holds other rows, though that has the same name, as
    /// many rows and as many bytes: a check of all its checks.
    #[must_use]
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Its smallest key; none in an empty run.
    #[must_use]
    pub fn first_key(&self) -> Option<&[u8]> {
        self.index.first_key(0)
    }

    /// Its greatest key; none in an empty run.
    #[must_use]
    pub fn last_key(&self) -> Option<&[u8]> {
        Some(self.index.last_key()).filter(|key| !key.is_empty())
    }

    /// Its file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.file.path
    }

    /// The memory that it keeps while it is open, roughly.
    #[must_use]
    pub fn resident_bytes(&self) -> usize {
        size_of::<Self>() + self.index.resident_bytes() + self.filter.bytes()
    }

    /// Whether it may have a key: a "no" is certain. Without a filter it may have any.
    #[inline]
    #[must_use]
    pub fn may_hold(&self, key: &[u8]) -> bool {
        self.may_hold_hash(Hash::of(key, self.spread))
    }

    /// The same for a key that was hashed before, as keys of this spread are.
    #[inline]
    #[must_use]
    pub fn may_hold_hash(&self, hash: Hash) -> bool {
        self.filter.may_hold(hash)
    }

    /// Reads what asking the filter for a key will read ([`Filter::warm`](crate::Filter::warm)).
    #[inline]
    #[must_use]
    pub fn warm(&self, hash: Hash) -> u64 {
        self.filter.warm(hash)
    }

    /// The value under a key.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`], [`RunError::Damaged`].
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, RunError> {
        if self.may_hold(key) { self.find(key) } else { Ok(None) }
    }

    /// The value under a key, of which the filter was asked.
    pub(crate) fn find(&self, key: &[u8]) -> Result<Option<Vec<u8>>, RunError> {
        let Some(block) = self.index.blocks_while(|first| first <= key).checked_sub(1) else {
            return Ok(None);
        };
        if key > self.index.last_key() {
            return Ok(None);
        }
        let mut entries = Vec::new();
        read_block(&self.file, &self.index, block, &mut entries)?;
        let value =
            value_of(&entries, key).map_err(|flaw| malformed(&self.file, &self.index, block, flaw))?;
        Ok(value.map(<[u8]>::to_vec))
    }

    /// The rows between two bounds, from either end. Bounds in the wrong order have none between.
    #[must_use]
    pub fn range(&self, from: Bound<&[u8]>, to: Bound<&[u8]>) -> Range<'_> {
        Range::new(self, from, to)
    }

    /// Reads a block and takes it apart.
    fn load(&self, block: usize, cells: &mut Cells) -> Result<(), RunError> {
        read_block(&self.file, &self.index, block, &mut cells.entries)?;
        cells.split().map_err(|flaw| malformed(&self.file, &self.index, block, flaw))
    }
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Run({} entries {} bytes {})", self.path().display(), self.entries, self.bytes)
    }
}

/// Reads the entries of a block and holds them against the index.
fn read_block(file: &NamedFile, index: &Index, block: usize, into: &mut Vec<u8>) -> Result<(), RunError> {
    let place = index.place(block).unwrap_or_default();
    // The index allows no block that is longer than one can be.
    into.resize(usize::try_from(place.end - place.start).unwrap_or_default(), 0);
    file.read(place.start, into)?;
    let expected = index.check(block).unwrap_or_default();
    let found = check(into, place.start);
    Flaw::unless_equal("block", place.start, expected, found).map_err(|flaw| flaw.of(&file.path))?;
    match Cursor::new(into).next() {
        Some(Ok(first)) if Some(first.suffix) == index.first_key(block) => Ok(()),
        _ => Err(malformed(file, index, block, Malformed)),
    }
}

/// A block that fits its check and is none all the same.
#[cold]
fn malformed(file: &NamedFile, index: &Index, block: usize, _flaw: Malformed) -> RunError {
    let at = index.place(block).unwrap_or_default().start;
    let expected = "entries in order that begin with the key of the index and fill the block";
    Flaw::new("block", at, expected, "others").of(&file.path)
}
