//! The rows between two bounds, a block at a time, from both ends.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::{self, Bound};

use super::Run;
use crate::block::Cells;
use crate::{Row, RunError};

/// The rows of one run between two bounds. After an error there are none.
pub struct Range<'a> {
    run: &'a Run,
    from: Bound<Vec<u8>>,
    to: Bound<Vec<u8>>,
    // Blocks that neither end has come to.
    blocks: ops::Range<usize>,
    front: Cells,
    back: Cells,
}

impl<'a> Range<'a> {
    pub(super) fn new(run: &'a Run, from: Bound<&[u8]>, to: Bound<&[u8]>) -> Self {
        let index = &run.index;
        let start = match from {
            Bound::Unbounded => 0,
            Bound::Included(from) | Bound::Excluded(from) if from > index.last_key() => index.blocks(),
            Bound::Included(from) | Bound::Excluded(from) => {
                index.blocks_while(|first| first <= from).saturating_sub(1)
            }
        };
        let end = match to {
            Bound::Unbounded => index.blocks(),
            Bound::Included(to) => index.blocks_while(|first| first <= to),
            Bound::Excluded(to) => index.blocks_while(|first| first < to),
        };
        Self {
            run,
            from: from.map(<[u8]>::to_vec),
            to: to.map(<[u8]>::to_vec),
            blocks: start..end,
            front: Cells::default(),
            back: Cells::default(),
        }
    }

    /// Reads a block for one end, and ends the range where that fails.
    #[cold]
    fn load(&mut self, block: usize, back: bool) -> Result<(), RunError> {
        let cells = if back { &mut self.back } else { &mut self.front };
        let loaded = self.run.load(block, cells);
        if loaded.is_ok() {
            cells.keep(self.from.as_ref().map(Vec::as_slice), self.to.as_ref().map(Vec::as_slice));
        } else {
            self.blocks = 0..0;
            self.front.clear();
            self.back.clear();
        }
        loaded
    }
}

impl Iterator for Range<'_> {
    type Item = Result<Row, RunError>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.front.next() {
                return Some(Ok(row));
            }
            let Some(block) = self.blocks.next() else {
                return self.back.next().map(Ok);
            };
            if let Err(error) = self.load(block, false) {
                return Some(Err(error));
            }
        }
    }
}

impl DoubleEndedIterator for Range<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.back.next_back() {
                return Some(Ok(row));
            }
            let Some(block) = self.blocks.next_back() else {
                return self.front.next_back().map(Ok);
            };
            if let Err(error) = self.load(block, true) {
                return Some(Err(error));
            }
        }
    }
}

impl FusedIterator for Range<'_> {}

impl fmt::Debug for Range<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Range({} {:?} to {:?})", self.run.path().display(), self.from, self.to)
    }
}
