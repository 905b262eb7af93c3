//! The header: the first 16 bytes of a run, the same in all of one version.

use std::path::Path;

use crate::RunError;
use crate::error::Flaw;

/// How a run begins and ends.
pub(crate) const MAGIC: [u8; 8] = *b"\xC0F-RUNS\n";
/// How long the header is.
pub(crate) const HEADER_BYTES: usize = 16;

/// The version that is written, and the one that is read.
const VERSION: u16 = 0;

/// The header of a new run.
pub(crate) fn header() -> [u8; HEADER_BYTES] {
    let [low, high] = VERSION.to_le_bytes();
    let [a, b, c, d, e, f, g, h] = MAGIC;
    [a, b, c, d, e, f, g, h, low, high, 0, 0, 0, 0, 0, 0]
}

/// Whether a file begins as a run of this version.
pub(crate) fn check(bytes: [u8; HEADER_BYTES], path: &Path) -> Result<(), RunError> {
    if bytes == header() {
        return Ok(());
    }
    let [.., low, high, _, _, _, _, _, _] = bytes;
    let version = u16::from_le_bytes([low, high]);
    if bytes.starts_with(&MAGIC) && version != VERSION {
        return Err(RunError::Format { path: path.to_owned(), found: version });
    }
    let found = bytes.escape_ascii().to_string();
    Err(Flaw::new("header", 0, header().escape_ascii().to_string(), found).of(path))
}
