//! Files on the machine's own disk.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::Files;

/// Files below one folder of the disk.
#[derive(Debug)]
pub struct DiskFiles {
    root: PathBuf,
    // A failed write-back is told once per open file. So a file written is synced through the
    // same handle, which must not be closed in between.
    open: Mutex<HashMap<String, Arc<File>>>,
}

impl DiskFiles {
    /// The files below this folder.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), open: Mutex::new(HashMap::new()) }
    }

    fn path(&self, name: &str) -> PathBuf {
        if name.is_empty() { self.root.clone() } else { self.root.join(name) }
    }

    fn handle(&self, name: &str) -> io::Result<Arc<File>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = open.get(name) {
            return Ok(Arc::clone(file));
        }
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(self.path(name))?;
        let file = Arc::new(file);
        open.insert(name.to_owned(), Arc::clone(&file));
        Ok(file)
    }

    /// Handles follow the file, not the name: after a change of names they are opened afresh.
    fn forget_handles(&self) {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Files for DiskFiles {
    fn read(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.path(name))
    }

    fn write_at(&self, name: &str, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.handle(name)?.write_all_at(bytes, offset)
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        self.handle(name)?.sync_data()
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.forget_handles();
        fs::rename(self.path(from), self.path(to))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.path(folder))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn sync_dir(&self, folder: &str) -> io::Result<()> {
        File::open(self.path(folder))?.sync_all()
    }

    fn create_dir(&self, folder: &str) -> io::Result<()> {
        fs::create_dir_all(self.path(folder))
    }

    fn remove_file(&self, name: &str) -> io::Result<()> {
        self.forget_handles();
        fs::remove_file(self.path(name))
    }

    fn remove_dir(&self, folder: &str) -> io::Result<()> {
        self.forget_handles();
        fs::remove_dir_all(self.path(folder))
    }
}
