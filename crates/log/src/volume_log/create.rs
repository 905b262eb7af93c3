//! Creating a log: the anchor first, then the first volume under its final name.
//!
//! A crash in between leaves an anchor at genesis and no volume, which open completes.

use std::sync::Arc;

use super::open::Parts;
use super::shelf::{folder, is_temporary, names, origin_file, temporary_folder};
use super::{Settings, VolumeLog};
use crate::anchor::{AnchorFile, UNFINISHED};
use crate::{Files, FolderLock, Head, LedgerId, OpenError, Origin, Volume, Volumes};

impl VolumeLog {
    /// Creates a log in a folder that is there and holds nothing, a lock and temporary things aside.
    pub fn create(
        ledger: LedgerId,
        files: Arc<dyn Files>,
        volumes: Arc<dyn Volumes>,
        settings: Settings,
        lock: Option<FolderLock>,
    ) -> Result<Self, OpenError> {
        for name in names(&*files)? {
            if is_temporary(&name) {
                remove_temporary(&*files, &name)?;
            } else if name != FolderLock::NAME {
                return Err(OpenError::NotEmpty { path: ".".into(), found: name });
            }
        }
        AnchorFile::create(&*files, ledger).map_err(|source| OpenError::io("anchor", source))?;
        Self::open_parts(Parts { files, volumes, settings, lock })
    }
}

/// Removes something unfinished.
pub(super) fn remove_temporary(files: &dyn Files, name: &str) -> Result<(), OpenError> {
    let removed = if name == UNFINISHED { files.remove_file(name) } else { files.remove_dir(name) };
    removed.map_err(|source| OpenError::io(name, source))
}

/// Makes the first volume, empty, under its final name. It is opened again: sled then writes zeros
/// to the end of the segment, and the small commits of a young log are quicker over those.
pub(super) fn first_volume(
    files: &dyn Files,
    volumes: &dyn Volumes,
    ledger: LedgerId,
) -> Result<(Origin, Arc<dyn Volume>), OpenError> {
    let temporary = temporary_folder(1);
    let origin = Origin { ledger, volume: 1, head: Head::genesis(ledger) };
    write_origin(files, &temporary, &origin)?;
    drop(volumes.create(&temporary)?);
    adopt(files, &temporary, &folder(1))?;
    Ok((origin, volumes.open(&folder(1))?))
}

/// Makes the folder of a volume to be, with its origin, durable but for the folder's own name.
pub(super) fn write_origin(files: &dyn Files, temporary: &str, origin: &Origin) -> Result<(), OpenError> {
    let file = origin_file(temporary);
    let made = files
        .create_dir(temporary)
        .and_then(|()| files.write_at(&file, 0, &origin.encode()))
        .and_then(|()| files.sync(&file));
    made.map_err(|source| OpenError::io(file, source))
}

/// Gives a finished volume its name: its own entries first, then the name in the log's folder.
pub(super) fn adopt(files: &dyn Files, temporary: &str, name: &str) -> Result<(), OpenError> {
    let adopted = files
        .sync_dir(temporary)
        .and_then(|()| files.rename(temporary, name))
        .and_then(|()| files.sync_dir(""));
    adopted.map_err(|source| OpenError::io(name, source))
}
