//! What was appended since a ledger was opened: how often it synced, and how many bytes.

use std::sync::atomic::{AtomicU64, Ordering};

use counterfoil_log::Frame;

use crate::counterfoil::Counterfoil;

/// What a ledger has appended since it was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// Appends, each durable under one sync.
    pub appends: u64,
    /// Frames in them.
    pub frames: u64,
    /// Bytes of these frames, headers included.
    pub bytes: u64,
}

/// The appending thread's own count.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    appends: AtomicU64,
    frames: AtomicU64,
    bytes: AtomicU64,
}

impl Counters {
    /// Counts an append that succeeded.
    pub(crate) fn add(&self, frames: &[Frame]) {
        let bytes: usize = frames.iter().map(|frame| frame.bytes().len()).sum();
        self.appends.fetch_add(1, Ordering::Relaxed);
        self.frames.fetch_add(frames.len() as u64, Ordering::Relaxed);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }
}

impl Counterfoil {
    /// What was appended since the ledger was opened. Once an answer is there, its
    /// append is counted.
    #[must_use]
    pub fn appended(&self) -> Appended {
        let Counters { appends, frames, bytes } = &*self.inner.shell.appended;
        Appended {
            appends: appends.load(Ordering::Relaxed),
            frames: frames.load(Ordering::Relaxed),
            bytes: bytes.load(Ordering::Relaxed),
        }
    }
}
