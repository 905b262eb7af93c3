//! The port to one key-value database, and to the shelf of folders in which they stand.

mod error;
mod extent;
mod sealed;

use std::sync::Arc;

use crate::{Bytes, OpenError};

pub use error::VolumeError;
pub use extent::{End, Extent, Survey};
pub use sealed::Sealed;

/// The most a volume may hold un-synced: beyond two segments of 8 MiB sled can come back from a
/// power cut without error and empty. Half of one segment leaves room for what sled adds.
pub const MAX_UNSYNCED: usize = 4 << 20;

/// A frame's number and its bytes, not verified.
pub type Record = (u64, Bytes);

/// How full a volume is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fill {
    /// The bytes of its frames.
    pub bytes: u64,
    /// The trees it uses; 0 where the engine has none.
    pub trees: u64,
}

/// One key-value database whose keys are frame numbers.
pub trait Volume: Send + Sync {
    /// Stores a frame. Fails, and stores nothing, where more than [`MAX_UNSYNCED`] bytes would be un-synced.
    fn put(&self, number: u64, value: &[u8]) -> Result<(), VolumeError>;
    /// Makes everything stored so far really durable: through the page cache and the device's.
    fn sync(&self) -> Result<(), VolumeError>;
    /// The value of a frame, un-synced ones included.
    fn get(&self, number: u64) -> Result<Option<Bytes>, VolumeError>;
    /// The values of frames from that number on, in order, at least one if there is one, within
    /// `max_bytes` unless the first alone exceeds it. Numbers may be missing.
    fn range(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, VolumeError>;
    /// The greatest number stored.
    fn last(&self) -> Result<Option<u64>, VolumeError>;
    /// How full it is.
    fn fill(&self) -> Fill;
}

/// The shelf: creates, checks and opens volumes in folders below the log's.
pub trait Volumes: Send + Sync {
    /// Makes an empty volume in a folder that is there, and makes its files durable. The folder may
    /// be renamed while the volume is open, and the volume goes on.
    fn create(&self, folder: &str) -> Result<Arc<dyn Volume>, OpenError>;
    /// Checks a volume without opening it and without writing: every frame of the extent must be
    /// there, whole and chained, and must survive being opened.
    fn survey(&self, folder: &str, extent: &Extent) -> Result<Survey, OpenError>;
    /// Opens a volume. Call [`survey`](Self::survey) first: opening may write.
    fn open(&self, folder: &str) -> Result<Arc<dyn Volume>, OpenError>;
    /// Opens a finished volume for reading, without its engine. It may rely on what was remembered
    /// of where frames lie: where a frame does not fit, ask [`rescan`](Self::rescan).
    fn open_sealed(&self, folder: &str, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError>;
    /// Remembers where the frames of a volume lie that was finished just now, by their headers alone.
    fn settle(&self, folder: &str, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError>;
    /// Finds every frame of a finished volume anew, each one verified, and remembers where they lie.
    fn rescan(&self, folder: &str, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError>;
}
