//! The scratch folder: where an audit's own views write their rows, and which goes with it.

use std::path::{Path, PathBuf};

/// A folder that is made when it is needed, and removed in the end.
pub(super) struct ScratchFolder {
    path: PathBuf,
}

impl ScratchFolder {
    /// One at this path; what an audit left there that did not come to its end is removed.
    pub(super) fn new(path: PathBuf) -> Self {
        let _ = std::fs::remove_dir_all(&path);
        Self { path }
    }

    /// Where it is, once it is made.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The folder, which is there from now on.
    pub(super) fn folder(&self) -> std::io::Result<&Path> {
        std::fs::create_dir_all(&self.path)?;
        Ok(&self.path)
    }
}

impl Drop for ScratchFolder {
    fn drop(&mut self) {
        // What is left of it is removed by the next audit.
        let _ = std::fs::remove_dir_all(&self.path);
    }
}
