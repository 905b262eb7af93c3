//! Finding the head of a log that was not closed, and making it durable before it is believed.
//!
//! Frames beyond the anchor are normal: the anchor is synced seldom. They are taken as far as they
//! are whole and chained, and synced again, since the process may have died before its sync.
//!
//! That is not enough after a **failed** sync: the system then marks the pages clean, shows them to
//! every reader and never writes them, and a second sync succeeds without doing anything. So the
//! writer leaves the file `sync-failed`, and what the anchor does not hold as synced is copied into
//! a new volume and synced there. A file is memory enough although its own sync may fail as
//! well: the pages that lie live exactly as long as the page cache, and so does the file. After
//! a power cut both are gone, and what is read then comes from the disk.
//!
//! The old volume then holds more frames than its successor's beginning; those are superseded.

use std::sync::Arc;

use super::SYNC_FAILED;
use super::create::{adopt, first_volume, write_origin};
use super::open::{engine, follow};
use super::shelf::{folder, temporary_folder};
use crate::{Anchor, Damage, Files, Frame, FrameKind, Head, MAX_APPEND, OpenError, Origin, Volume, Volumes};

/// What recovery needs to know.
pub(super) struct Recovery<'a> {
    pub(super) files: &'a Arc<dyn Files>,
    pub(super) volumes: &'a Arc<dyn Volumes>,
    pub(super) anchor: &'a Anchor,
    pub(super) sync_failed: bool,
}

/// A log whose every frame is durable.
pub(super) struct Recovered {
    pub(super) origins: Vec<Origin>,
    pub(super) active: Arc<dyn Volume>,
    pub(super) head: Head,
    pub(super) sealed: bool,
}

/// Finds the head, and syncs or copies what was not known to be synced.
pub(super) fn recover(
    recovery: &Recovery<'_>,
    mut origins: Vec<Origin>,
    active: Arc<dyn Volume>,
) -> Result<Recovered, OpenError> {
    let origin = *origins.last().ok_or_else(|| Damage::new("volume-000001", "a volume", "none"))?;
    let name = folder(origin.volume);
    let from = starting_head(recovery.anchor, &origin, &*active, &name)?;
    let (head, kind) = follow(&*active, from, None, |_| Ok(()))?;
    let last_kind = match kind {
        Some(kind) => Some(kind),
        None => last_frame_kind(&*active, head, &origin)?,
    };
    let sealed = last_kind == Some(FrameKind::Seal);
    let stored = active.last().map_err(|source| engine(&name, source))?;
    let stray = stored.is_some_and(|last| last >= head.next_frame);
    if stray {
        // A torn commit can leave a later frame without an earlier one. It must not be found
        // again beside the frames that take its number, so the volume is left as it is.
        tracing::warn!(head = %head, "frames beyond the head are torn and superseded");
    }
    let doubtful = recovery.sync_failed || stray;
    if doubtful && head.next_frame == origin.head.next_frame {
        let active = begin_again(recovery, &origin, active)?;
        return Ok(Recovered { origins, active, head, sealed });
    }
    if doubtful {
        let start = copy_start(recovery, &origin, head);
        let active = copy(recovery, &mut origins, &*active, start, head)?;
        return Ok(Recovered { origins, active, head, sealed });
    }
    if let Err(source) = active.sync() {
        // The next open must not take a second sync for an answer either.
        note_failed_sync(&**recovery.files);
        return Err(engine(&name, source));
    }
    Ok(Recovered { origins, active, head, sealed })
}

/// Tells the next open that page cache and disk may differ.
pub(super) fn note_failed_sync(files: &dyn Files) {
    let noted = files
        .write_at(SYNC_FAILED, 0, b"a sync failed here; the next open copies what it left in doubt\n")
        .and_then(|()| files.sync(SYNC_FAILED))
        .and_then(|()| files.sync_dir(""));
    if let Err(error) = noted {
        tracing::error!(%error, "the failed sync could not be noted on disk for certain");
    }
}

/// Only the first volume can be without a whole frame: nothing in it was ever acknowledged.
fn begin_again(
    recovery: &Recovery<'_>,
    origin: &Origin,
    active: Arc<dyn Volume>,
) -> Result<Arc<dyn Volume>, OpenError> {
    let name = folder(origin.volume);
    drop(active);
    recovery.files.remove_dir(&name).map_err(|source| OpenError::io(&name, source))?;
    first_volume(&**recovery.files, &**recovery.volumes, origin.ledger).map(|(_, volume)| volume)
}

