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
//!    108         the payload, to the end of the file:
//!      0     16  the ledger's id
//!     16      8  the number of the frame that comes next
//!     24      8  how many earlier frames follow, and of each:
//!             8  its number
//!            32  the chain's hash before it
//!                the state
//! ```
//!
//! A snapshot is broken where it is shorter than its header, where magic, name, length
//! or checksum do not fit, or where the payload is no lineage and state. It is a cache: what is
//! broken or of another version is thrown away, and the view is rebuilt from the log.

mod damage;
mod lineage;

pub use damage::Damage;
pub use lineage::Lineage;

use crate::encoding::{Encoding, EncodingError};
use crate::projector::Projector;

const MAGIC: [u8; 8] = *b"CFVIEW\0\x01";
const NAME_BYTES: usize = 16;
/// Everything before the checksum.
const CHECKED: usize = 76;
const HEADER: usize = CHECKED + 32;

/// Where in which log a state belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The position of the event that the state needs next.
    pub next_position: u64,
    /// Of which log it is. The views cannot check it; whoever holds the log must.
    pub lineage: Lineage,
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

/// Writes a state as the bytes of a snapshot: those before the state, and the state, which may
/// be large.
///
/// # Errors
/// A state that the encoding cannot hold.
pub(crate) fn write<P: Projector>(
    state: &P,
    at: &Checkpoint,
    encoding: &impl Encoding,
) -> Result<(Vec<u8>, Vec<u8>), EncodingError> {
    let (lineage, state) = (at.lineage.encode(), encoding.encode(state)?);
    let length = lineage.len() + state.len();
    let mut bytes = Vec::with_capacity(HEADER + lineage.len());
    bytes.extend_from_slice(&MAGIC);
    bytes.extend_from_slice(&padded(P::NAME));
    bytes.extend_from_slice(&P::VERSION.to_le_bytes());
    bytes.extend_from_slice(&at.next_position.to_le_bytes());
    bytes.extend_from_slice(&at.lineage.chain);
    bytes.extend_from_slice(&(length as u64).to_le_bytes());
    let checksum = checksum([&bytes, &lineage, &state]);
    bytes.extend_from_slice(&checksum);
    bytes.extend_from_slice(&lineage);
    Ok((bytes, state))
}

/// Reads a snapshot, whatever its bytes are.
pub(crate) fn read<P: Projector>(bytes: &[u8], encoding: &impl Encoding) -> Read<P> {
    match header(bytes, P::NAME) {
        Err(damage) => Read::Damaged(damage),
        Ok(Header { version, .. }) if version != P::VERSION => Read::Stale(version),
        Ok(Header { next_position, chain, payload, .. }) => {
            let Some((lineage, state)) = Lineage::decode(chain, payload) else {
                let error = EncodingError::new("the trail of its log ends before its end");
                return Read::Damaged(Damage::Payload { error });
            };
            match encoding.decode(state) {
                Ok(state) => Read::State(state, Checkpoint { next_position, lineage }),
                Err(error) => Read::Damaged(Damage::Payload { error }),
            }
        }
    }
}

/// What stands before the payload, and that.
struct Header<'a> {
    version: u32,
    next_position: u64,
    chain: [u8; 32],
    payload: &'a [u8],
}

/// The header of a snapshot whose checksum fits.
fn header<'a>(bytes: &'a [u8], name: &str) -> Result<Header<'a>, Damage> {
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
    if checksum([checked, payload]) != sum {
        return Err(Damage::Checksum);
    }
    if *found != padded(name) {
        return Err(Damage::OtherView {
            found: String::from_utf8_lossy(found).trim_end_matches('\0').into(),
        });
    }
    let (version, next_position) = (u32::from_le_bytes(*version), u64::from_le_bytes(*next_position));
    Ok(Header { version, next_position, chain: *chain, payload })
}

fn padded(name: &str) -> [u8; NAME_BYTES] {
    let mut bytes = [0; NAME_BYTES];
    for (byte, letter) in bytes.iter_mut().zip(name.bytes()) {
        *byte = letter;
    }
    bytes
}

fn checksum<const PARTS: usize>(parts: [&[u8]; PARTS]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}
