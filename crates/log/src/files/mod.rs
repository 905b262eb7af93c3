//! The port to plain files: the anchor, the origins and the folder protocol need a few verbs.

mod disk;
mod lock;

use std::io;

pub use disk::DiskFiles;
pub use lock::FolderLock;

/// Files below one folder, named by relative paths with `/`. An empty name is the folder itself.
pub trait Files: Send + Sync {
    /// The whole content; `NotFound` if there is no such file.
    fn read(&self, name: &str) -> io::Result<Vec<u8>>;
    /// Writes bytes at an offset; the file is made if it is not there.
    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Makes the file's content durable. After an error nothing written since the last success is.
    fn sync(&self, name: &str) -> io::Result<()>;
    /// Gives a file or folder another name. Durable after the folder's `sync_dir`.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;
    /// The names in a folder, sorted; `NotFound` if there is no such folder.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;
    /// Makes the names in a folder durable.
    fn sync_dir(&self, folder: &str) -> io::Result<()>;
    /// Makes a folder; one that is there already is fine.
    fn create_dir(&self, folder: &str) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, name: &str) -> io::Result<()>;
    /// Removes a folder and all in it.
    fn remove_dir(&self, folder: &str) -> io::Result<()>;
}
