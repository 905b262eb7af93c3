//! The shelf: where snapshots lie.

mod folder;

pub use folder::FolderShelf;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// A place for named blocks of bytes.
///
/// A write is all or nothing: after it, or after a crash during it, a read gives the
/// old bytes or the new ones.
pub trait Shelf {
    /// The bytes of that name; `None` where there are none.
    ///
    /// # Errors
    /// What the place says.
    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>>;

    /// Puts bytes there, in parts that follow one another, in the place of what was; durable
    /// when this returns.
    ///
    /// # Errors
    /// What the place says; what was there before is there still.
    fn write(&self, name: &str, parts: &[&[u8]]) -> io::Result<()>;

    /// Takes away what is there; nothing there is no error.
    ///
    /// # Errors
    /// What the place says.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// The folder for views' files of rows; `None` where views stay in memory.
    fn runs(&self) -> Option<&Path> {
        None
    }

    /// Takes away every file of rows but those of these names, of which each is a view's.
    ///
    /// # Errors
    /// What the place says.
    fn keep_runs(&self, names: &BTreeSet<String>) -> io::Result<()> {
        let _ = names;
        Ok(())
    }
}
