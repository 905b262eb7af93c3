//! Opening sled behind a guard: one configuration, its lock awaited, its panics caught, and one more
//! try without its snapshots.

use std::any::Any;
use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::thread;
use std::time::Duration;

use counterfoil_log::{Damage, OpenError};

/// Fixed when a database is created. Four frames of a leaf's worst case fit with room to spare, so
/// that no value becomes a blob; and twice this is the most that may ever be un-synced.
pub(crate) const SEGMENT_BYTES: usize = 8 << 20;
/// What sled writes about itself, but for its checksum.
pub(crate) const CONF: &str = "segment_size: 8388608\nuse_compression: false\nversion: 0.34\n";
/// sled ignores it while it scans; it bounds what is kept after reads of single frames.
const CACHE_BYTES: u64 = 64 << 20;
/// sled lets go of its lock some moments after it is dropped: tries for 5 s in all.
const LOCK_TRIES: u32 = 500;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// Opens the database of a volume whose file was checked, or that is new.
pub(crate) fn open_db(path: &Path, folder: &str) -> Result<sled::Db, OpenError> {
    let first = match attempt(path) {
        Ok(db) => return Ok(db),
        Err(why) => why,
    };
    if let Refusal::Locked = first {
        return Err(OpenError::Locked { path: path.join("db") });
    }
    // The file is whole, so the snapshot is what does not fit: it is a cache, and may be older or
    // newer than the file after a power cut.
    tracing::warn!(volume = folder, reason = %first, "sled refused; trying once more without its snapshots");
    remove_snapshots(path, |_| true)?;
    attempt(path).map_err(|why| match why {
        Refusal::Locked => OpenError::Locked { path: path.join("db") },
        Refusal::Io(source) => OpenError::io(path, source),
        Refusal::Engine(words) => {
            Damage::new(folder, "a database that sled opens, for its file was checked", words).into()
        }
    })
}

enum Refusal {
    Locked,
    Io(io::Error),
    Engine(String),
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Locked => f.write_str("it is locked"),
            Self::Io(error) => error.fmt(f),
            Self::Engine(words) => f.write_str(words),
        }
    }
}

fn attempt(path: &Path) -> Result<sled::Db, Refusal> {
    for _ in 1..LOCK_TRIES {
        match attempt_once(path) {
            Err(Refusal::Locked) => thread::sleep(LOCK_PAUSE),
            done => return done,
        }
    }
    attempt_once(path)
}

fn attempt_once(path: &Path) -> Result<sled::Db, Refusal> {
    let config = sled::Config::new()
        .path(path)
        .segment_size(SEGMENT_BYTES)
        .cache_capacity(CACHE_BYTES)
        // Its thread would sync behind our back and drop the errors.
        .flush_every_ms(None);
    match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(sled::Error::Io(error))) if error.to_string().contains("could not acquire lock") => {
            Err(Refusal::Locked)
        }
        Ok(Err(sled::Error::Io(error))) => Err(Refusal::Io(error)),
        Ok(Err(error)) => Err(Refusal::Engine(format!("sled refused: {error}"))),
        Err(panic) => Err(Refusal::Engine(format!("sled panicked: {}", words(&*panic)))),
    }
}

/// What a panic said.
pub(crate) fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}

/// A snapshot that was being written makes sled refuse the database.
pub(crate) fn remove_unfinished_snapshots(path: &Path) -> Result<(), OpenError> {
    remove_snapshots(path, |name| name.ends_with(".generating"))
}

fn remove_snapshots(path: &Path, which: impl Fn(&str) -> bool) -> Result<(), OpenError> {
    let removed = fs::read_dir(path).and_then(|entries| {
        let mut any = false;
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("snap.") && which(&name) {
                fs::remove_file(entry.path())?;
                any = true;
            }
        }
        if any { File::open(path)?.sync_all() } else { Ok(()) }
    });
    removed.map_err(|source| OpenError::io(path, source))
}
