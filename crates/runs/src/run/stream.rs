//! A stream: the rows of a run from the first to the last, one at a time, to be merged.

use super::{Run, malformed, read_block};
use crate::RunError;
use crate::block::{Cursor, Malformed, Stand};

/// A run's rows, of which one is looked at. Its memory is used again for the next block.
pub(crate) struct Stream<'a> {
    run: &'a Run,
    /// The block that comes next.
    next: usize,
    entries: Vec<u8>,
    stand: Stand,
    key: Vec<u8>,
    /// The key's first sixteen bytes as a number: nearly always enough to compare by.
    start: u128,
    /// How long the value is that ends where the cursor stands.
    value: usize,
}

impl<'a> Stream<'a> {
    /// At the first row of a run; `None` for an empty one.
    pub(crate) fn of(run: &'a Run) -> Result<Option<Self>, RunError> {
        let (entries, key, stand) = (Vec::new(), Vec::new(), Stand::default());
        let mut stream = Self { run, next: 0, entries, stand, key, start: 0, value: 0 };
        Ok(stream.advance()?.then_some(stream))
    }

    /// Goes to the next row; whether there is one.
    pub(crate) fn advance(&mut self) -> Result<bool, RunError> {
        loop {
            let mut cursor = Cursor::resume(&self.entries, self.stand);
            if let Some(entry) = cursor.next() {
                let entry = entry.map_err(|flaw| self.malformed(flaw))?;
                if self.key.get(entry.shared) >= entry.suffix.first() && self.stand != Stand::default() {
                    return Err(self.malformed(Malformed));
                }
                self.stand = cursor.stand(&self.entries);
                self.key.truncate(entry.shared);
                self.key.extend_from_slice(entry.suffix);
                self.value = entry.value.len();
                self.start = start(&self.key);
                return Ok(true);
            }
            if self.next == self.run.index.blocks() {
                return Ok(false);
            }
            read_block(&self.run.file, &self.run.index, self.next, &mut self.entries)?;
            self.next += 1;
            self.stand = Stand::default();
        }
    }

    /// The key.
    #[inline]
    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }

    /// What its first bytes are as a number.
    #[inline]
    pub(crate) fn start(&self) -> u128 {
        self.start
    }

    /// The value.
    #[inline]
    pub(crate) fn value(&self) -> &[u8] {
        let end = self.stand.at();
        self.entries.get(end.saturating_sub(self.value)..end).unwrap_or_default()
    }

    #[cold]
    fn malformed(&self, flaw: Malformed) -> RunError {
        malformed(&self.run.file, &self.run.index, self.next.saturating_sub(1), flaw)
    }
}

/// The first sixteen bytes of a key as a number that is ordered as they are.
#[inline]
fn start(key: &[u8]) -> u128 {
    let mut start = [0; 16];
    let length = key.len().min(start.len());
    if let (Some(start), Some(key)) = (start.get_mut(..length), key.get(..length)) {
        start.copy_from_slice(key);
    }
    u128::from_be_bytes(start)
}
