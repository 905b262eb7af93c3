//! Gathering events into the frame that will hold them.

use super::{Frame, FrameHeader, FrameKind, HEADER_BYTES, MAX_FRAME};
use crate::{Bytes, Hash, Head, LedgerId};

/// Accumulates the encoded events of one frame.
#[derive(Clone, Debug, Default)]
pub struct FrameBuilder {
    lengths: Vec<u8>,
    events: Vec<u8>,
}

impl FrameBuilder {
    /// An empty frame to be.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty frame to be, with room for as much as a frame may hold.
    #[must_use]
    pub fn with_room() -> Self {
        Self { lengths: Vec::with_capacity(MAX_FRAME / 16), events: Vec::with_capacity(MAX_FRAME) }
    }

    /// Empties it and keeps its memory, to be filled again.
    pub fn clear(&mut self) {
        self.lengths.clear();
        self.events.clear();
    }

    /// What the frame would measure if it were sealed now, header included.
    #[must_use]
    pub fn len_bytes(&self) -> usize {
        HEADER_BYTES.saturating_add(self.lengths.len()).saturating_add(self.events.len())
    }

    /// How many events it holds.
    #[must_use]
    pub fn count(&self) -> usize {
        self.lengths.len() / 4
    }

    /// Whether it holds no event.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lengths.is_empty()
    }

    /// Whether so many more bytes in so many more events stay within the bound of a frame.
    #[must_use]
    pub fn fits(&self, more_bytes: usize, more_events: usize) -> bool {
        let table = more_events.saturating_mul(4);
        self.len_bytes().saturating_add(table).saturating_add(more_bytes) <= MAX_FRAME
    }

    /// Adds one encoded event. Ask [`fits`](Self::fits) first: the log refuses a frame that is too large.
    pub fn push(&mut self, event: &[u8]) {
        // Saturated, an event of 4 GiB still makes a frame that append refuses by its size.
        let length = u32::try_from(event.len()).unwrap_or(u32::MAX);
        self.lengths.extend_from_slice(&length.to_le_bytes());
        self.events.extend_from_slice(event);
    }

    /// Adds the event that `write` appends to the bytes it is handed, and says how long it is.
    ///
    /// # Errors
    /// What `write` says; nothing is added.
    pub fn push_with<E>(&mut self, write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Result<usize, E> {
        let start = self.events.len();
        if let Err(error) = write(&mut self.events) {
            self.events.truncate(start);
            return Err(error);
        }
        let length = self.events.len().saturating_sub(start);
        self.lengths.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
        Ok(length)
    }

    /// The event of that place, counted from 0.
    #[must_use]
    pub fn event(&self, place: usize) -> Option<&[u8]> {
        let (lengths, _) = self.lengths.as_chunks::<4>();
        let length = u32::from_le_bytes(*lengths.get(place)?) as usize;
        let start = self.bytes_of(place);
        self.events.get(start..start.checked_add(length)?)
    }

    /// Adds every event of another frame to be.
    pub fn append(&mut self, other: &Self) {
        self.lengths.extend_from_slice(&other.lengths);
        self.events.extend_from_slice(&other.events);
    }

    /// Takes back every event but the first `count`.
    pub fn truncate(&mut self, count: usize) {
        self.events.truncate(self.bytes_of(count));
        self.lengths.truncate(count.saturating_mul(4));
    }

    /// Takes every event but the first `count` into a frame of their own.
    #[must_use]
    pub fn split_off(&mut self, count: usize) -> Self {
        let bytes = self.bytes_of(count);
        let lengths = self.lengths.split_off(count.saturating_mul(4).min(self.lengths.len()));
        Self { lengths, events: self.events.split_off(bytes) }
    }

    /// How many bytes the first `count` events have.
    fn bytes_of(&self, count: usize) -> usize {
        let (lengths, _) = self.lengths.as_chunks::<4>();
        lengths.iter().take(count).map(|length| u32::from_le_bytes(*length) as usize).sum()
    }

    /// Makes the frame that follows a head, and the head that follows the frame.
    #[must_use]
    pub fn seal(&self, head: &Head, ledger: LedgerId, recorded_at: i64, codec: u16) -> (Frame, Head) {
        let count = u32::try_from(self.count()).unwrap_or(u32::MAX);
        let place = Place { kind: FrameKind::Events, epoch: head.epoch, recorded_at, codec };
        finish(&place, head, ledger, count, &[&self.lengths, &self.events])
    }
}

/// What distinguishes a frame besides its head and its events.
struct Place {
    kind: FrameKind,
    epoch: u64,
    recorded_at: i64,
    codec: u16,
}

impl Frame {
    /// The control frame by which a new writer takes over: the epoch after the head's.
    #[must_use]
    pub fn epoch_after(head: &Head, ledger: LedgerId, recorded_at: i64) -> (Self, Head) {
        let epoch = head.epoch.saturating_add(1);
        finish(&Place { kind: FrameKind::Epoch, epoch, recorded_at, codec: 0 }, head, ledger, 0, &[])
    }

    /// The control frame that ends a volume.
    #[must_use]
    pub fn seal_after(head: &Head, ledger: LedgerId, recorded_at: i64) -> (Self, Head) {
        finish(
            &Place { kind: FrameKind::Seal, epoch: head.epoch, recorded_at, codec: 0 },
            head,
            ledger,
            0,
            &[],
        )
    }
}

fn finish(place: &Place, head: &Head, ledger: LedgerId, count: u32, payload: &[&[u8]]) -> (Frame, Head) {
    let mut hasher = blake3::Hasher::new();
    let mut length = 0_usize;
    for part in payload {
        hasher.update(part);
        length = length.saturating_add(part.len());
    }
    let header = FrameHeader {
        codec: place.codec,
        kind: place.kind,
        ledger,
        epoch: place.epoch,
        number: head.next_frame,
        first_position: head.next_position,
        count,
        payload_bytes: u32::try_from(length).unwrap_or(u32::MAX),
        recorded_at: place.recorded_at,
        previous: head.hash,
        payload_hash: Hash(*hasher.finalize().as_bytes()),
    };
    let mut bytes = Vec::with_capacity(HEADER_BYTES.saturating_add(length));
    let hash = header.write(&mut bytes);
    for part in payload {
        bytes.extend_from_slice(part);
    }
    let frame = Frame { header, hash, bytes: Bytes::from(bytes) };
    let after = frame.head_after();
    (frame, after)
}
