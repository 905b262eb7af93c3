//! The past: events of the log, for answers that the views keep no rows of.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use counterfoil_domain::{ObjectId, Recorded};
use counterfoil_log::{EventLog, Frame};
use counterfoil_views::{Past, Unreadable};

use super::waiting::wait;
use crate::codec::decode_at;
use crate::state::{Latest, Recalled};

/// How many frames are kept: what is asked for together lies together, and a frame is at
/// most 64 KiB.
const KEPT: usize = 16;

/// The log, to be asked for single events.
pub(crate) struct Bygone {
    log: Arc<dyn EventLog>,
    /// The frames that were read last, the newest last.
    frames: Mutex<VecDeque<Frame>>,
}

/// Where records changed: what is not in runs yet, and the runs.
pub(crate) struct Changes {
    since: Latest,
    recalled: Recalled,
    /// The position of the event that it needs next.
    pub(super) next: u64,
}

/// The past as views at one position need it.
pub(super) struct LogPast<'a> {
    pub(super) bygone: &'a Bygone,
    pub(super) changes: &'a Changes,
}

impl Changes {
    /// Those of every event before the runs' end.
    pub(crate) fn new(recalled: Recalled) -> Self {
        Self { since: Latest::default(), next: recalled.covered, recalled }
    }

    /// Takes in which records some events changed, where it has not seen them.
    pub(crate) fn add_all(&mut self, events: &[Recorded]) {
        for recorded in events.iter().filter(|recorded| recorded.position >= self.next) {
            self.since.add(recorded);
        }
        self.next = events.last().map_or(self.next, |last| self.next.max(last.position + 1));
    }

    /// Lets go of what runs have.
    pub(crate) fn recall(&mut self, recalled: Recalled) {
        if recalled.covered <= self.next && recalled.covered >= self.recalled.covered {
            self.since.forget(recalled.covered);
            self.recalled = recalled;
        }
    }

    fn latest(&self, record: ObjectId) -> Result<u64, Unreadable> {
        if let Some(at) = self.since.get(record) {
            return Ok(at);
        }
        let found = self.recalled.latest(record);
        Ok(found.map_err(|error| Unreadable::event(record.position(), error))?.unwrap_or(record.position()))
    }
}

impl Past for LogPast<'_> {
    fn event(&self, position: u64) -> Result<Recorded, Unreadable> {
        self.bygone.event(position)
    }

    fn latest(&self, record: ObjectId) -> Result<u64, Unreadable> {
        self.changes.latest(record)
    }
}

impl Bygone {
    pub(crate) fn new(log: Arc<dyn EventLog>) -> Self {
        Self { log, frames: Mutex::default() }
    }

    fn event(&self, position: u64) -> Result<Recorded, Unreadable> {
        let frame = self.frame(position)?;
        let decoded = decode_at(&frame, position).map_err(|error| Unreadable::event(position, error))?;
        let recorded = decoded.map(|decoded| decoded.recorded);
        recorded.ok_or_else(|| Unreadable::event(position, "its frame does not hold it"))
    }

    fn frame(&self, position: u64) -> Result<Frame, Unreadable> {
        let holds =
            |frame: &Frame| frame.first_position() <= position && position < frame.head_after().next_position;
        let mut frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = frames.iter().rposition(holds)
            && let Some(frame) = frames.remove(place)
        {
            frames.push_back(frame.clone());
            return Ok(frame);
        }
        drop(frames);
        let found =
            wait(|| self.log.frame_of(position)).map_err(|error| Unreadable::event(position, error))?;
        let found = found.map_err(|error| Unreadable::event(position, error))?;
        let frame = found.ok_or_else(|| Unreadable::event(position, "it is beyond the log's head"))?;
        let mut frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        if frames.len() >= KEPT {
            frames.pop_front();
        }
        frames.push_back(frame.clone());
        Ok(frame)
    }
}
