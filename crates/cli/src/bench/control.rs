//! The control: a plain file that is appended and synced as often, with as many bytes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use counterfoil::Appended;

use super::latencies::Latencies;
use crate::draw::Draw;

/// The file's name; it is there while it is written.
const FILE: &str = "control";

/// What the plain file came to.
pub(super) struct Control {
    /// For all writes and syncs.
    pub(super) took: Duration,
    /// Each sync.
    pub(super) syncs: Latencies,
}

/// Writes the file in equal parts, syncs each, and removes it.
pub(super) fn write(folder: &Path, appended: Appended) -> io::Result<Control> {
    let path = folder.join(FILE);
    let control = File::create(&path).and_then(|file| write_to(file, appended));
    fs::remove_file(&path)?;
    control
}

fn write_to(mut file: File, Appended { appends, bytes, .. }: Appended) -> io::Result<Control> {
    let mut draw = Draw::new(0, 0);
    let part = usize::try_from(bytes / appends.max(1)).unwrap_or(usize::MAX);
    // No file system stores these in less than their length.
    let written: Vec<u8> = (0..part).map(|_| u8::try_from(draw.below(256)).unwrap_or_default()).collect();
    file.sync_all()?;
    let mut syncs = Vec::with_capacity(usize::try_from(appends).unwrap_or_default());
    let started = Instant::now();
    for _ in 0..appends {
        file.write_all(&written)?;
        let syncing = Instant::now();
        file.sync_data()?;
        syncs.push(u32::try_from(syncing.elapsed().as_micros()).unwrap_or(u32::MAX));
    }
    Ok(Control { took: started.elapsed(), syncs: Latencies::of(syncs) })
}
