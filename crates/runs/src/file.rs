//! A file and its path, so that every error of the system says which file and what for.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use crate::RunError;

/// An open file.
#[derive(Debug)]
pub(crate) struct NamedFile {
    file: File,
    pub(crate) path: PathBuf,
}

impl NamedFile {
    /// Opens a file for reading.
    pub(crate) fn open(path: &Path) -> Result<Self, RunError> {
        let file = File::open(path).map_err(refused(path, "open"))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Makes an empty file for writing and reading, in place of one that is there.
    pub(crate) fn create(path: &Path) -> Result<Self, RunError> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(path);
        Ok(Self { file: file.map_err(refused(path, "create"))?, path: path.to_owned() })
    }

    /// How long it is.
    pub(crate) fn length(&self) -> Result<u64, RunError> {
        Ok(self.file.metadata().map_err(refused(&self.path, "look at"))?.len())
    }

    /// Fills a buffer from a place on.
    pub(crate) fn read(&self, at: u64, into: &mut [u8]) -> Result<(), RunError> {
        self.file.read_exact_at(into, at).map_err(refused(&self.path, "read"))
    }

    /// Writes bytes from a place on.
    pub(crate) fn write(&self, at: u64, bytes: &[u8]) -> Result<(), RunError> {
        self.file.write_all_at(bytes, at).map_err(refused(&self.path, "write"))
    }

    /// Waits until all of it is durable.
    pub(crate) fn sync(&self) -> Result<(), RunError> {
        self.file.sync_all().map_err(refused(&self.path, "sync"))
    }
}

/// Gives a file its name, durably.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), RunError> {
    std::fs::rename(from, to).map_err(refused(from, "rename"))?;
    let folder = to.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(refused(folder, "sync"))
}

/// Makes an error of what the system said.
fn refused<'a>(path: &'a Path, doing: &'static str) -> impl FnOnce(io::Error) -> RunError + 'a {
    move |source| RunError::Io { path: path.to_owned(), doing, source }
}
