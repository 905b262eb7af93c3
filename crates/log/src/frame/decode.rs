//! From bytes to a verified frame, and the ways in which bytes are not one.

use std::fmt;

use super::header::FORMAT;
use super::{Frame, FrameHeader, FrameKind, HEADER_BYTES, MAX_FRAME};
use crate::{Bytes, Hash};

/// Why bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameError {
    /// Fewer bytes than the frame needs.
    Short {
        /// How many it needs.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// More bytes than the frame says it has, or than any frame may have.
    Long {
        /// How many there may be.
        allowed: usize,
        /// How many there are.
        found: usize,
    },
    /// It does not begin like a frame.
    Magic {
        /// What it begins with.
        found: [u8; 8],
    },
    /// Written in a format that this version does not read.
    Version {
        /// The format it says.
        found: u16,
    },
    /// The header does not fit its check.
    Header,
    /// An unknown kind.
    Kind {
        /// The kind it says.
        found: u8,
    },
    /// The payload does not fit its hash.
    Payload {
        /// What the header promises.
        expected: Hash,
        /// What the payload has.
        found: Hash,
    },
    /// The lengths in the payload do not add up, or a control frame holds events.
    Lengths,
}

impl Frame {
    /// Verifies bytes that must be exactly one frame.
    pub fn decode(bytes: impl Into<Bytes>) -> Result<Self, FrameError> {
        let bytes: Bytes = bytes.into();
        let (header, hash) = FrameHeader::decode(&bytes)?;
        check_payload(&header, &bytes)?;
        Ok(Self { header, hash, bytes })
    }

    /// Verifies the frame at the front of bytes that may go on after it.
    pub fn decode_front(bytes: &[u8]) -> Result<Self, FrameError> {
        let (header, _) = FrameHeader::decode(bytes)?;
        Self::decode(front(&header, bytes)?)
    }
}

impl FrameHeader {
    /// Verifies the whole frame at the front of bytes that may go on after it, and keeps its header alone.
    pub fn verify_front(bytes: &[u8]) -> Result<(Self, Hash), FrameError> {
        let (header, hash) = Self::decode(bytes)?;
        check_payload(&header, front(&header, bytes)?)?;
        Ok((header, hash))
    }
}

fn front<'a>(header: &FrameHeader, bytes: &'a [u8]) -> Result<&'a [u8], FrameError> {
    let needed = header.frame_bytes();
    bytes.get(..needed).ok_or(FrameError::Short { needed, found: bytes.len() })
}

fn check_payload(header: &FrameHeader, bytes: &[u8]) -> Result<(), FrameError> {
    let needed = header.frame_bytes();
    if bytes.len() < needed {
        return Err(FrameError::Short { needed, found: bytes.len() });
    }
    let allowed = needed.min(MAX_FRAME);
    if bytes.len() > allowed {
        return Err(FrameError::Long { allowed, found: bytes.len() });
    }
    let payload = bytes.get(HEADER_BYTES..).unwrap_or_default();
    let found = Hash::of(payload);
    if found != header.payload_hash {
        return Err(FrameError::Payload { expected: header.payload_hash, found });
    }
    let lengths_fit = match header.kind {
        FrameKind::Events => lengths_fit(header.count, payload),
        FrameKind::Epoch | FrameKind::Seal => header.count == 0 && payload.is_empty(),
    };
    if lengths_fit { Ok(()) } else { Err(FrameError::Lengths) }
}

/// Whether the lengths at the front of a payload account for every byte of it.
fn lengths_fit(count: u32, payload: &[u8]) -> bool {
    let Some((lengths, events)) = usize::try_from(count)
        .ok()
        .and_then(|c| c.checked_mul(4))
        .and_then(|table| payload.split_at_checked(table))
    else {
        return false;
    };
    let (chunks, _) = lengths.as_chunks::<4>();
    // At most 2^14 lengths below 2^32 each: the sum cannot overflow.
    let total: u64 = chunks.iter().map(|length| u64::from(u32::from_le_bytes(*length))).sum();
    usize::try_from(total) == Ok(events.len())
}

impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short { needed, found } => {
                write!(f, "the frame needs {needed} bytes and {found} are there")
            }
            Self::Long { allowed, found } => {
                write!(f, "the frame has {found} bytes where {allowed} are allowed")
            }
            Self::Magic { found } => {
                write!(f, "the bytes do not begin like a frame but with")?;
                found.iter().try_for_each(|byte| write!(f, " {byte:02x}"))
            }
            Self::Version { found } => {
                write!(f, "the frame has format {found} and this version reads format {FORMAT}")
            }
            Self::Header => f.write_str("the header of the frame does not fit its check"),
            Self::Kind { found } => write!(f, "the frame is of the unknown kind {found}"),
            Self::Payload { expected, found } => {
                write!(f, "the payload of the frame hashes to {found} and its header promises {expected}")
            }
            Self::Lengths => {
                f.write_str("the lengths of the events do not add up to the payload of the frame")
            }
        }
    }
}

impl std::error::Error for FrameError {}
