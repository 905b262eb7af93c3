//! The anchor: a small file that says how far the log is known to reach.
//!
//! Two slots of 4 KiB are used in turn, so that a torn write spoils one and leaves the other.
//!
//! ```text
//! offset  bytes  field
//!      0      8  magic            C0 46 41 4E 43 48 4F 0A
//!      8      2  format version   0
//!     10      6  zero
//!     16     16  ledger id
//!     32      8  sequence         counts the writes; the greater valid slot holds
//!     40      8  volume           that holds the last frame
//!     48     56  head             frame, position, epoch, hash
//!    104      8  synced frame     next frame of the head that was last synced here
//!    112   3952  zero
//!   4064     32  BLAKE3 of bytes 0 to 4064
//! ```
//!
//! A slot is written after the volume's sync and before the acknowledgement, so every frame before
//! its head is durable. The slot itself is synced only now and then: after a power cut the anchor
//! may lag behind the log, never run ahead of it.

mod file;

use crate::layout::{Fields, put_head};
use crate::{Damage, Hash, Head, LedgerId, OpenError};

pub(crate) use file::{ANCHOR, AnchorFile, UNFINISHED, read_anchor};

const MAGIC: [u8; 8] = [0xC0, b'F', b'A', b'N', b'C', b'H', b'O', 0x0A];
const FORMAT: u16 = 0;
/// The size of a slot: one page, which disks write whole more often than not.
pub const SLOT_BYTES: usize = 4096;
const CHECKED_BYTES: usize = SLOT_BYTES - 32;
const FIELD_BYTES: usize = 8 + 2 + 6 + 16 + 8 + 8 + 56 + 8;

const _: () = assert!(FIELD_BYTES == 112);
const _: () = assert!(FIELD_BYTES < CHECKED_BYTES);

/// How far the log is known to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Whose it is.
    pub ledger: LedgerId,
    /// Counts the writes.
    pub sequence: u64,
    /// The volume that holds the last frame.
    pub volume: u64,
    /// The head.
    pub head: Head,
    /// The next frame of the head that was in the anchor when it was last synced.
    pub synced_frame: u64,
}

impl Anchor {
    /// Its bytes on disk: one slot.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(SLOT_BYTES);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&[0; 6]);
        out.extend_from_slice(&self.ledger.0);
        out.extend_from_slice(&self.sequence.to_le_bytes());
        out.extend_from_slice(&self.volume.to_le_bytes());
        put_head(&mut out, &self.head);
        out.extend_from_slice(&self.synced_frame.to_le_bytes());
        out.resize(CHECKED_BYTES, 0);
        let check = Hash::of(&out);
        out.extend_from_slice(&check.0);
        out
    }

    /// Reads and verifies one slot; `None` where the bytes are not one.
    ///
    /// A whole slot of another format is not damage, so that it can be told apart.
    pub fn decode(file: &str, slot: &[u8]) -> Result<Option<Self>, OpenError> {
        let Some((checked, check)) = slot.split_at_checked(CHECKED_BYTES) else { return Ok(None) };
        if Hash::of(checked).0 != check {
            return Ok(None);
        }
        let mut fields = Fields(checked);
        if fields.array() != Some(MAGIC) {
            return Ok(None);
        }
        match fields.u16() {
            Some(FORMAT) => Ok(Self::rest(&mut fields)),
            Some(found) => Err(OpenError::Format { file: file.to_owned(), found }),
            None => Ok(None),
        }
    }

    fn rest(fields: &mut Fields<'_>) -> Option<Self> {
        fields.bytes(6)?;
        Some(Self {
            ledger: fields.ledger()?,
            sequence: fields.u64()?,
            volume: fields.u64()?,
            head: fields.head()?,
            synced_frame: fields.u64()?,
        })
    }
}

/// Both slots are unreadable.
pub(crate) fn both_bad(found: &str) -> OpenError {
    OpenError::Damaged(
        Damage::new(ANCHOR, "two slots of 4 KiB of which at least one is whole", found).at_offset(Some(0)),
    )
}
