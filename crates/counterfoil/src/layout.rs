//! The layout of a data folder.

use std::path::{Path, PathBuf};

use crate::error::OpenError;

/// Where the parts of a data folder lie.
pub(crate) struct Layout<'a> {
    folder: &'a Path,
}

/// Whether a data folder holds a ledger.
#[must_use]
pub fn exists(folder: &Path) -> bool {
    counterfoil_log_sled::exists(&Layout::new(folder).log())
}

impl Layout<'_> {
    pub(crate) fn new(folder: &Path) -> Layout<'_> {
        Layout { folder }
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    pub(crate) fn views(&self) -> PathBuf {
        self.folder.join("views")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// Refuses a folder that has views or keys of a ledger, and no log.
    pub(crate) fn refuse_gone_log(&self) -> Result<(), OpenError> {
        let holds = |folder: PathBuf| std::fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some());
        if !counterfoil_log_sled::exists(&self.log())
            && (holds(self.views()) || holds(self.state()) || holds(self.keys()))
        {
            return Err(OpenError::LogGone { path: self.log() });
        }
        Ok(())
    }
}
