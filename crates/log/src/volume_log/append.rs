//! Appending: refuse, store, sync, anchor, publish.

use std::error::Error;
use std::sync::{Arc, PoisonError};

use super::recover::note_failed_sync;
use super::{State, VolumeLog, Writer};
use crate::{AppendError, Frame, FrameKind, Head, MAX_APPEND, MAX_FRAME, Volume};

impl VolumeLog {
    pub(super) fn append_frames(&self, expected: Head, frames: &[Frame]) -> Result<Head, AppendError> {
        let mut writer = self.writer();
        match &writer.state {
            State::Open => {}
            State::Poisoned(because) => return Err(AppendError::Poisoned { because: because.clone() }),
            State::Closed => return Err(AppendError::Closed),
        }
        let head = self.durable_head();
        refuse_stale(expected, head)?;
        refuse_large(frames)?;
        let after = self.refuse_misfit(head, frames)?;
        let Some(last) = frames.last() else { return Ok(head) };
        match self.commit(&mut writer, head, after, frames, last) {
            Ok((head, seal)) => {
                self.remember(frames.iter().cloned().chain(seal));
                self.publish(head);
                Ok(head)
            }
            Err(doubt) => Err(self.poison(&mut writer, doubt)),
        }
    }

    /// Stores the frames, and a seal where they fill the volume, under one sync; then the anchor.
    /// Gives the new head, and the seal.
    fn commit(
        &self,
        writer: &mut Writer,
        head: Head,
        after: Head,
        frames: &[Frame],
        last: &Frame,
    ) -> Result<(Head, Option<Frame>), Doubt> {
        let begins_volume = writer.sealed;
        let volume = if begins_volume { self.start_successor(writer, head, frames)? } else { self.active()? };
        if !begins_volume {
            put_all(&*volume, frames)?;
        }
        let full = self.is_full(&*volume) && last.kind() != FrameKind::Seal;
        let seal = full.then(|| Frame::seal_after(&after, self.ledger, last.recorded_at()).0);
        let after = seal.as_ref().map_or(after, Frame::head_after);
        put_all(&*volume, seal.as_slice())?;
        if seal.is_some() || !begins_volume {
            volume.sync().map_err(|source| Doubt::new("syncing the volume", source))?;
        }
        writer.sealed = seal.is_some() || last.kind() == FrameKind::Seal;
        let number = self.active_number();
        // A seal or a new volume is anchored for good: the shelf must never be ahead by more than one.
        writer
            .anchor
            .write(number, after, begins_volume || writer.sealed)
            .map_err(|source| Doubt::new("writing the anchor", source))?;
        Ok((after, seal))
    }

    /// Keeps frames that are durable for those who follow the log.
    fn remember(&self, frames: impl Iterator<Item = Frame>) {
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        frames.for_each(|frame| recent.push(frame));
    }

    fn is_full(&self, volume: &dyn Volume) -> bool {
        let fill = volume.fill();
        fill.bytes >= self.settings.volume_bytes || fill.trees >= self.settings.volume_trees
    }

    pub(super) fn active(&self) -> Result<Arc<dyn Volume>, Doubt> {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        shelf.active.clone().ok_or_else(|| Doubt::new("finding the active volume", "it is closed"))
    }

    fn active_number(&self) -> u64 {
        let shelf = self.shelf.read().unwrap_or_else(PoisonError::into_inner);
        shelf.origins.last().map_or(1, |origin| origin.volume)
    }

    /// Each frame must follow the one before: its number, position, epoch and previous hash.
    fn refuse_misfit(&self, mut head: Head, frames: &[Frame]) -> Result<Head, AppendError> {
        let count = frames.len();
        for (at, frame) in (1..=count).zip(frames) {
            let misfit = |reason| Err(AppendError::Misfit { frame: frame.number(), reason });
            let epoch = match frame.kind() {
                FrameKind::Epoch => head.epoch.saturating_add(1),
                FrameKind::Events | FrameKind::Seal => head.epoch,
            };
            if frame.ledger() != self.ledger {
                return misfit("it belongs to another ledger");
            }
            if frame.number() != head.next_frame {
                return misfit("its number is not the next one");
            }
            if frame.previous() != head.hash {
                return misfit("it was sealed on another frame");
            }
            if frame.first_position() != head.next_position {
                return misfit("its first position is not the next one");
            }
            if frame.epoch() != epoch {
                return misfit("its epoch is not the writer's");
            }
            if frame.kind() == FrameKind::Seal && at != count {
                return misfit("frames follow it, and a seal ends its volume");
            }
            head = frame.head_after();
        }
        Ok(head)
    }

    /// Nothing is accepted any more, and the next open is told that page cache and disk may differ.
    fn poison(&self, writer: &mut Writer, doubt: Doubt) -> AppendError {
        tracing::error!(doing = doubt.doing, error = %doubt.source, "the log is poisoned");
        writer.state = State::Poisoned(format!("{} failed: {}", doubt.doing, doubt.source));
        note_failed_sync(&*self.files);
        AppendError::InDoubt { doing: doubt.doing, source: doubt.source }
    }

    pub(super) fn close_now(&self) -> Result<(), AppendError> {
        self.wait_settled();
        let mut writer = self.writer();
        let closing = match &writer.state {
            State::Open => {
                let volume = self.active();
                let synced = volume
                    .and_then(|volume| {
                        volume.sync().map_err(|source| Doubt::new("syncing the volume", source))
                    })
                    .and_then(|()| {
                        writer.anchor.settle().map_err(|source| Doubt::new("syncing the anchor", source))
                    });
                synced.map_err(|doubt| self.poison(&mut writer, doubt))
            }
            State::Poisoned(because) => Err(AppendError::Poisoned { because: because.clone() }),
            State::Closed => return Ok(()),
        };
        writer.state = State::Closed;
        self.shelf.write().unwrap_or_else(PoisonError::into_inner).active = None;
        self.sealed.clear();
        self.recent.write().unwrap_or_else(PoisonError::into_inner).clear();
        *self.lock.lock().unwrap_or_else(PoisonError::into_inner) = None;
        closing
    }
}

/// A write of which nobody knows whether it happened.
pub(super) struct Doubt {
    pub(super) doing: &'static str,
    pub(super) source: Box<dyn Error + Send + Sync>,
}

impl Doubt {
    pub(super) fn new(doing: &'static str, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { doing, source: source.into() }
    }
}

pub(super) fn put_all(volume: &dyn Volume, frames: &[Frame]) -> Result<(), Doubt> {
    frames.iter().try_for_each(|frame| {
        volume.put(frame.number(), frame.bytes()).map_err(|source| Doubt::new("storing a frame", source))
    })
}

fn refuse_stale(expected: Head, actual: Head) -> Result<(), AppendError> {
    if expected.epoch < actual.epoch {
        return Err(AppendError::Fenced { ours: expected.epoch, current: actual.epoch });
    }
    if expected == actual { Ok(()) } else { Err(AppendError::Conflict { expected, actual }) }
}

fn refuse_large(frames: &[Frame]) -> Result<(), AppendError> {
    let mut total = 0_usize;
    for frame in frames {
        let bytes = frame.bytes().len();
        if bytes > MAX_FRAME {
            return Err(AppendError::TooLarge { what: "a frame", bytes, limit: MAX_FRAME });
        }
        total = total.saturating_add(bytes);
    }
    if total > MAX_APPEND {
        return Err(AppendError::TooLarge { what: "the append", bytes: total, limit: MAX_APPEND });
    }
    Ok(())
}
