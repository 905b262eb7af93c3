//! One sled database as a volume: small trees, a bound on what is un-synced, and a sync that is one.
//!
//! sled splits a leaf above 16 entries and rewrites a page after 10 changes. So a tree takes at least
//! 8 frames and 64 KiB, is named by its first frame, and is never touched again: the bytes written
//! are then 1.01 times the frames', not 4 to 6 times.

mod trees;

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Mutex, PoisonError, RwLock};

use counterfoil_log::{Bytes, Fill, MAX_FRAME, MAX_UNSYNCED, OpenError, Record, Volume, VolumeError};

use crate::guard::words;
use trees::{Growth, Trees};

/// A volume on sled.
pub(crate) struct SledVolume {
    /// Emptied by the drop alone.
    db: Option<sled::Db>,
    /// Our own handle on sled's file: its flush never syncs, this does.
    file: File,
    trees: RwLock<Trees>,
    growth: Mutex<Growth>,
}

impl SledVolume {
    /// Wraps an open database that holds so many bytes of frames.
    pub(crate) fn new(db: sled::Db, path: &Path, bytes: u64) -> Result<Self, OpenError> {
        let file = path.join("db");
        let handle = File::open(&file).map_err(|source| OpenError::io(&file, source))?;
        let trees = Trees::open(&db).map_err(|error| OpenError::io(path, std::io::Error::other(error)))?;
        let growth =
            trees.growth(bytes).map_err(|error| OpenError::io(path, std::io::Error::other(error)))?;
        Ok(Self { db: Some(db), file: handle, trees: RwLock::new(trees), growth: Mutex::new(growth) })
    }

    fn db(&self) -> Result<&sled::Db, VolumeError> {
        self.db.as_ref().ok_or_else(|| VolumeError::Engine("it is closed".to_owned()))
    }

    fn trees(&self) -> Trees {
        self.trees.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Volume for SledVolume {
    fn put(&self, number: u64, value: &[u8]) -> Result<(), VolumeError> {
        let mut growth = self.growth.lock().unwrap_or_else(PoisonError::into_inner);
        let unsynced = growth.unsynced.saturating_add(value.len());
        if unsynced > MAX_UNSYNCED {
            return Err(VolumeError::Unsynced { bytes: unsynced, limit: MAX_UNSYNCED });
        }
        if value.len() > MAX_FRAME {
            // Larger values could become blobs, which nobody syncs.
            return Err(VolumeError::Engine(format!("{} bytes are more than a frame has", value.len())));
        }
        let tree = match growth.tree_for_next() {
            Some(tree) => tree,
            None => {
                let tree = trees::open_tree(self.db()?, number)?;
                let mut trees = self.trees.write().unwrap_or_else(PoisonError::into_inner);
                trees.add(number, tree.clone());
                growth.begin_tree(tree.clone());
                tree
            }
        };
        tree.insert(number.to_be_bytes(), value).map_err(refused)?;
        growth.grow(value.len());
        Ok(())
    }

    fn sync(&self) -> Result<(), VolumeError> {
        let mut growth = self.growth.lock().unwrap_or_else(PoisonError::into_inner);
        self.db()?.flush().map_err(refused)?;
        self.file.sync_data()?;
        growth.unsynced = 0;
        Ok(())
    }

    fn get(&self, number: u64) -> Result<Option<Bytes>, VolumeError> {
        self.trees().get(number)
    }

    fn range(&self, from: u64, max_bytes: usize) -> Result<Vec<Record>, VolumeError> {
        self.trees().range(from, max_bytes)
    }

    fn last(&self) -> Result<Option<u64>, VolumeError> {
        self.trees().last()
    }

    fn fill(&self) -> Fill {
        let growth = self.growth.lock().unwrap_or_else(PoisonError::into_inner);
        Fill { bytes: growth.bytes, trees: growth.trees }
    }
}

impl Drop for SledVolume {
    fn drop(&mut self) {
        let db = self.db.take();
        let trees = std::mem::take(&mut *self.trees.write().unwrap_or_else(PoisonError::into_inner));
        let growing = self.growth.lock().unwrap_or_else(PoisonError::into_inner).forget_tree();
        // sled syncs when it is dropped, and panics where that fails.
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| drop((growing, trees, db)))) {
            tracing::error!(panic = words(&*panic), "sled panicked while it was closed");
        }
    }
}

/// What sled said, without its types.
pub(crate) fn refused(error: sled::Error) -> VolumeError {
    match error {
        sled::Error::Io(error) => VolumeError::Io(error),
        other @ (sled::Error::CollectionNotFound(_)
        | sled::Error::Unsupported(_)
        | sled::Error::ReportableBug(_)
        | sled::Error::Corruption { .. }) => VolumeError::Engine(other.to_string()),
    }
}
