//! A finished volume, read from sled's file without sled.
//!
//! sled would keep in memory all that is read through it, and reads the whole file to open it. A
//! frame is one run of bytes in `db` (see `raw/`), and the file of a finished volume is never written
//! again: to know where its frames lie is enough. That is what the index remembers.

mod index;

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use counterfoil_log::{Bytes, Extent, FrameHeader, HEADER_BYTES, OpenError, Record, Sealed, VolumeError};

use crate::raw::{self, Place};
use index::Index;

/// One read takes frames that lie together, up to so many bytes: more measured no better, and a frame
/// that somebody keeps holds its whole run in memory.
const RUN_BYTES: usize = 256 << 10;
/// Between two frames of a run there may be so much of sled's own.
const GAP_BYTES: usize = 8 << 10;

/// A finished volume of which it is known where its frames lie.
pub(crate) struct SealedDb {
    file: File,
    index: Index,
}

impl SealedDb {
    /// Opens a volume by its index; where there is none that fits, by a check of the whole volume.
    pub(crate) fn open(path: &Path, folder: &str, extent: &Extent) -> Result<Self, OpenError> {
        match Index::load(path, extent) {
            Some(index) => Ok(Self { file: raw::open_file(path, folder, extent)?, index }),
            None => Self::rescan(path, folder, extent),
        }
    }

    /// Remembers where the frames of a volume lie that was finished just now. Their payloads were
    /// hashed a moment ago, so the headers are enough.
    pub(crate) fn settle(path: &Path, folder: &str, extent: &Extent) -> Result<Self, OpenError> {
        match raw::places(path, folder, extent, FrameHeader::decode) {
            Ok(places) => Self::remember(path, folder, extent, places),
            Err(_) => Self::rescan(path, folder, extent),
        }
    }

    /// Verifies every frame of the volume and remembers where they lie.
    pub(crate) fn rescan(path: &Path, folder: &str, extent: &Extent) -> Result<Self, OpenError> {
        let places = raw::places(path, folder, extent, FrameHeader::verify_front)?;
        Self::remember(path, folder, extent, places)
    }

    fn remember(path: &Path, folder: &str, extent: &Extent, places: Vec<Place>) -> Result<Self, OpenError> {
        let file = raw::open_file(path, folder, extent)?;
        let index = Index::new(extent, places);
        if let Err(error) = index.store(path, extent) {
            tracing::warn!(volume = folder, %error, "the index was not stored; it is made again when it is missed");
        }
        Ok(Self { file, index })
    }

    /// The frames at the front of some places that one read can take: how many, and where it reads.
    fn run(places: &[Place], max_bytes: usize) -> (usize, Range<u64>) {
        let Some(first) = places.first() else { return (0, 0..0) };
        let mut span = first.range();
        let mut taken = first.len();
        let mut count = 1_usize;
        for place in places.iter().skip(1) {
            let next = place.range();
            taken = taken.saturating_add(place.len());
            let gap = next.start.checked_sub(span.end).and_then(|gap| usize::try_from(gap).ok());
            let whole = usize::try_from(next.end.saturating_sub(span.start)).unwrap_or(usize::MAX);
            if taken > max_bytes || whole > RUN_BYTES || gap.is_none_or(|gap| gap > GAP_BYTES) {
                break;
            }
            span.end = next.end;
            count = count.saturating_add(1);
        }
        (count, span)
    }

    /// Reads one run. A frame that the file does not hold whole any more comes back cut.
    fn read_run(&self, span: Range<u64>) -> Result<Arc<Vec<u8>>, VolumeError> {
        let length = usize::try_from(span.end.saturating_sub(span.start)).unwrap_or(0);
        let mut run = vec![0; length];
        let filled = raw::read_at(&self.file, &mut run, span.start)?;
        run.truncate(filled);
        Ok(Arc::new(run))
    }
}

impl Sealed for SealedDb {
    fn range(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, VolumeError> {
        let mut places = self.index.from(from);
        let mut number = from;
        let mut left = max_bytes;
        let mut records: Vec<Record> = Vec::new();
        while let Some(first) = places.first().filter(|first| records.is_empty() || first.len() <= left) {
            let (count, span) = Self::run(places, left.max(first.len()));
            let start = span.start;
            let run = self.read_run(span)?;
            let (taken, rest) = places.split_at_checked(count).unwrap_or_default();
            for place in taken {
                let offset = |byte: u64| usize::try_from(byte.saturating_sub(start)).unwrap_or(usize::MAX);
                let range = place.range();
                let range = offset(range.start).min(run.len())..offset(range.end).min(run.len());
                records.push((number, Bytes::part(&run, range).unwrap_or_default()));
                number = number.saturating_add(1);
                left = left.saturating_sub(place.len());
            }
            places = rest;
        }
        Ok(records)
    }

    fn header(&self, number: u64) -> Result<Option<[u8; HEADER_BYTES]>, VolumeError> {
        let Some(place) = self.index.from(number).first() else { return Ok(None) };
        let mut header = [0; HEADER_BYTES];
        raw::read_at(&self.file, &mut header, place.offset)?;
        Ok(Some(header))
    }

    fn holding(&self, position: u64) -> Result<Option<u64>, VolumeError> {
        Ok(self.index.holding(position))
    }

    fn memory_bytes(&self) -> usize {
        self.index.memory_bytes()
    }
}
