//! The index of a finished volume: where each of its frames lies in `db`.
//!
//! ```text
//! offset  bytes  field
//!      0      8  magic            C0 46 49 4E 44 45 58 0A
//!      8      2  format version   0
//!     10      6  zero
//!     16    128  origin           of the volume, as its own file holds it
//!    144      8  next frame       the number after the last one
//!    152     32  chain hash       of the last frame
//!    184         for each frame, in order: byte in db (8), first position (8), length (4)
//!    -32     32  BLAKE3 of everything before
//! ```
//!
//! It is a cache: one that is missing, spoiled or of another volume is made again from `db`. It is
//! not believed either: what lies where it says is verified by its own hashes and by its neighbours'.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use counterfoil_log::{End, Extent, Hash};

use crate::raw::Place;

const NAME: &str = "index";
/// Its name while it is written.
const UNFINISHED: &str = "index.tmp";
const MAGIC: [u8; 8] = [0xC0, b'F', b'I', b'N', b'D', b'E', b'X', 0x0A];
const FORMAT: u16 = 0;
const PLACE_BYTES: usize = 8 + 8 + 4;
const HASH_BYTES: usize = 32;

/// Where the frames of a volume lie, in the order of their numbers.
pub(super) struct Index {
    first_frame: u64,
    places: Vec<Place>,
}

impl Index {
    pub(super) fn new(extent: &Extent, places: Vec<Place>) -> Self {
        Self { first_frame: extent.origin.head.next_frame, places }
    }

    /// The places of a frame and of those after it.
    pub(super) fn from(&self, number: u64) -> &[Place] {
        let skip = number.checked_sub(self.first_frame).and_then(|skip| usize::try_from(skip).ok());
        skip.and_then(|skip| self.places.get(skip..)).unwrap_or_default()
    }

    /// The last frame whose first position is not beyond a position.
    pub(super) fn holding(&self, position: u64) -> Option<u64> {
        let after = self.places.partition_point(|place| place.first_position <= position);
        let at = u64::try_from(after.checked_sub(1)?).ok()?;
        Some(self.first_frame.saturating_add(at))
    }

    pub(super) fn memory_bytes(&self) -> usize {
        self.places.len().saturating_mul(size_of::<Place>())
    }

    /// Reads the index of a volume; none where it is not whole, or is that of anything else.
    pub(super) fn load(path: &Path, extent: &Extent) -> Option<Self> {
        let bytes = fs::read(path.join(NAME)).ok()?;
        let index = Self::decode(&bytes, extent);
        if index.is_none() {
            tracing::warn!(volume = %path.display(), "the index does not fit and is made again");
        }
        index
    }

    fn decode(bytes: &[u8], extent: &Extent) -> Option<Self> {
        let (checked, hash) = bytes.split_last_chunk::<HASH_BYTES>()?;
        if Hash::of(checked).0 != *hash {
            return None;
        }
        let (places, rest) = checked.strip_prefix(&*front(extent)?)?.as_chunks::<PLACE_BYTES>();
        if !rest.is_empty() || u64::try_from(places.len()) != Ok(extent.frames()) {
            return None;
        }
        let places: Option<Vec<Place>> = places.iter().map(decode_place).collect();
        Some(Self::new(extent, places?))
    }

    /// Writes the index: whole under another name, then renamed.
    pub(super) fn store(&self, path: &Path, extent: &Extent) -> io::Result<()> {
        let Some(mut bytes) = front(extent) else { return Ok(()) };
        for place in &self.places {
            bytes.extend_from_slice(&place.offset.to_le_bytes());
            bytes.extend_from_slice(&place.first_position.to_le_bytes());
            bytes.extend_from_slice(&place.bytes.to_le_bytes());
        }
        let hash = Hash::of(&bytes);
        bytes.extend_from_slice(&hash.0);
        let mut file = File::create(path.join(UNFINISHED))?;
        file.write_all(&bytes)?;
        file.sync_data()?;
        fs::rename(path.join(UNFINISHED), path.join(NAME))?;
        File::open(path)?.sync_all()
    }
}

/// What the index of a volume begins with; none where it is not known where the volume ends.
fn front(extent: &Extent) -> Option<Vec<u8>> {
    let End::Before { next_frame, hash } = extent.end else { return None };
    let mut out = Vec::new();
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&FORMAT.to_le_bytes());
    out.extend_from_slice(&[0; 6]);
    out.extend_from_slice(&extent.origin.encode());
    out.extend_from_slice(&next_frame.to_le_bytes());
    out.extend_from_slice(&hash.0);
    Some(out)
}

fn decode_place(bytes: &[u8; PLACE_BYTES]) -> Option<Place> {
    let (offset, rest) = bytes.split_first_chunk::<8>()?;
    let (first_position, rest) = rest.split_first_chunk::<8>()?;
    Some(Place {
        offset: u64::from_le_bytes(*offset),
        first_position: u64::from_le_bytes(*first_position),
        bytes: u32::from_le_bytes(*rest.first_chunk::<4>()?),
    })
}
