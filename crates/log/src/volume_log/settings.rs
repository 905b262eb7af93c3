//! How large volumes grow and how often the anchor is synced.

use std::time::Duration;

/// What may differ between logs, and is small in tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// A volume with so many bytes of frames is sealed. 64 MiB: an engine may keep in memory what is
    /// written to the volume, and an open reads all of it.
    pub volume_bytes: u64,
    /// A volume with so many trees is sealed. 1,000: the list of trees is rewritten with each new one.
    pub volume_trees: u64,
    /// The anchor is synced by the first commit after this time. Zero syncs it with every commit,
    /// `Duration::MAX` only on seal and close.
    pub anchor_every: Duration,
    /// The newest frames are kept for readers up to so many bytes. 16 MiB: a follower a second
    /// behind a busy writer still finds them here.
    pub recent_bytes: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            volume_bytes: 64 << 20,
            volume_trees: 1_000,
            anchor_every: Duration::from_millis(100),
            recent_bytes: 16 << 20,
        }
    }
}
