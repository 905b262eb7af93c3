//! Staging: events that are decided and not yet durable, in frames being filled.

use std::collections::VecDeque;
use std::sync::Arc;

use counterfoil_log::{FrameBuilder, MAX_APPEND, MAX_FRAME};

/// A frame's worth of events with the time it was recorded.
#[derive(Default)]
pub(crate) struct Draft {
    pub(crate) frame: FrameBuilder,
    pub(crate) recorded_at: i64,
    first: u64,
}

/// The events that the log has not made durable.
#[derive(Default)]
pub(super) struct Staging {
    filling: Draft,
    /// Full, and wait for the log.
    full: VecDeque<Arc<Draft>>,
    /// The log has them; they may be asked for until they are durable.
    handed_over: VecDeque<Arc<Draft>>,
    /// Emptied, to be filled again: memory that is new has to be cleared first.
    spare: Vec<FrameBuilder>,
    bytes: usize,
}

/// How much may wait before deciding pauses: one append of the largest size.
const MOST_STAGED: usize = MAX_APPEND;

/// How many emptied frames are kept: as many as are filled while others are on their way.
const MOST_SPARE: usize = 4;

/// How many drafts one append may hold.
const MOST_DRAFTS: usize = MAX_APPEND / MAX_FRAME;

impl Draft {
    fn end(&self) -> u64 {
        self.first + self.frame.count() as u64
    }

    /// The place of the event at a position.
    fn place(&self, position: u64) -> usize {
        usize::try_from(position.saturating_sub(self.first)).unwrap_or(usize::MAX)
    }

    fn event(&self, position: u64) -> Option<(&[u8], i64)> {
        let place = usize::try_from(position.checked_sub(self.first)?).ok()?;
        self.frame.event(place).map(|event| (event, self.recorded_at))
    }
}

impl Staging {
    /// Whether deciding must pause until the log has taken some.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= MOST_STAGED
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.full.is_empty() && self.filling.frame.is_empty()
    }

    /// Stages the event at `position`, which `write` appends; what was staged from `group`
    /// on stays in one frame with it. Says how long it is.
    pub(super) fn push<E>(
        &mut self,
        position: u64,
        group: u64,
        write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<usize, E> {
        if self.filling.frame.is_empty() {
            self.filling.first = position;
        }
        let length = self.filling.frame.push_with(write)?;
        self.bytes += length;
        if self.filling.frame.len_bytes() > MAX_FRAME {
            let rest = self.filling.frame.split_off(self.filling.place(group));
            // Where one frame was filled the next will be too: it does not grow in between.
            let mut frame = self.spare.pop().unwrap_or_else(FrameBuilder::with_room);
            frame.append(&rest);
            self.close_draft(Draft { frame, recorded_at: 0, first: group });
        }
        Ok(length)
    }

    /// Notes when what was staged last was recorded.
    pub(super) fn record(&mut self, recorded_at: i64) {
        self.filling.recorded_at = recorded_at;
    }

    /// Takes back the events from `position` on; they are of the group staged last.
    pub(super) fn take_back(&mut self, position: u64) {
        let before = self.filling.frame.len_bytes();
        self.filling.frame.truncate(self.filling.place(position));
        self.bytes = self.bytes.saturating_sub(before - self.filling.frame.len_bytes());
    }

    fn close_draft(&mut self, next: Draft) {
        let full = std::mem::replace(&mut self.filling, next);
        if !full.frame.is_empty() {
            self.full.push_back(Arc::new(full));
        }
    }

    /// Takes what one append may hold.
    pub(super) fn take(&mut self) -> Vec<Arc<Draft>> {
        if self.full.len() < MOST_DRAFTS && !self.filling.frame.is_empty() {
            let frame = self.spare.pop().unwrap_or_default();
            self.close_draft(Draft { frame, ..Draft::default() });
        }
        let taken: Vec<Arc<Draft>> = self.full.drain(..MOST_DRAFTS.min(self.full.len())).collect();
        self.handed_over.extend(taken.iter().cloned());
        let left = self.full.iter().map(|draft| draft.frame.len_bytes()).sum::<usize>();
        self.bytes = left + self.filling.frame.len_bytes();
        taken
    }

    /// Forgets what is durable: the log has it.
    pub(super) fn forget(&mut self, durable: u64) {
        while self.handed_over.front().is_some_and(|draft| draft.end() <= durable) {
            // Whoever appended it may still be letting go of it.
            let emptied = self.handed_over.pop_front().and_then(Arc::into_inner);
            if let Some(Draft { mut frame, .. }) = emptied.filter(|_| self.spare.len() < MOST_SPARE) {
                frame.clear();
                self.spare.push(frame);
            }
        }
    }

    /// The event at a position and when it was recorded, where it is not durable yet.
    pub(super) fn event(&self, position: u64) -> Option<(&[u8], i64)> {
        let among = |drafts: &VecDeque<Arc<Draft>>| drafts.partition_point(|draft| draft.end() <= position);
        self.filling
            .event(position)
            .or_else(|| self.full.get(among(&self.full))?.event(position))
            .or_else(|| self.handed_over.get(among(&self.handed_over))?.event(position))
    }
}
