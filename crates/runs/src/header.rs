//! The header: the first 16 bytes of a run: which version it is, and how its keys are spread.

use std::path::Path;

use crate::RunError;
use crate::error::Flaw;
use crate::filter::Spread;

/// How a run begins and ends.
pub(crate) const MAGIC: [u8; 8] = *b"\xC0F-RUNS\n";
/// How long the header is.
pub(crate) const HEADER_BYTES: usize = 16;

/// The version that is written, and the one that is read.
const VERSION: u16 = 0;

/// The header of a new run.
pub(crate) fn header(spread: Spread) -> [u8; HEADER_BYTES] {
    let [low, high] = VERSION.to_le_bytes();
    let [a, b, c, d, e, f, g, h] = MAGIC;
    [a, b, c, d, e, f, g, h, low, high, spread.code(), 0, 0, 0, 0, 0]
}

/// How the keys of a file are spread that begins as a run of this version.
pub(crate) fn read(bytes: [u8; HEADER_BYTES], path: &Path) -> Result<Spread, RunError> {
    if let Some(spread) = [Spread::Any, Spread::Even].into_iter().find(|spread| bytes == header(*spread)) {
        return Ok(spread);
    }
    let [.., low, high, _, _, _, _, _, _] = bytes;
    let version = u16::from_le_bytes([low, high]);
    if bytes.starts_with(&MAGIC) && version != VERSION {
        return Err(RunError::Format { path: path.to_owned(), found: version });
    }
    let found = bytes.escape_ascii().to_string();
    Err(Flaw::new("header", 0, header(Spread::Any).escape_ascii().to_string(), found).of(path))
}
