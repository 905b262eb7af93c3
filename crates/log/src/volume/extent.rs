//! Which frames a volume must hold, and what a check of it found.

use crate::{Damage, Hash, Head, LedgerId, Origin};

/// The frames that a volume must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// Where it begins.
    pub origin: Origin,
    /// Where it ends.
    pub end: End,
}

/// Where a volume ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Before this frame, with this chain hash: the next volume, or the anchor, says so.
    Before {
        /// The number after the last frame.
        next_frame: u64,
        /// The chain hash of the last frame.
        hash: Hash,
    },
    /// Anywhere after its first frame: the volume is new and the anchor did not reach it.
    AfterFirst,
}

/// What a check of a volume found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survey {
    /// Frames that are whole and chained, those beyond the extent included.
    pub frames: u64,
    /// The events in them.
    pub events: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The head after the last of them.
    pub head: Head,
}

impl Extent {
    /// Whose volume it is.
    #[must_use]
    pub fn ledger(&self) -> LedgerId {
        self.origin.ledger
    }

    /// How many frames must be there.
    #[must_use]
    pub fn frames(&self) -> u64 {
        match self.end {
            End::Before { next_frame, .. } => next_frame.saturating_sub(self.origin.head.next_frame),
            End::AfterFirst => 1,
        }
    }

    /// The damage that a frame of it is not there.
    #[must_use]
    pub fn missing(&self, file: &str, frame: u64, found: impl Into<Box<str>>) -> Damage {
        let expected = match self.end {
            End::Before { next_frame, .. } => {
                format!("the frames from {} to before {next_frame}", self.origin.head.next_frame)
            }
            End::AfterFirst => format!("frame {}", self.origin.head.next_frame),
        };
        Damage::new(file, expected, found).at_frame(frame)
    }
}
