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
use std::path::Path;

use counterfoil_log::{Damage, Extent, OpenError, Survey};

use crate::guard::CONF;

/// Checks that a volume holds every frame of an extent. Reads only.
pub(crate) fn survey(path: &Path, folder: &str, extent: &Extent) -> Result<Survey, OpenError> {
    check_conf(path, folder)?;
    let name = format!("{folder}/db");
    let file = match fs::File::open(path.join("db")) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(extent.missing(&name, extent.origin.head.next_frame, "no such file").into());
        }
        Err(source) => return Err(OpenError::io(path.join("db"), source)),
    };
    let scan = scan::scan(&file).map_err(|source| OpenError::io(path.join("db"), source))?;
    chain::verify(&name, extent, &scan)
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
