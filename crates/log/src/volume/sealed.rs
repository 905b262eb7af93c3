//! The port to a finished volume: its frames are read where they lie, without the engine.

use super::Record;
use crate::{HEADER_BYTES, VolumeError};

/// A finished volume, open for reading. Nothing it gives is verified.
pub trait Sealed: Send + Sync {
    /// The values of frames from that number on, in order and without a gap, at least one if there
    /// is one, within `max_bytes` unless the first alone exceeds it.
    fn range(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, VolumeError>;
    /// The bytes of a frame's header; none where the volume has no such frame.
    fn header(&self, number: u64) -> Result<Option<[u8; HEADER_BYTES]>, VolumeError>;
    /// The last frame whose first position is not beyond a position. A control frame shares its
    /// position with the frame after it, so the last one is the one that holds the event.
    fn holding(&self, position: u64) -> Result<Option<u64>, VolumeError>;
    /// What it takes in memory while it is open.
    fn memory_bytes(&self) -> usize;
}
