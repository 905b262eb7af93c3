//! All keys of a run in order, one at a time, with their order checked.

use super::{malformed, read_block};
use crate::RunError;
use crate::block::{Cursor, Malformed};
use crate::file::NamedFile;
use crate::index::Index;

/// Shows each key with the number of its block. A key that is not above the one before it in its
/// block, or that shares more with it than it says, is damage.
pub(crate) fn each_key(
    file: &NamedFile,
    index: &Index,
    mut show: impl FnMut(usize, &[u8]) -> Result<(), RunError>,
) -> Result<(), RunError> {
    let mut entries = Vec::new();
    let mut key = Vec::new();
    for block in 0..index.blocks() {
        read_block(file, index, block, &mut entries)?;
        key.clear();
        for entry in Cursor::new(&entries) {
            let entry = entry.map_err(|flaw| malformed(file, index, block, flaw))?;
            if key.get(entry.shared) >= entry.suffix.first() {
                return Err(malformed(file, index, block, Malformed));
            }
            key.truncate(entry.shared);
            key.extend_from_slice(entry.suffix);
            show(block, &key)?;
        }
    }
    Ok(())
}
