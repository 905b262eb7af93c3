//! Opening a run: its header, footer, filter and index are read and checked, its blocks are not.

use std::path::Path;

use xxhash_rust::xxh3::xxh3_64;

use super::Run;
use crate::RunError;
use crate::error::Flaw;
use crate::file::NamedFile;
use crate::filter::Filter;
use crate::footer::{FOOTER_BYTES, Footer};
use crate::header::{self, HEADER_BYTES};
use crate::index::Index;

impl Run {
    /// Opens a run. Damage of a block is found when the block is read, or by [`Run::verify`].
    ///
    /// # Errors
    ///
    /// [`RunError::Io`], [`RunError::Damaged`], [`RunError::Format`].
    pub fn open(path: &Path) -> Result<Self, RunError> {
        let file = NamedFile::open(path)?;
        let bytes = file.length()?;
        let least = (HEADER_BYTES + FOOTER_BYTES) as u64;
        if bytes < least {
            let what = |length: u64| format!("{length} bytes");
            return Err(Flaw::new("file", 0, what(least) + " or more", what(bytes)).of(path));
        }
        let mut header = [0; HEADER_BYTES];
        file.read(0, &mut header)?;
        let spread = header::read(header, path)?;
        let mut footer = [0; FOOTER_BYTES];
        let footer_at = bytes - FOOTER_BYTES as u64;
        file.read(footer_at, &mut footer)?;
        let footer = Footer::decode(&footer, footer_at, spread).map_err(|flaw| flaw.of(path))?;

        let part = |what, from, to, check| part(&file, what, from, to, check);
        let filter = part("filter", footer.filter_at, footer.index_at, footer.filter_check)?;
        let index = part("index", footer.index_at, footer_at, footer.index_check)?;
        let index = Index::decode(index, footer.index_at, footer.blocks, footer.filter_at);
        let index = index.map_err(|flaw| flaw.of(path))?;
        let (filter, entries, fingerprint) = (Filter::decode(&filter), footer.entries, footer.check(spread));
        Ok(Self { file, index, filter, spread, entries, bytes, fingerprint })
    }
}

/// Reads a part of the file, which lies within it, and holds it against its check.
fn part(file: &NamedFile, what: &'static str, from: u64, to: u64, check: u64) -> Result<Vec<u8>, RunError> {
    let mut bytes = vec![0; usize::try_from(to - from).unwrap_or_default()];
    file.read(from, &mut bytes)?;
    Flaw::unless_equal(what, from, check, xxh3_64(&bytes)).map_err(|flaw| flaw.of(&file.path))?;
    Ok(bytes)
}
