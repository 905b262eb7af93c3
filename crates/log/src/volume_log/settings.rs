//! How large volumes grow and how often the anchor is synced.

use std::time::Duration;

/// What may differ between logs, and is small in tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// A volume with so many bytes of frames is sealed. 256 MiB: a cold open costs 0.6 s, a scan as much memory.
    pub volume_bytes: u64,
    /// A volume with so many trees is sealed. 4,000: the list of trees is rewritten with each new one.
    pub volume_trees: u64,
    /// The anchor is synced by the first commit after this time. Zero syncs it with every commit,
    /// `Duration::MAX` only on seal and close.
    pub anchor_every: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self { volume_bytes: 256 << 20, volume_trees: 4_000, anchor_every: Duration::from_millis(100) }
    }
}
