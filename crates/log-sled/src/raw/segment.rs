//! One segment of sled's file: its header and its messages, up to the first bad one.

use std::ops::Range;

use crate::guard::SEGMENT_BYTES;

/// The bytes of a segment's header.
pub(super) const HEADER_BYTES: usize = 20;
/// sled begins no message in the last bytes of a segment.
const RED_ZONE_BYTES: usize = 32;
/// sled looks at so many bytes to read a message's header, zeros beyond the file.
const MESSAGE_HEADER_BYTES: usize = 32;
/// Fields are stored xored with this, so that zeros are never a valid header.
const MASK: u64 = 0x7FFF_FFFF_FFFF_FFFF;

/// Where a segment stands in sled's log, and how much of the log was stable when it was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    pub(super) lsn: u64,
    pub(super) stable: u64,
}

/// What a message is to recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing: cancelled, or a manifest.
    Other,
    /// A whole page.
    Page,
    /// A change to a page that must be there.
    Change,
    /// A page is given up; it can be changed again only after it was written anew.
    Free,
    /// A value in a file of its own.
    Blob,
}

/// One good message.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) kind: Kind,
    pub(super) page: u64,
    /// Its payload within the segment.
    pub(super) payload: Range<usize>,
    /// Where it begins within the segment.
    pub(super) start: usize,
}

/// Why there are no more messages in a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The segment is full: the log goes on in the next one. Where it stopped.
    Full(usize),
    /// What follows is no message: the end of the log, or damage.
    Bad(usize),
}

impl SegmentHeader {
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let (crc, rest) = bytes.split_first_chunk::<4>()?;
        let (lsn, tail) = rest.split_first_chunk::<8>()?;
        let stable = tail.first_chunk::<8>()?;
        let checked = rest.get(..16)?;
        if crc32fast::hash(checked) != u32::from_le_bytes(*crc) ^ u32::MAX {
            return None;
        }
        let header =
            Self { lsn: u64::from_le_bytes(*lsn) ^ MASK, stable: u64::from_le_bytes(*stable) ^ MASK };
        // sled's numbers are signed: a stable one of -1 means none, any other negative is nonsense.
        let stable = if header.stable > MASK { 0 } else { header.stable };
        let segment = u64::try_from(SEGMENT_BYTES).ok()?;
        (header.lsn <= MASK && header.lsn.is_multiple_of(segment)).then_some(Self { stable, ..header })
    }
}

/// The messages of a segment up to the first that is not one.
pub(super) fn messages(segment: &[u8], header: SegmentHeader) -> (Vec<Message>, Stop) {
    let number = header.lsn / u64::try_from(SEGMENT_BYTES).unwrap_or(u64::MAX);
    let mut messages = Vec::new();
    let mut at = HEADER_BYTES;
    while at <= SEGMENT_BYTES.saturating_sub(RED_ZONE_BYTES) {
        match message(segment, at, number) {
            Some(Found::Message(message)) => {
                at = message.payload.end;
                messages.push(message);
            }
            Some(Found::Cap) => return (messages, Stop::Full(at)),
            None => return (messages, Stop::Bad(at)),
        }
    }
    (messages, Stop::Full(at))
}

enum Found {
    Message(Message),
    Cap,
}

fn message(segment: &[u8], at: usize, number: u64) -> Option<Found> {
    let available = segment.get(at..)?;
    let mut header = [0_u8; MESSAGE_HEADER_BYTES];
    let present = available.len().min(MESSAGE_HEADER_BYTES);
    header.get_mut(..present)?.copy_from_slice(available.get(..present)?);
    let (crc, mut rest) = header.split_first_chunk::<4>()?;
    let kind = *rest.split_off_first()?;
    let length = usize::try_from(varint(&mut rest)?).ok()?;
    let segment_number = varint(&mut rest)?;
    let page = varint(&mut rest)?;
    let header_bytes = MESSAGE_HEADER_BYTES.checked_sub(rest.len())?;
    let start = at.checked_add(header_bytes)?;
    let payload = start..start.checked_add(length)?;
    let body = segment.get(payload.clone())?;
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(body);
    hasher.update(header.get(4..header_bytes)?);
    if hasher.finalize() ^ u32::MAX != u32::from_le_bytes(*crc) || segment_number != number {
        return None;
    }
    let kind = match kind {
        1 | 3 => Kind::Other,
        2 => return Some(Found::Cap),
        4 => Kind::Free,
        5 | 6 | 8 => Kind::Page,
        10 => Kind::Change,
        7 | 9 | 11 => Kind::Blob,
        _ => return None,
    };
    Some(Found::Message(Message { kind, page, payload, start: at }))
}

/// sled's integers of 1 to 9 bytes.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let first = *bytes.split_off_first()?;
    let lead = u64::from(first);
    match first {
        0..=240 => Some(lead),
        241..=248 => Some(240 + 256 * (lead - 241) + u64::from(*bytes.split_off_first()?)),
        249 => {
            let (high, low) = (*bytes.split_off_first()?, *bytes.split_off_first()?);
            Some(2288 + 256 * u64::from(high) + u64::from(low))
        }
        250.. => {
            let count = usize::from(first - 247);
            let field = bytes.split_off(..count)?;
            let mut all = [0_u8; 8];
            all.get_mut(..count)?.copy_from_slice(field);
            Some(u64::from_le_bytes(all))
        }
    }
}