/// The anchor's head, or the volume's beginning where the anchor did not reach it yet.
fn starting_head(
    anchor: &Anchor,
    origin: &Origin,
    active: &dyn Volume,
    name: &str,
) -> Result<Head, OpenError> {
    if anchor.head.next_frame <= origin.head.next_frame {
        return Ok(origin.head);
    }
    let last = anchor.head.next_frame.saturating_sub(1);
    let value = active.get(last).map_err(|source| engine(name, source))?;
    let frame = value.and_then(|value| Frame::decode(value).ok());
    match frame {
        Some(frame) if frame.hash() == anchor.head.hash => Ok(anchor.head),
        Some(_) | None => Err(Damage::new(
            name,
            format!("frame {last} with hash {}, which the anchor names", anchor.head.hash),
            "no such frame in the opened database, though it was in its file before",
        )
        .at_frame(last)
        .into()),
    }
}

fn last_frame_kind(active: &dyn Volume, head: Head, origin: &Origin) -> Result<Option<FrameKind>, OpenError> {
    if head.next_frame == origin.head.next_frame {
        return Ok(None);
    }
    let value =
        active.get(head.next_frame.saturating_sub(1)).map_err(|source| engine("the volume", source))?;
    Ok(value.and_then(|value| Frame::decode(value).ok()).map(|frame| frame.kind()))
}

/// The first frame to copy: the first beyond the last synced anchor, but at least one frame, for a
/// volume is only ever built with its first frame in it.
fn copy_start(recovery: &Recovery<'_>, origin: &Origin, head: Head) -> u64 {
    let beyond =
        if recovery.sync_failed { recovery.anchor.synced_frame } else { recovery.anchor.head.next_frame };
    beyond.min(head.next_frame.saturating_sub(1)).max(origin.head.next_frame)
}

/// Copies the frames from `start` to the head into the next volume, synced well within the bound.
fn copy(
    recovery: &Recovery<'_>,
    origins: &mut Vec<Origin>,
    old: &dyn Volume,
    start: u64,
    head: Head,
) -> Result<Arc<dyn Volume>, OpenError> {
    let origin = *origins.last().ok_or_else(|| Damage::new("volume-000001", "a volume", "none"))?;
    let before = head_before(old, &origin, start)?;
    let number = origin.volume.saturating_add(1);
    let next = Origin { ledger: origin.ledger, volume: number, head: before };
    let (temporary, name) = (temporary_folder(number), folder(number));
    write_origin(&**recovery.files, &temporary, &next)?;
    let new = recovery.volumes.create(&temporary)?;
    let mut unsynced = 0_usize;
    let (copied, _) = follow(old, before, Some(head.next_frame), |frame| {
        if unsynced.saturating_add(frame.bytes().len()) > MAX_APPEND {
            new.sync().map_err(|source| engine(&temporary, source))?;
            unsynced = 0;
        }
        unsynced = unsynced.saturating_add(frame.bytes().len());
        new.put(frame.number(), frame.bytes()).map_err(|source| engine(&temporary, source))
    })?;
    if copied != head {
        let found = format!("a chain that ends before frame {}", copied.next_frame);
        return Err(Damage::new(folder(origin.volume), format!("the head {head}"), found).into());
    }
    new.sync().map_err(|source| engine(&temporary, source))?;
    adopt(&**recovery.files, &temporary, &name)?;
    tracing::warn!(
        from = start,
        volume = number,
        "frames of doubtful durability were copied into a new volume"
    );
    origins.push(next);
    Ok(new)
}

/// The head before a frame of a volume.
fn head_before(old: &dyn Volume, origin: &Origin, start: u64) -> Result<Head, OpenError> {
    if start == origin.head.next_frame {
        return Ok(origin.head);
    }
    let number = start.saturating_sub(1);
    let value = old.get(number).map_err(|source| engine("the volume", source))?;
    let frame = value.and_then(|value| Frame::decode(value).ok());
    frame.map(|frame| frame.head_after()).ok_or_else(|| {
        Damage::new(folder(origin.volume), format!("frame {number}"), "none that is whole")
            .at_frame(number)
            .into()
    })
}
