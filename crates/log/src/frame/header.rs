//! The header of a frame, laid out by hand; the drawing is in the folder's `mod.rs`.

use super::{FrameError, FrameKind};
use crate::layout::Fields;
use crate::{Hash, Head, LedgerId};

/// The first bytes of every frame. Not text and not UTF-8, so that no event holds it by accident.
pub const MAGIC: [u8; 8] = [0xC0, b'F', b'F', b'R', b'A', b'M', b'E', 0x0A];
/// The format this code writes. 0 until it is declared stable.
pub(super) const FORMAT: u16 = 0;
/// What the chain hash covers: everything before the check.
const HASHED_BYTES: usize = 8 + 2 + 2 + 1 + 3 + 16 + 8 + 8 + 8 + 4 + 4 + 8 + 32 + 32;
/// The size of a header.
pub const HEADER_BYTES: usize = HASHED_BYTES + 8;

// The drawing says 136 and 144; a field added without redrawing it does not compile.
const _: () = assert!(HASHED_BYTES == 136);
const _: () = assert!(HEADER_BYTES == 144);
const _: () = assert!(super::MAX_COMMAND + HEADER_BYTES < super::MAX_FRAME);
const _: () = assert!(super::MAX_FRAME < super::MAX_APPEND);

/// The fields of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameHeader {
    /// How the events are encoded.
    pub codec: u16,
    /// What the frame is for.
    pub kind: FrameKind,
    /// Whose it is.
    pub ledger: LedgerId,
    /// The writer's epoch.
    pub epoch: u64,
    /// Its number in the log.
    pub number: u64,
    /// The position of its first event.
    pub first_position: u64,
    /// How many events it holds.
    pub count: u32,
    /// The length of its payload.
    pub payload_bytes: u32,
    /// Microseconds since 1970 UTC.
    pub recorded_at: i64,
    /// The chain hash of the frame before.
    pub previous: Hash,
    /// BLAKE3 of the payload.
    pub payload_hash: Hash,
}

impl FrameHeader {
    /// Writes the header and tells the chain hash.
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Hash {
        let start = out.len();
        let kind = match self.kind {
            FrameKind::Events => 1_u8,
            FrameKind::Epoch => 2,
            FrameKind::Seal => 3,
        };
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&self.codec.to_le_bytes());
        out.extend_from_slice(&[kind, 0, 0, 0]);
        out.extend_from_slice(&self.ledger.0);
        out.extend_from_slice(&self.epoch.to_le_bytes());
        out.extend_from_slice(&self.number.to_le_bytes());
        out.extend_from_slice(&self.first_position.to_le_bytes());
        out.extend_from_slice(&self.count.to_le_bytes());
        out.extend_from_slice(&self.payload_bytes.to_le_bytes());
        out.extend_from_slice(&self.recorded_at.to_le_bytes());
        out.extend_from_slice(&self.previous.0);
        out.extend_from_slice(&self.payload_hash.0);
        let hash = Hash::of(out.get(start..).unwrap_or_default());
        out.extend_from_slice(hash.0.first_chunk::<8>().unwrap_or(&[0; 8]));
        hash
    }

    /// Reads a header from the front of some bytes and verifies its check. The payload is not looked at.
    pub fn decode(bytes: &[u8]) -> Result<(Self, Hash), FrameError> {
        let short = || FrameError::Short { needed: HEADER_BYTES, found: bytes.len() };
        let mut fields = Fields(bytes);
        let magic = fields.array::<8>().ok_or_else(short)?;
        if magic != MAGIC {
            return Err(FrameError::Magic { found: magic });
        }
        let version = fields.u16().ok_or_else(short)?;
        if version != FORMAT {
            return Err(FrameError::Version { found: version });
        }
        let hashed = bytes.get(..HASHED_BYTES).ok_or_else(short)?;
        let check = bytes.get(HASHED_BYTES..HEADER_BYTES).ok_or_else(short)?;
        let hash = Hash::of(hashed);
        if hash.0.get(..8) != Some(check) {
            return Err(FrameError::Header);
        }
        let header = Self::fields(&mut fields).ok_or_else(short)??;
        Ok((header, hash))
    }

    fn fields(fields: &mut Fields<'_>) -> Option<Result<Self, FrameError>> {
        let codec = fields.u16()?;
        let kind = fields.u8()?;
        let padding = fields.array::<3>()?;
        let kind = match (kind, padding) {
            (1, [0, 0, 0]) => FrameKind::Events,
            (2, [0, 0, 0]) => FrameKind::Epoch,
            (3, [0, 0, 0]) => FrameKind::Seal,
            (found, _) => return Some(Err(FrameError::Kind { found })),
        };
        Some(Ok(Self {
            codec,
            kind,
            ledger: fields.ledger()?,
            epoch: fields.u64()?,
            number: fields.u64()?,
            first_position: fields.u64()?,
            count: fields.u32()?,
            payload_bytes: fields.u32()?,
            recorded_at: fields.i64()?,
            previous: fields.hash()?,
            payload_hash: fields.hash()?,
        }))
    }

    /// The whole frame's length.
    #[must_use]
    pub fn frame_bytes(&self) -> usize {
        // A u32 fits a usize wherever this runs; the bound only keeps the arithmetic honest.
        usize::try_from(self.payload_bytes).unwrap_or(usize::MAX).saturating_add(HEADER_BYTES)
    }

    /// The head of a log that ends with this frame.
    #[must_use]
    pub fn head_after(&self, hash: Hash) -> Head {
        Head {
            next_frame: self.number.saturating_add(1),
            next_position: self.first_position.saturating_add(u64::from(self.count)),
            hash,
            epoch: self.epoch,
        }
    }
}
