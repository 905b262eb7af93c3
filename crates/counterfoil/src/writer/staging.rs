//! Staging: events that are decided and not yet appended, in frames being filled.

use counterfoil_log::FrameBuilder;

/// A frame's worth of events with the time it was recorded.
pub(crate) struct Draft {
    pub(crate) frame: FrameBuilder,
    pub(crate) recorded_at: i64,
}

/// The frames that wait for the log.
#[derive(Default)]
pub(super) struct Staging {
    drafts: Vec<Draft>,
    bytes: usize,
}

/// How much may wait before deciding pauses: one append of the largest size.
const MOST_STAGED: usize = counterfoil_log::MAX_APPEND;

impl Staging {
    /// Whether deciding must pause until the log has taken some.
    pub(super) fn is_full(&self) -> bool {
        self.bytes >= MOST_STAGED
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    /// Stages the events of a command, or of a group of commands: always in one frame.
    pub(super) fn add(&mut self, events: &[Vec<u8>], recorded_at: i64) {
        let bytes: usize = events.iter().map(Vec::len).sum();
        let fits = self.drafts.last().is_some_and(|draft| draft.frame.fits(bytes, events.len()));
        if !fits {
            self.drafts.push(Draft { frame: FrameBuilder::new(), recorded_at });
        }
        if let Some(draft) = self.drafts.last_mut() {
            draft.recorded_at = recorded_at;
            for event in events {
                draft.frame.push(event);
            }
        }
        self.bytes += bytes;
    }

    /// Takes what one append may hold.
    pub(super) fn take(&mut self) -> Vec<Draft> {
        let most = counterfoil_log::MAX_APPEND / counterfoil_log::MAX_FRAME;
        let taken: Vec<Draft> = self.drafts.drain(..most.min(self.drafts.len())).collect();
        self.bytes = self.drafts.iter().map(|draft| draft.frame.len_bytes()).sum();
        taken
    }
}
