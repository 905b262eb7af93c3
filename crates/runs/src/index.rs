//! The index: the first key, the place and the check of each block, kept in memory by an open run.

use std::ops::Range;

use crate::block::{LONGEST_BLOCK, SHORTEST_BLOCK};
use crate::error::Flaw;
use crate::header::HEADER_BYTES;
use crate::input::Input;

/// How many bytes the length of a block takes.
const LENGTH_BYTES: usize = size_of::<u32>();

/// Where a block is, and where its first key is in the bytes of the index.
#[derive(Clone, Copy, Debug)]
struct Place {
    offset: u64,
    key: usize,
}

/// The blocks of a run, in order.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    bytes: Vec<u8>,
    places: Vec<Place>,
    // Where the last block ends.
    end: u64,
    // Where the last key is; beyond the bytes while blocks are still added.
    last: usize,
}

impl Index {
    /// Of no blocks yet.
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::new(), places: Vec::new(), end: HEADER_BYTES as u64, last: usize::MAX }
    }

    /// Adds the block that comes next.
    pub(crate) fn push(&mut self, first_key: &[u8], length: u32, check: u64) {
        self.places.push(Place { offset: self.end, key: self.bytes.len() });
        put_key(&mut self.bytes, first_key);
        self.bytes.extend_from_slice(&length.to_le_bytes());
        self.bytes.extend_from_slice(&check.to_le_bytes());
        self.end += u64::from(length);
    }

    /// Says what the last key of the last block is; empty for no blocks.
    pub(crate) fn close(&mut self, last_key: &[u8]) {
        self.last = self.bytes.len();
        put_key(&mut self.bytes, last_key);
    }

    /// Its bytes in a file.
    pub(crate) fn encode(&self) -> &[u8] {
        &self.bytes
    }

    /// From its bytes, which begin at a byte of the file, for so many blocks up to an end.
    pub(crate) fn decode(bytes: Vec<u8>, at: u64, blocks: u64, end: u64) -> Result<Self, Flaw> {
        let wrong =
            |found: &str| Flaw::new("index", at, "the first keys, lengths and checks of all blocks", found);
        let short = || wrong("an index that ends before");
        let mut index = Self { bytes, ..Self::new() };
        let mut input = Input(&index.bytes);
        let mut before: &[u8] = &[];
        for _ in 0..blocks {
            let key_at = index.bytes.len() - input.0.len();
            let key = take_key(&mut input).ok_or_else(short)?;
            let length = input.array::<LENGTH_BYTES>().map(u32::from_le_bytes).ok_or_else(short)?;
            if key <= before || !(SHORTEST_BLOCK..=LONGEST_BLOCK).contains(&(length as usize)) {
                return Err(wrong("a first key out of order or an impossible length"));
            }
            input.u64().ok_or_else(short)?;
            index.places.push(Place { offset: index.end, key: key_at });
            index.end += u64::from(length);
            before = key;
        }
        index.last = index.bytes.len() - input.0.len();
        let last = take_key(&mut input).ok_or_else(short)?;
        if last < before || last.is_empty() != (blocks == 0) || !input.0.is_empty() || index.end != end {
            return Err(wrong("blocks that do not add up to the file"));
        }
        index.places.shrink_to_fit();
        Ok(index)
    }

    /// How many blocks there are.
    pub(crate) fn blocks(&self) -> usize {
        self.places.len()
    }

    /// Where the last block ends.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    /// The bytes of a block in the file.
    pub(crate) fn place(&self, block: usize) -> Option<Range<u64>> {
        let next = block.checked_add(1).and_then(|next| self.places.get(next));
        Some(self.places.get(block)?.offset..next.map_or(self.end, |next| next.offset))
    }

    /// The first key of a block.
    pub(crate) fn first_key(&self, block: usize) -> Option<&[u8]> {
        self.places.get(block).map(|place| self.key(place.key))
    }

    /// What the check of a block should be.
    pub(crate) fn check(&self, block: usize) -> Option<u64> {
        let mut input = Input(self.bytes.get(self.places.get(block)?.key..)?);
        take_key(&mut input)?;
        input.array::<LENGTH_BYTES>()?;
        input.u64()
    }

    /// The last key of all; empty where there are none.
    pub(crate) fn last_key(&self) -> &[u8] {
        self.key(self.last)
    }

    /// How many blocks from the first on have a first key for which this is true.
    pub(crate) fn blocks_while(&self, holds: impl Fn(&[u8]) -> bool) -> usize {
        self.places.partition_point(|place| holds(self.key(place.key)))
    }

    /// The memory it takes.
    pub(crate) fn resident_bytes(&self) -> usize {
        self.bytes.capacity() + self.places.capacity() * size_of::<Place>()
    }

    fn key(&self, at: usize) -> &[u8] {
        take_key(&mut Input(self.bytes.get(at..).unwrap_or_default())).unwrap_or_default()
    }
}

/// Appends a key, which is at most 255 bytes, behind its length.
fn put_key(bytes: &mut Vec<u8>, key: &[u8]) {
    bytes.push(u8::try_from(key.len()).unwrap_or(u8::MAX));
    bytes.extend_from_slice(key);
}

/// Takes a key behind its length.
fn take_key<'a>(input: &mut Input<'a>) -> Option<&'a [u8]> {
    let length = input.byte()?;
    input.bytes(usize::from(length))
}
