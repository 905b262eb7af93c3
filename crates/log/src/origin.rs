//! The origin of a volume: a small file that says where in the log the volume begins.
//!
//! ```text
//! offset  bytes  field
//!      0      8  magic            C0 46 4F 52 49 47 49 0A
//!      8      2  format version   0
//!     10      6  zero
//!     16     16  ledger id
//!     32      8  volume           1, 2, 3 …
//!     40     56  head             before the volume's first frame: frame, position, epoch, hash
//!     96     32  BLAKE3 of bytes 0 to 96
//! ```
//!
//! It lets a reader find the volume of a frame without opening any, and says by which hash the
//! volume before it must end. A volume ends where its successor begins: what it holds beyond
//! that was superseded.

use crate::layout::{Fields, put_head};
use crate::{Damage, Hash, Head, LedgerId, OpenError};

const MAGIC: [u8; 8] = [0xC0, b'F', b'O', b'R', b'I', b'G', b'I', 0x0A];
const FORMAT: u16 = 0;
const CHECKED_BYTES: usize = 8 + 2 + 6 + 16 + 8 + 56;
/// The size of an origin.
pub const ORIGIN_BYTES: usize = CHECKED_BYTES + 32;

const _: () = assert!(ORIGIN_BYTES == 128);

/// Where a volume begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Whose it is.
    pub ledger: LedgerId,
    /// Its number, from 1.
    pub volume: u64,
    /// The head of the log before the volume's first frame.
    pub head: Head,
}

impl Origin {
    /// Its bytes on disk.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(ORIGIN_BYTES);
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&FORMAT.to_le_bytes());
        out.extend_from_slice(&[0; 6]);
        out.extend_from_slice(&self.ledger.0);
        out.extend_from_slice(&self.volume.to_le_bytes());
        put_head(&mut out, &self.head);
        let check = Hash::of(&out);
        out.extend_from_slice(&check.0);
        out
    }

    /// Reads and verifies it; `file` is for the report.
    pub fn decode(file: &str, bytes: &[u8]) -> Result<Self, OpenError> {
        let damaged = |found: &str| OpenError::Damaged(Damage::new(file, "the origin of a volume", found));
        let (checked, check) =
            bytes.split_at_checked(CHECKED_BYTES).ok_or_else(|| damaged("fewer bytes than an origin has"))?;
        if Hash::of(checked).0 != check {
            return Err(damaged("bytes that do not fit their hash"));
        }
        let mut fields = Fields(checked);
        if fields.array() != Some(MAGIC) {
            return Err(damaged("another magic"));
        }
        match fields.u16() {
            Some(FORMAT) => {}
            Some(found) => return Err(OpenError::Format { file: file.to_owned(), found }),
            None => return Err(damaged("no format")),
        }
        Self::rest(&mut fields).ok_or_else(|| damaged("missing fields"))
    }

    fn rest(fields: &mut Fields<'_>) -> Option<Self> {
        fields.bytes(6)?;
        Some(Self { ledger: fields.ledger()?, volume: fields.u64()?, head: fields.head()? })
    }
}
