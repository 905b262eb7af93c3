//! The writer: makes a run of keys that come in order.

mod draft;

use std::path::Path;

use draft::Draft;
use xxhash_rust::xxh3::xxh3_64;

use crate::block::{BlockBuilder, check, shared_prefix};
use crate::file::NamedFile;
use crate::filter::{Filter, Hash, Spread};
use crate::footer::Footer;
use crate::header::header;
use crate::index::Index;
use crate::{MAX_KEY, MAX_VALUE, Run, RunError};

/// How a run is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The bits that the filter spends on a key, or no filter.
    pub filter: Option<u8>,
    /// How its keys are spread.
    pub spread: Spread,
}

impl Default for Options {
    /// With ten bits a key the filter lets about one in a hundred pass.
    fn default() -> Self {
        Self { filter: Some(10), spread: Spread::Any }
    }
}

/// Writes a run under its path with `.tmp` behind it, which becomes its path at the end. Dropped
/// before that, it leaves no file.
#[derive(Debug)]
pub struct RunWriter {
    draft: Draft,
    options: Options,
    block: BlockBuilder,
    index: Index,
    last: Vec<u8>,
    entries: u64,
}

impl RunWriter {
    /// Begins a run. What lies under its path stays until the end, and is replaced then.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`].
    pub fn create(path: &Path, options: Options) -> Result<Self, RunError> {
        let draft = Draft::create(path)?;
        draft.file.write(0, &header(options.spread))?;
        Ok(Self {
            draft,
            options,
            block: BlockBuilder::default(),
            index: Index::new(),
            last: Vec::new(),
            entries: 0,
        })
    }

    /// Adds a row. A row that is refused is not added, and may be followed by others.
    ///
    /// # Errors
    ///
    /// [`RunError::Order`] for a key that does not come after the last, [`RunError::KeyLength`],
    /// [`RunError::ValueLength`], [`RunError::Io`].
    #[inline]
    pub fn add(&mut self, key: &[u8], value: &[u8]) -> Result<(), RunError> {
        let mut shared = shared_prefix(&self.last, key);
        if key.len() > MAX_KEY || value.len() > MAX_VALUE || key.get(shared) <= self.last.get(shared) {
            return Err(self.refuse(key, value));
        }
        if self.block.is_empty() {
            shared = 0;
        } else if !self.block.has_room(shared, key, value) {
            self.flush()?;
            shared = 0;
        }
        self.block.push(shared, key, value);
        self.last.truncate(shared);
        self.last.extend_from_slice(key.get(shared..).unwrap_or_default());
        self.entries += 1;
        Ok(())
    }

    /// Writes what is left, makes it durable and gives it its name.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`]. Then there is nothing under the run's path that was not there before,
    /// unless the folder alone could not be synced.
    pub fn finish(mut self) -> Result<Run, RunError> {
        if !self.block.is_empty() {
            self.flush()?;
        }
        self.index.close(&self.last);
        let Self { mut draft, options, index, entries, .. } = self;
        let filter = filter(&draft.file, &index, entries, options)?;
        let (filter_bytes, index_bytes) = (filter.encode(), index.encode());
        let filter_at = index.end();
        let index_at = filter_at + filter_bytes.len() as u64;
        let footer = Footer {
            entries,
            blocks: index.blocks() as u64,
            filter_at,
            index_at,
            filter_check: xxh3_64(&filter_bytes),
            index_check: xxh3_64(index_bytes),
        };
        draft.file.write(filter_at, &filter_bytes)?;
        draft.file.write(index_at, index_bytes)?;
        draft.file.write(index_at + index_bytes.len() as u64, &footer.encode(options.spread))?;
        Run::open(draft.publish()?)
    }

    /// Why a row is refused.
    #[cold]
    fn refuse(&self, key: &[u8], value: &[u8]) -> RunError {
        let path = self.draft.path().to_owned();
        if key.is_empty() || key.len() > MAX_KEY {
            RunError::KeyLength { path, length: key.len() }
        } else if value.len() > MAX_VALUE {
            RunError::ValueLength { path, length: value.len() }
        } else {
            RunError::Order { path, last: self.last.as_slice().into(), key: key.into() }
        }
    }

    /// Writes the block. Where that fails nothing has changed, and it may be tried again.
    #[cold]
    fn flush(&mut self) -> Result<(), RunError> {
        let (offset, entries) = (self.index.end(), self.block.entries());
        let length = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        self.draft.file.write(offset, entries)?;
        self.index.push(self.block.first_key(), length, check(entries, offset));
        self.block.clear();
        Ok(())
    }
}

/// The filter over the blocks that were written. They are read back for it, so that writing
/// needs no memory for each key, and a block that cannot be read never gets a name.
fn filter(file: &NamedFile, index: &Index, entries: u64, options: Options) -> Result<Filter, RunError> {
    let mut filter = Filter::empty(entries, options.filter.unwrap_or_default());
    if filter.bytes() > 0 {
        crate::run::each_key(file, index, |_, key| {
            filter.insert(Hash::of(key, options.spread));
            Ok(())
        })?;
    }
    Ok(filter)
}
