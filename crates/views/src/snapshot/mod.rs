//! A snapshot: one view's state as a file, checked before it is believed.
//!
//! ```text
//! offset  bytes  what (integers are little endian)
//!      0      8  magic "CFVIEW\0\1"; the last byte is the layout of this header
//!      8     16  the view's name, filled up with zeros
//!     24      4  the view's version
//!     28      8  next position
//!     36     32  chain hash of the frame that ends at the next position
//!     68      8  length of the payload
//!     76     32  BLAKE3 of bytes 0 to 76 and the payload
//!    108         the payload, to the end of the file
//! ```
//!
//! A snapshot is broken where it is shorter than its header, where magic, name, length
//! or checksum do not fit, or where the payload is no state. It is a cache: what is
//! broken or of another version is thrown away, and the view is rebuilt from the log.

mod damage;

pub use damage::Damage;

use crate::encoding::{Encoding, EncodingError};
use crate::projector::Projector;

const MAGIC: [u8; 8] = *b"CFVIEW\0\x01";
const NAME_BYTES: usize = 16;
/// Everything before the checksum.
const CHECKED: usize = 76;
const HEADER: usize = CHECKED + 32;

/// Where in the log a state belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The position of the event that the state needs next.
    pub next_position: u64,
    /// The log's chain hash of the frame that ends at `next_position`. The views cannot
    /// check it; whoever holds the log must.
    pub chain: [u8; 32],
}

/// What reading a snapshot came to.
#[derive(Debug)]
pub(crate) enum Read<P> {
    /// It holds this state.
    State(P, Checkpoint),
    /// It is whole, and of another version.
    Stale(u32),
    /// It is broken.
    Damaged(Damage),
}

/// The name of a view's snapshot on its shelf.
#[must_use]
pub fn file_name(view: &str) -> String {
    format!("{view}.snapshot")
}

/// Writes a state as the bytes of a snapshot.
///
/// # Errors
/// A state that the encoding cannot hold.
pub(crate) fn write<P: Projector>(
    state: &P,
    at: &Checkpoint,
    encoding: &impl Encoding,
) -> Result<Vec<u8>, EncodingError> {
    let payload = encoding.encode(state)?;
    let mut bytes = Vec::with_capacity(HEADER + payload.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&padded(P::NAME));
    bytes.extend_from_slice(&P::VERSION.to_le_bytes());
    bytes.extend_from_slice(&at.next_position.to_le_bytes());
    bytes.extend_from_slice(&at.chain);
    bytes.extend_from_slice(&(payload.len() as u64).to_le_bytes());
    let checksum = checksum(&bytes, &payload);
    bytes.extend_from_slice(&checksum);
    bytes.extend_from_slice(&payload);
    Ok(bytes)
}

/// Reads a snapshot, whatever its bytes are.
pub(crate) fn read<P: Projector>(bytes: &[u8], encoding: &impl Encoding) -> Read<P> {
    match header(bytes, P::NAME) {
        Err(damage) => Read::Damaged(damage),
        Ok((version, ..)) if version != P::VERSION => Read::Stale(version),
        Ok((_, at, payload)) => match encoding.decode(payload) {
            Ok(state) => Read::State(state, at),
            Err(error) => Read::Damaged(Damage::Payload { error }),
        },
    }
}

/// The version, checkpoint and payload of a snapshot whose checksum fits.
fn header<'a>(bytes: &'a [u8], name: &str) -> Result<(u32, Checkpoint, &'a [u8]), Damage> {
    let length = bytes.len() as u64;
    let short = Damage::Short { length };
    let (checked, rest) = bytes.split_at_checked(CHECKED).ok_or(short.clone())?;
    let (sum, payload) = rest.split_at_checked(32).ok_or(short.clone())?;
    let (magic, fields) = checked.split_first_chunk::<8>().ok_or(short.clone())?;
    let (found, fields) = fields.split_first_chunk::<NAME_BYTES>().ok_or(short.clone())?;
    let (version, fields) = fields.split_first_chunk::<4>().ok_or(short.clone())?;
    let (next_position, fields) = fields.split_first_chunk::<8>().ok_or(short.clone())?;
    let (chain, fields) = fields.split_first_chunk::<32>().ok_or(short.clone())?;
    let (expected, _) = fields.split_first_chunk::<8>().ok_or(short)?;

    if *magic != MAGIC {
        return Err(Damage::Magic);
    }
    let expected = u64::from_le_bytes(*expected);
    if expected != payload.len() as u64 {
        return Err(Damage::Length { expected, found: payload.len() as u64 });
    }
    if checksum(checked, payload) != sum {
        return Err(Damage::Checksum);
    }
    if *found != padded(name) {
        return Err(Damage::OtherView {
            found: String::from_utf8_lossy(found).trim_end_matches('\0').into(),
        });
    }
    let at = Checkpoint { next_position: u64::from_le_bytes(*next_position), chain: *chain };
    Ok((u32::from_le_bytes(*version), at, payload))
}

fn padded(name: &str) -> [u8; NAME_BYTES] {
    let mut bytes = [0; NAME_BYTES];
    for (byte, letter) in bytes.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    bytes
}

fn checksum(checked: &[u8], payload: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(checked).update(payload);
    *hasher.finalize().as_bytes()
}
