//! The shelf: one folder per sled database, below the log's folder.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use counterfoil_log::{Damage, Extent, OpenError, Sealed, Survey, Volume, Volumes};

use crate::guard;
use crate::raw;
use crate::sealed::SealedDb;
use crate::volume::SledVolume;

/// The sled volumes below a folder.
#[derive(Debug)]
pub struct SledVolumes {
    root: PathBuf,
    /// The bytes that the last check of a volume found: opening would have to read all of it to know.
    known_bytes: Mutex<HashMap<String, u64>>,
}

impl SledVolumes {
    /// The volumes below this folder.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), known_bytes: Mutex::default() }
    }

    fn known_bytes(&self, folder: &str) -> u64 {
        let known = self.known_bytes.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(folder).copied().unwrap_or(0)
    }
}

impl Volumes for SledVolumes {
    fn create(&self, folder: &str) -> Result<Arc<dyn Volume>, OpenError> {
        let path = self.root.join(folder);
        // After its open sled uses a path for blobs alone, and there are none: the folder may move.
        let volume = SledVolume::new(guard::open_db(&path, folder)?, &path, 0)?;
        // sled syncs none of these by itself. The folder's own name is the caller's to sync.
        for name in ["conf", "db", "blobs", "."] {
            let name = path.join(name);
            File::open(&name)
                .and_then(|file| file.sync_all())
                .map_err(|source| OpenError::io(name, source))?;
        }
        Ok(Arc::new(volume))
    }

    fn survey(&self, folder: &str, extent: &Extent) -> Result<Survey, OpenError> {
        let survey = raw::survey(&self.root.join(folder), folder, extent)?;
        let mut known = self.known_bytes.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(folder.to_owned(), survey.bytes);
        Ok(survey)
    }

    fn open(&self, folder: &str) -> Result<Arc<dyn Volume>, OpenError> {
        let path = self.root.join(folder);
        refuse_blobs(&path, folder)?;
        guard::remove_unfinished_snapshots(&path)?;
        let volume = SledVolume::new(guard::open_db(&path, folder)?, &path, self.known_bytes(folder))?;
        Ok(Arc::new(volume))
    }

    fn open_sealed(&self, folder: &str, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError> {
        let path = self.root.join(folder);
        refuse_blobs(&path, folder)?;
        Ok(Arc::new(SealedDb::open(&path, folder, extent)?))
    }

    fn settle(&self, folder: &str, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError> {
        let path = self.root.join(folder);
        refuse_blobs(&path, folder)?;
        Ok(Arc::new(SealedDb::settle(&path, folder, extent)?))
    }

    fn rescan(&self, folder: &str, extent: &Extent) -> Result<Arc<dyn Sealed>, OpenError> {
        let path = self.root.join(folder);
        refuse_blobs(&path, folder)?;
        Ok(Arc::new(SealedDb::rescan(&path, folder, extent)?))
    }
}

/// A blob is a value in a file of its own that nobody ever syncs. Frames are small enough that there is none.
fn refuse_blobs(path: &Path, folder: &str) -> Result<(), OpenError> {
    let blobs = path.join("blobs");
    let first = match fs::read_dir(&blobs) {
        Ok(mut entries) => entries.next(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(source) => return Err(OpenError::io(blobs, source)),
    };
    match first {
        None => Ok(()),
        Some(Ok(entry)) => {
            let name = format!("{folder}/blobs/{}", entry.file_name().to_string_lossy());
            Err(Damage::new(name, "no file: values are never stored apart", "a file").into())
        }
        Some(Err(source)) => Err(OpenError::io(blobs, source)),
    }
}
