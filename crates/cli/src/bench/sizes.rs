//! Sizes: what a data folder takes on the disk.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::exit::Failure;

/// What a data folder takes on the disk, in bytes that are allocated.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sizes {
    /// The log.
    pub(super) log: u64,
    /// Everything else: views and indexes.
    pub(super) rest: u64,
}

impl Sizes {
    /// The sizes of a data folder that no ledger is open in.
    pub(super) fn of(folder: &Path) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::input(format!("{}: {error}", folder.display()));
        let log = match size(&folder.join("log")) {
            Err(error) if error.kind() == ErrorKind::NotFound => 0,
            size => size.map_err(failed)?,
        };
        Ok(Self { log, rest: size(folder).map_err(failed)? - log })
    }

    /// All of it.
    pub(super) fn whole(self) -> u64 {
        self.log + self.rest
    }
}

fn size(path: &Path) -> io::Result<u64> {
    let metadata = fs::symlink_metadata(path)?;
    let mut bytes = allocated(&metadata);
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            bytes += size(&entry?.path())?;
        }
    }
    Ok(bytes)
}

#[cfg(unix)]
fn allocated(metadata: &Metadata) -> u64 {
    // The kernel counts blocks of 512 bytes, whatever the file system's own are.
    std::os::unix::fs::MetadataExt::blocks(metadata) * 512
}

#[cfg(not(unix))]
fn allocated(metadata: &Metadata) -> u64 {
    metadata.len()
}
