//! The anchor's file: reading it at open, writing it at each commit, syncing it now and then.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Anchor, SLOT_BYTES, both_bad};
use crate::{Damage, Files, Head, LedgerId, OpenError};

/// The name of the anchor in the log's folder.
pub(crate) const ANCHOR: &str = "anchor";
/// Its name while it is made.
pub(crate) const UNFINISHED: &str = "anchor.tmp";

/// The newest whole slot of the anchor. `None` where there is no anchor at all.
pub(crate) fn read_anchor(files: &dyn Files) -> Result<Option<Anchor>, OpenError> {
    let bytes = match files.read(ANCHOR) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(OpenError::io(ANCHOR, source)),
    };
    let (slots, rest) = bytes.as_chunks::<SLOT_BYTES>();
    let [first, second] = slots else {
        return Err(both_bad(&format!("{} bytes", bytes.len())));
    };
    if !rest.is_empty() {
        return Err(both_bad(&format!("{} bytes", bytes.len())));
    }
    let newest = match (Anchor::decode(ANCHOR, first)?, Anchor::decode(ANCHOR, second)?) {
        (Some(first), Some(second)) if second.ledger != first.ledger => {
            let found = format!("slots of the ledgers {} and {}", first.ledger, second.ledger);
            return Err(Damage::new(ANCHOR, "two slots of one ledger", found).into());
        }
        (Some(first), Some(second)) => Some(if second.sequence > first.sequence { second } else { first }),
        (one, None) | (None, one) => {
            // A torn write at a power cut looks the same, so this is worth a word and no more.
            tracing::warn!("one slot of the anchor is unreadable; the other one is used");
            one
        }
    };
    newest.map(Some).ok_or_else(|| both_bad("two slots that do not fit their hashes"))
}

/// The anchor of an open log.
pub(crate) struct AnchorFile {
    files: Arc<dyn Files>,
    last: Anchor,
    synced_at: Instant,
    sync_every: Duration,
}

impl AnchorFile {
    /// Makes the anchor of a new log, both slots whole. Under a temporary name until it is synced:
    /// the torn anchor of a log that never was would look like damage.
    pub(crate) fn create(files: &dyn Files, ledger: LedgerId) -> io::Result<()> {
        let mut anchor =
            Anchor { ledger, sequence: 0, volume: 1, head: Head::genesis(ledger), synced_frame: 0 };
        let mut bytes = anchor.encode();
        anchor.sequence = 1;
        bytes.extend_from_slice(&anchor.encode());
        files.write_at(UNFINISHED, 0, &bytes)?;
        files.sync(UNFINISHED)?;
        files.rename(UNFINISHED, ANCHOR)?;
        files.sync_dir("")
    }

    /// Goes on from what was read.
    pub(crate) fn resume(files: Arc<dyn Files>, last: Anchor, sync_every: Duration) -> Self {
        Self { files, last, synced_at: Instant::now(), sync_every }
    }

    /// Writes the next slot, and syncs it where the time has come or the caller wants it now.
    pub(crate) fn write(&mut self, volume: u64, head: Head, sync_now: bool) -> io::Result<()> {
        let sequence = self.last.sequence.saturating_add(1);
        let next = Anchor { sequence, volume, head, ..self.last };
        let offset = if sequence.is_multiple_of(2) { 0 } else { SLOT_BYTES as u64 };
        self.files.write_at(ANCHOR, offset, &next.encode())?;
        self.last = next;
        // The time is looked at only when a commit comes: an idle log has nothing new to sync.
        if sync_now || self.synced_at.elapsed() >= self.sync_every {
            self.sync()?;
        }
        Ok(())
    }

    /// Makes both slots hold the newest head, each synced before the other is written: a
    /// log that was closed is then not taken for a shorter one when one of them is lost.
    pub(crate) fn settle(&mut self) -> io::Result<()> {
        self.sync()?;
        self.write(self.last.volume, self.last.head, true)
    }

    /// Syncs what was written. The next slot will tell that it was.
    pub(crate) fn sync(&mut self) -> io::Result<()> {
        self.files.sync(ANCHOR)?;
        self.last.synced_frame = self.last.head.next_frame;
        self.synced_at = Instant::now();
        Ok(())
    }
}
