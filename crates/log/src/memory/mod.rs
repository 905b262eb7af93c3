//! A log in memory: the same [`VolumeLog`] over ports that keep everything in maps.

mod disk;
mod files;
mod volume;

use std::ops::Deref;
use std::sync::Arc;

use crate::{LedgerId, OpenError, Settings, VolumeLog};

pub use disk::{Keep, MemoryDisk, Operation};
pub use files::MemoryFiles;
pub use volume::MemoryVolumes;

/// A log on a disk in memory.
pub struct MemoryLog {
    log: Arc<VolumeLog>,
    disk: MemoryDisk,
}

impl MemoryLog {
    /// A new, empty log.
    pub fn new(ledger: LedgerId) -> Result<Self, OpenError> {
        Self::with(ledger, Settings::default())
    }

    /// A new, empty log with settings of its own.
    pub fn with(ledger: LedgerId, settings: Settings) -> Result<Self, OpenError> {
        let disk = MemoryDisk::new();
        let log = disk.create(ledger, settings)?;
        Ok(Self { log: Arc::new(log), disk })
    }

    /// The log, to share.
    #[must_use]
    pub fn log(&self) -> Arc<VolumeLog> {
        Arc::clone(&self.log)
    }

    /// The disk under it.
    #[must_use]
    pub fn disk(&self) -> &MemoryDisk {
        &self.disk
    }
}

impl Deref for MemoryLog {
    type Target = VolumeLog;

    fn deref(&self) -> &VolumeLog {
        &self.log
    }
}
