//! The lock of a log's folder: one writer, or any number of checkers.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::OpenError;

/// How often a held folder is asked for again, and after how long.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(10);

/// Holds the folder until it is dropped; the system lets go of it when the process dies.
#[derive(Debug)]
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// The name of the lock in the log's folder. Its content means nothing.
    pub const NAME: &'static str = "lock";

    /// Takes the folder for one writer.
    pub fn exclusive(folder: &Path) -> Result<Self, OpenError> {
        let path = folder.join(Self::NAME);
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path);
        let file = file.map_err(|source| OpenError::io(&path, source))?;
        Self::take(path, file, File::try_lock)
    }

    /// Takes the folder for a check. Nothing is written: where no lock file is, nobody can hold it.
    pub fn shared(folder: &Path) -> Result<Option<Self>, OpenError> {
        let path = folder.join(Self::NAME);
        match File::open(&path) {
            Ok(file) => Self::take(path, file, File::try_lock_shared).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(OpenError::io(path, source)),
        }
    }

    /// One that is held is asked for again for a fifth of a second: a program that the last holder
    /// is just starting has a copy of the lock until it has become that program.
    fn take(
        path: PathBuf,
        file: File,
        lock: fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Self, OpenError> {
        let mut taken = lock(&file);
        for _ in 0..TRIES {
            if !matches!(taken, Err(TryLockError::WouldBlock)) {
                break;
            }
            thread::sleep(PAUSE);
            taken = lock(&file);
        }
        match taken {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(OpenError::Locked { path }),
            Err(TryLockError::Error(source)) => Err(OpenError::io(path, source)),
        }
    }
}
