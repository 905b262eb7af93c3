//! Opening a log: everything is checked before anything is written, and nothing recovered is
//! believed before it is synced again.

use std::sync::{Arc, Mutex, RwLock};

use super::create::{first_volume, remove_temporary};
use super::recent::Recent;
use super::recover::{Recovery, recover};
use super::shelf::{folder, is_temporary, names, numbers, origins};
use super::{SYNC_FAILED, Settings, Shelf, State, VolumeLog, Writer};
use crate::anchor::{ANCHOR, AnchorFile, read_anchor};
use crate::{
    Anchor, Damage, End, Extent, Files, FolderLock, Frame, FrameKind, Head, OpenError, Origin, Volume,
    VolumeError, Volumes,
};

/// What a log is opened from.
pub(super) struct Parts {
    pub(super) files: Arc<dyn Files>,
    pub(super) volumes: Arc<dyn Volumes>,
    pub(super) settings: Settings,
    pub(super) lock: Option<FolderLock>,
}

impl VolumeLog {
    /// Opens a log for appending. The caller holds the folder's lock and hands it over.
    pub fn open(
        files: Arc<dyn Files>,
        volumes: Arc<dyn Volumes>,
        settings: Settings,
        lock: Option<FolderLock>,
    ) -> Result<Self, OpenError> {
        Self::open_parts(Parts { files, volumes, settings, lock })
    }

    pub(super) fn open_parts(parts: Parts) -> Result<Self, OpenError> {
        let files = &*parts.files;
        let found = look(files)?;
        let origins = &found.origins;
        let last = survey_tail(&*parts.volumes, &found)?;
        // From here on things are written: what the anchor promises is there and whole.
        let (origins, active) = match last {
            Some(last) => {
                let active = parts.volumes.open(&folder(last.volume))?;
                tidy(files, &found.names)?;
                (origins.clone(), active)
            }
            None => {
                tidy(files, &found.names)?;
                let (origin, active) = first_volume(files, &*parts.volumes, found.anchor.ledger)?;
                (vec![origin], active)
            }
        };
        let recovery = Recovery {
            files: &parts.files,
            volumes: &parts.volumes,
            anchor: &found.anchor,
            sync_failed: found.names.iter().any(|name| name == SYNC_FAILED),
        };
        let recovered = recover(&recovery, origins, active)?;
        let mut anchor =
            AnchorFile::resume(Arc::clone(&parts.files), found.anchor, parts.settings.anchor_every);
        let number = recovered.origins.last().map_or(1, |origin| origin.volume);
        anchor.write(number, recovered.head, true).map_err(|source| OpenError::io(ANCHOR, source))?;
        if recovery.sync_failed {
            forget_failed_sync(files)?;
        }
        tracing::info!(head = %recovered.head, volume = number, "the log is open");
        Ok(Self {
            ledger: found.anchor.ledger,
            settings: parts.settings,
            files: parts.files,
            volumes: parts.volumes,
            head: RwLock::new(recovered.head),
            writer: Mutex::new(Writer {
                state: State::Open,
                anchor,
                sealed: recovered.sealed,
                settling: None,
            }),
            shelf: RwLock::new(Shelf { origins: recovered.origins, active: Some(recovered.active) }),
            recent: RwLock::new(Recent::new(parts.settings.recent_bytes)),
            sealed: Arc::default(),
            lock: Mutex::new(parts.lock),
        })
    }
}

/// What the folder says about itself.
pub(super) struct Found {
    pub(super) names: Vec<String>,
    pub(super) anchor: Anchor,
    pub(super) origins: Vec<Origin>,
}

/// Reads anchor and origins, and refuses a folder in which one of them is missing.
pub(super) fn look(files: &dyn Files) -> Result<Found, OpenError> {
    let names = names(files)?;
    let numbers = numbers(&names);
    let Some(anchor) = read_anchor(files)? else {
        return Err(match numbers.first() {
            None => OpenError::Missing { path: ".".into() },
            Some(first) => {
                Damage::new(ANCHOR, "the anchor of the log", format!("{} and no anchor", folder(*first)))
                    .into()
            }
        });
    };
    let origins = origins(files, &numbers, anchor.ledger)?;
    let last = origins.last().map_or(0, |origin| origin.volume);
    let nothing_yet = anchor.head == Head::genesis(anchor.ledger) && origins.is_empty();
    if anchor.volume > last && !nothing_yet {
        let next = origins.last().map_or(0, |origin| origin.head.next_frame);
        let expected = format!("a volume, because the anchor is at {}", anchor.head);
        return Err(Damage::new(folder(anchor.volume), expected, "no such folder").at_frame(next).into());
    }
    Ok(Found { names, anchor, origins })
}

/// Where each volume must end: where its successor begins, or where the anchor says.
pub(super) fn extents(found: &Found) -> Vec<Extent> {
    let ends = found
        .origins
        .iter()
        .skip(1)
        .map(|next| End::Before { next_frame: next.head.next_frame, hash: next.head.hash });
    let reached = found.anchor.head;
    let last_end = match found.origins.last() {
        Some(last) if last.head.next_frame > reached.next_frame => End::AfterFirst,
        // The rename of a volume comes before the anchor's move into it.
        Some(last) if last.head.next_frame == reached.next_frame && last.volume > 1 => End::AfterFirst,
        Some(_) | None => End::Before { next_frame: reached.next_frame, hash: reached.hash },
    };
    found
        .origins
        .iter()
        .zip(ends.chain([last_end]))
        .map(|(origin, end)| Extent { origin: *origin, end })
        .collect()
}

/// Checks, without writing, every volume from the anchor's on. Older ones are checked when they are read.
fn survey_tail(volumes: &dyn Volumes, found: &Found) -> Result<Option<Origin>, OpenError> {
    let extents = extents(found);
    for extent in extents.iter().filter(|extent| extent.origin.volume >= found.anchor.volume) {
        volumes.survey(&folder(extent.origin.volume), extent)?;
    }
    Ok(extents.last().map(|extent| extent.origin))
}

/// Deletes what was being built when the process died.
fn tidy(files: &dyn Files, names: &[String]) -> Result<(), OpenError> {
    for name in names.iter().filter(|name| is_temporary(name)) {
        tracing::info!(name, "removing an unfinished volume");
        remove_temporary(files, name)?;
    }
    Ok(())
}

fn forget_failed_sync(files: &dyn Files) -> Result<(), OpenError> {
    files
        .remove_file(SYNC_FAILED)
        .and_then(|()| files.sync_dir(""))
        .map_err(|source| OpenError::io(SYNC_FAILED, source))
}

/// The frames of a volume from a head on, as far as they are whole and follow one another.
pub(super) fn follow(
    volume: &dyn Volume,
    mut head: Head,
    until: Option<u64>,
    mut visit: impl FnMut(&Frame) -> Result<(), OpenError>,
) -> Result<(Head, Option<FrameKind>), OpenError> {
    let mut kind = None;
    while until.is_none_or(|until| head.next_frame < until) {
        let value = volume.get(head.next_frame).map_err(|source| engine("the volume", source))?;
        let Some(frame) = value.and_then(|value| Frame::decode(value).ok()) else { break };
        if frame.number() != head.next_frame || frame.previous() != head.hash {
            break;
        }
        visit(&frame)?;
        kind = Some(frame.kind());
        head = frame.head_after();
    }
    Ok((head, kind))
}

/// A volume's refusal during an open.
pub(super) fn engine(name: &str, source: VolumeError) -> OpenError {
    OpenError::io(name, std::io::Error::other(source))
}
