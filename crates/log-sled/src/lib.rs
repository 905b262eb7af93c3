//! The default volume of the log, on sled 0.34, and the log that stands on it.
//!
//! sled is quick and has sharp edges: its flush is no sync, opening it writes, and what it takes for
//! a torn tail it zeroes. `volume/` keeps to what was measured to be safe; `raw/` reads sled's file
//! without sled, so that damage is reported before anything can touch it.

mod guard;
mod raw;
mod sealed;
mod shelf;
mod volume;

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;

use counterfoil_log::{DiskFiles, FolderLock, LedgerId, VolumeLog};

pub use counterfoil_log::{OpenError, RawReport, Settings};
pub use shelf::SledVolumes;

/// A [`VolumeLog`] on sled volumes and disk files.
pub type SledLog = VolumeLog;

/// Creates a log in a folder that is not there or empty, durable with its name.
pub fn create(dir: &Path, ledger: LedgerId, settings: Settings) -> Result<Arc<SledLog>, OpenError> {
    let at_dir = |source| OpenError::io(dir, source);
    for name in names(dir)? {
        if !VolumeLog::is_leftover(&name) {
            return Err(OpenError::NotEmpty { path: dir.to_owned(), found: name });
        }
    }
    fs::create_dir_all(dir).map_err(at_dir)?;
    let lock = FolderLock::exclusive(dir)?;
    let log = VolumeLog::create(ledger, files(dir), volumes(dir), settings, Some(lock));
    let log = log.map_err(|error| error.below(dir))?;
    // The names of the folders above, as far up as they may be new.
    for folder in dir.ancestors().skip(1).take(2).filter(|folder| !folder.as_os_str().is_empty()) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(at_dir)?;
    }
    Ok(Arc::new(log))
}

/// Opens the log of a folder with the usual settings.
pub fn open(dir: &Path) -> Result<Arc<SledLog>, OpenError> {
    open_with(dir, Settings::default())
}

/// Opens the log of a folder: lock, check, and only then sled.
pub fn open_with(dir: &Path, settings: Settings) -> Result<Arc<SledLog>, OpenError> {
    if !exists(dir) {
        return Err(OpenError::Missing { path: dir.to_owned() });
    }
    let lock = FolderLock::exclusive(dir)?;
    let log = VolumeLog::open(files(dir), volumes(dir), settings, Some(lock));
    log.map(Arc::new).map_err(|error| error.below(dir))
}

/// Whether the folder holds a log, whole or damaged.
#[must_use]
pub fn exists(dir: &Path) -> bool {
    names(dir).is_ok_and(|names| names.iter().any(|name| VolumeLog::is_part(name)))
}

/// Checks every byte of a log that matters, without opening sled and without writing.
pub fn check(dir: &Path) -> Result<RawReport, OpenError> {
    if !exists(dir) {
        return Err(OpenError::Missing { path: dir.to_owned() });
    }
    let _lock = FolderLock::shared(dir)?;
    VolumeLog::check(&DiskFiles::new(dir), &SledVolumes::new(dir)).map_err(|error| error.below(dir))
}

fn files(dir: &Path) -> Arc<DiskFiles> {
    Arc::new(DiskFiles::new(dir))
}

fn volumes(dir: &Path) -> Arc<SledVolumes> {
    Arc::new(SledVolumes::new(dir))
}

fn names(dir: &Path) -> Result<Vec<String>, OpenError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(OpenError::io(dir, source)),
    };
    let names: io::Result<Vec<String>> =
        entries.map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned())).collect();
    names.map_err(|source| OpenError::io(dir, source))
}
