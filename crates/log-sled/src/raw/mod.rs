//! Reading sled's file without sled, before sled may write to it.
//!
//! Opening sled zeroes what it takes for a torn tail and skips what it cannot read, without an error.
//! So a frame must be found here twice over: **whole** (by magic, check and hash, and by the
//! chain from the volume's end back to its beginning) and **in a place that sled will reach**. For the
//! second, `recovery.rs` follows sled's own steps at open, on the file's present bytes:
//!
//! ```text
//! db       segments of 8 MiB
//! segment  crc 4 | lsn 8 | greatest stable lsn 8 | messages until a cap, the end, or a bad one
//! message  crc 4 | kind 1 | length 1-9 | segment number 1-9 | page 1-9 | payload
//! ```
//!
//! A frame is one contiguous run of bytes in the payload of one message: sled neither splits nor
//! compresses a value, and a leaf of a small tree is far below the size of a blob.

mod chain;
mod recovery;
mod scan;
mod segment;

use std::fs;
use std::io;
use std::ops::Range;
use std::path::Path;

use counterfoil_log::{Damage, Extent, OpenError, Survey};

use crate::guard::CONF;
pub(crate) use scan::read_at;
use scan::{Found, Verify};

/// Where a frame lies in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) offset: u64,
    pub(crate) bytes: u32,
    pub(crate) first_position: u64,
}

impl Place {
    pub(crate) fn len(&self) -> usize {
        usize::try_from(self.bytes).unwrap_or(usize::MAX)
    }

    pub(crate) fn range(&self) -> Range<u64> {
        self.offset..self.offset.saturating_add(u64::from(self.bytes))
    }
}

/// Checks that a volume holds every frame of an extent. Reads only.
pub(crate) fn survey(path: &Path, folder: &str, extent: &Extent) -> Result<Survey, OpenError> {
    check_conf(path, folder)?;
    let file = open_file(path, folder, extent)?;
    let scan = scan::scan(&file).map_err(|source| OpenError::io(path.join("db"), source))?;
    chain::verify(&format!("{folder}/db"), extent, &scan)
}

/// Where each frame of a volume lies that sled will not open any more: whole frames and their chain
/// count, sled's framing around them does not.
pub(crate) fn places(
    path: &Path,
    folder: &str,
    extent: &Extent,
    verify: Verify,
) -> Result<Vec<Place>, OpenError> {
    let file = open_file(path, folder, extent)?;
    let scan = scan::frames(&file, verify).map_err(|source| OpenError::io(path.join("db"), source))?;
    Ok(chain::back(&format!("{folder}/db"), extent, &scan)?.iter().map(place).collect())
}

fn place(found: &Found) -> Place {
    // A frame is far smaller than a u32 tells; a larger one would be read cut, and refused.
    let bytes = u32::try_from(found.bytes).unwrap_or(u32::MAX);
    Place { offset: found.offset, bytes, first_position: found.first_position }
}

/// Opens sled's file for reading.
pub(crate) fn open_file(path: &Path, folder: &str, extent: &Extent) -> Result<fs::File, OpenError> {
    match fs::File::open(path.join("db")) {
        Ok(file) => Ok(file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let name = format!("{folder}/db");
            Err(extent.missing(&name, extent.origin.head.next_frame, "no such file").into())
        }
        Err(source) => Err(OpenError::io(path.join("db"), source)),
    }
}

/// sled only warns where the checksum of its `conf` fails, and then believes what it reads.
fn check_conf(path: &Path, folder: &str) -> Result<(), OpenError> {
    let conf = path.join("conf");
    let bytes = match fs::read(&conf) {
        Ok(bytes) => bytes,
        // sled writes it anew, and what it says is always the same.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(source) => return Err(OpenError::io(conf, source)),
    };
    let text = bytes.get(..bytes.len().saturating_sub(4)).unwrap_or_default();
    if text == CONF.as_bytes() {
        return Ok(());
    }
    let found = format!("{:?}", String::from_utf8_lossy(text));
    let damage = Damage::new(format!("{folder}/conf"), format!("{CONF:?} and a checksum"), found);
    Err(damage
        .advise("Delete this one file and open again: it is written anew, the frames are elsewhere.")
        .into())
}
