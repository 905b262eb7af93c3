//! The finished volumes that are open for reading: the last used ones, within bounds.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::shelf::folder;
use crate::{Extent, OpenError, Sealed, Volumes};

/// Each open volume takes a handle, of which a process has a thousand.
const MAX_OPEN: usize = 64;
/// What all of them may take in memory: 64 volumes of frames of 8 KiB and more, fewer of smaller ones.
const MAX_BYTES: usize = 16 << 20;

/// Opens finished volumes and keeps those that were used last.
#[derive(Default)]
pub(super) struct OpenVolumes {
    /// The last used one is the last.
    open: Mutex<Vec<(u64, Arc<dyn Sealed>)>>,
    /// Held while one is opened, so that nobody scans a volume beside somebody who does.
    opening: Mutex<()>,
}

impl OpenVolumes {
    fn open(&self) -> MutexGuard<'_, Vec<(u64, Arc<dyn Sealed>)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn opening(&self) -> MutexGuard<'_, ()> {
        self.opening.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A volume that is open, or is opened now.
    pub(super) fn get(&self, volumes: &dyn Volumes, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError> {
        let number = extent.origin.volume;
        if let Some(sealed) = self.used(number) {
            return Ok(sealed);
        }
        let _alone = self.opening();
        if let Some(sealed) = self.used(number) {
            return Ok(sealed);
        }
        let sealed = volumes.open_sealed(&folder(number), extent)?;
        self.keep(number, &sealed);
        Ok(sealed)
    }

    /// Looks for every frame of a volume again. What was remembered of it is not believed.
    pub(super) fn rescan(
        &self,
        volumes: &dyn Volumes,
        extent: &Extent,
    ) -> Result<Arc<dyn Sealed>, OpenError> {
        let _alone = self.opening();
        let number = extent.origin.volume;
        self.open().retain(|(other, _)| *other != number);
        let sealed = volumes.rescan(&folder(number), extent)?;
        self.keep(number, &sealed);
        Ok(sealed)
    }

    /// Prepares a volume that was finished just now.
    pub(super) fn settle(&self, volumes: &dyn Volumes, extent: &Extent) -> Result<(), OpenError> {
        let _alone = self.opening();
        let sealed = volumes.settle(&folder(extent.origin.volume), extent)?;
        self.keep(extent.origin.volume, &sealed);
        Ok(())
    }

    pub(super) fn clear(&self) {
        self.open().clear();
    }

    fn used(&self, number: u64) -> Option<Arc<dyn Sealed>> {
        let mut open = self.open();
        let at = open.iter().position(|(other, _)| *other == number)?;
        let used = open.remove(at);
        let sealed = Arc::clone(&used.1);
        open.push(used);
        Some(sealed)
    }

    fn keep(&self, number: u64, sealed: &Arc<dyn Sealed>) {
        let mut open = self.open();
        open.retain(|(other, _)| *other != number);
        open.push((number, Arc::clone(sealed)));
        let bytes = |open: &[(u64, Arc<dyn Sealed>)]| {
            open.iter().fold(0_usize, |sum, (_, sealed)| sum.saturating_add(sealed.memory_bytes()))
        };
        while open.len() > MAX_OPEN || (open.len() > 1 && bytes(&open) > MAX_BYTES) {
            open.remove(0);
        }
    }
}
