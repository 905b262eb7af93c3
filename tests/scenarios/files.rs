//! The scenario files of this folder.

use std::path::{Path, PathBuf};

/// A scenario file and where it is.
pub(crate) struct File {
    /// Below this folder.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

impl File {
    /// The parts of its path, the last without its ending.
    pub(crate) fn parts(&self) -> Vec<&str> {
        let parts = self.path.iter().map(|part| part.to_str().unwrap());
        parts.map(|part| part.strip_suffix(".scenario").unwrap_or(part)).collect()
    }
}

/// Where they are.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
}

/// Every scenario file, in order of its path.
pub(crate) fn files() -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![folder()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "scenario") {
                let text = std::fs::read_to_string(&path).unwrap();
                let path = path.strip_prefix(folder()).unwrap().to_owned();
                files.push(File { path, text });
            }
        }
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files
}
