//! A frame: up to 64 KiB of encoded events under one header, the unit of hashing and of storage.
//!
//! ```text
//! offset  bytes  field                     all integers little endian
//!      0      8  magic                     C0 46 46 52 41 4D 45 0A
//!      8      2  format version            0 until the format is declared 1
//!     10      2  codec id                  how the events are encoded; opaque here
//!     12      1  kind                      1 events, 2 epoch, 3 seal
//!     13      3  zero
//!     16     16  ledger id
//!     32      8  epoch                     of the writer; an epoch frame carries the new one
//!     40      8  frame number              0, 1, 2 … without gaps
//!     48      8  first position            of the first event; a control frame: of the next one
//!     56      4  count                     events in the payload; 0 in a control frame
//!     60      4  payload length
//!     64      8  recorded at               microseconds since 1970 UTC, signed
//!     72     32  previous hash             chain hash of the frame before, or the genesis hash
//!    104     32  payload hash              BLAKE3 of the payload
//!    136      8  header check              the first 8 bytes of the chain hash
//!    144         payload: count lengths of 4 bytes each, then the events one after another
//! ```
//!
//! The **chain hash** is the BLAKE3 hash of bytes 0 to 136. It covers the payload through the
//! payload hash and the past through the previous hash.
//!
//! A record can be broken in these ways, and each is told apart ([`FrameError`]): shorter than
//! its header or its payload length says; another magic; another format version; an unknown kind;
//! a header whose check fails; a payload whose hash fails; lengths that do not add up to the
//! payload (a writer's bug, since the hash fits). A whole record can also be a good frame in the
//! wrong place: then its number, ledger or previous hash do not fit its neighbours, which is
//! the log's to find.

mod build;
mod decode;
mod events;
mod header;

use std::fmt;

use crate::{Bytes, Hash, Head, LedgerId};

pub use build::FrameBuilder;
pub use decode::FrameError;
pub use events::Events;
pub use header::{FrameHeader, HEADER_BYTES, MAGIC};

/// The most a frame may measure, header included: sled keeps it inline and a reader buffers it whole.
pub const MAX_FRAME: usize = 64 * 1024;
/// The most one command's events may measure, so that they always fit one frame with room for others.
pub const MAX_COMMAND: usize = 48 * 1024;
/// The most one append may measure: far below what a volume may hold un-synced.
pub const MAX_APPEND: usize = 1 << 20;

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// Holds events.
    Events,
    /// A new writer took over; holds no events.
    Epoch,
    /// The last frame of a volume; holds no events.
    Seal,
}

/// One verified, immutable frame. Cheap to clone.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    header: FrameHeader,
    hash: Hash,
    bytes: Bytes,
}

impl Frame {
    /// What the frame is for.
    #[must_use]
    pub fn kind(&self) -> FrameKind {
        self.header.kind
    }

    /// Its number in the log.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.header.number
    }

    /// The epoch of the writer that appended it.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.header.epoch
    }

    /// The position of its first event; for a control frame that of the event that comes next.
    #[must_use]
    pub fn first_position(&self) -> u64 {
        self.header.first_position
    }

    /// How many events it holds.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.header.count
    }

    /// When it was recorded, in microseconds since 1970 UTC.
    #[must_use]
    pub fn recorded_at(&self) -> i64 {
        self.header.recorded_at
    }

    /// How its events are encoded.
    #[must_use]
    pub fn codec(&self) -> u16 {
        self.header.codec
    }

    /// The chain hash of the frame before.
    #[must_use]
    pub fn previous(&self) -> Hash {
        self.header.previous
    }

    /// Its own chain hash.
    #[must_use]
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// The ledger it belongs to.
    #[must_use]
    pub fn ledger(&self) -> LedgerId {
        self.header.ledger
    }

    /// All of it: header and payload.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The head of a log that ends with this frame.
    #[must_use]
    pub fn head_after(&self) -> Head {
        self.header.head_after(self.hash)
    }

    /// Whether it holds the event at a position.
    pub(crate) fn holds(&self, position: u64) -> bool {
        (self.first_position()..self.head_after().next_position).contains(&position)
    }

    /// Its events with their positions, in order.
    #[must_use]
    pub fn events(&self) -> Events<'_> {
        Events::new(self.first_position(), self.count(), self.bytes.get(HEADER_BYTES..).unwrap_or_default())
    }

    /// The event at a position, if this frame holds it.
    #[must_use]
    pub fn event(&self, position: u64) -> Option<&[u8]> {
        let skip = usize::try_from(position.checked_sub(self.first_position())?).ok()?;
        self.events().nth(skip).map(|(_, event)| event)
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Frame({:?} number {} epoch {} positions {}+{} bytes {} hash {})",
            self.kind(),
            self.number(),
            self.epoch(),
            self.first_position(),
            self.count(),
            self.bytes.len(),
            self.hash
        )
    }
}
