//! A draft: a file that has not got its name yet, and is removed if it never gets it.

use std::path::{Path, PathBuf};

use crate::RunError;
use crate::file::{NamedFile, rename};

/// What stands behind the name of a run that is being written.
const SUFFIX: &str = ".tmp";

/// A file on its way to its name.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The file under its passing name.
    pub(crate) file: NamedFile,
    path: PathBuf,
    published: bool,
}

impl Draft {
    /// A draft of what will be at a path. One that a crash left behind is overwritten.
    pub(crate) fn create(path: &Path) -> Result<Self, RunError> {
        let mut passing = path.as_os_str().to_owned();
        passing.push(SUFFIX);
        Ok(Self { file: NamedFile::create(Path::new(&passing))?, path: path.to_owned(), published: false })
    }

    /// The name that it will have.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it durable, and then gives it its name.
    pub(crate) fn publish(&mut self) -> Result<&Path, RunError> {
        self.file.sync()?;
        rename(&self.file.path, &self.path)?;
        self.published = true;
        Ok(&self.path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published {
            // It is not taken for a run; where it cannot be removed, the next draft overwrites it.
            let _ = std::fs::remove_file(&self.file.path);
        }
    }
}
