//! A table: runs that each cover a span of the log, from a short key to a position.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use counterfoil_runs::{Hash, Options, Run, RunError, RunWriter, Spread};

use super::shelf::run_path;

/// Runs of one kind, the newest last. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(super) name: &'static str,
    pub(super) options: Options,
    /// A run that covers so many positions is merged no further.
    pub(super) largest: u64,
    pub(super) spans: Vec<Span>,
}

/// A run, and which events it tells of.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub(super) run: Arc<Run>,
    pub(super) first: u64,
    pub(super) end: u64,
    /// When the newest of its events was recorded.
    pub(super) recorded_at: i64,
}

/// The tables of idempotency keys, and of records that changed.
pub(super) const KEYS: &str = "keys";
pub(super) const LATEST: &str = "latest";

/// The bytes of a position in a run: far beyond what a log can hold.
const POSITION: usize = 6;

impl Table {
    pub(super) fn new(name: &'static str, (filter, spread): (u8, Spread), largest: u64) -> Self {
        let options = Options { filter: Some(filter), spread };
        Self { name, options, largest, spans: Vec::new() }
    }

    /// Whether a key may be in one of the runs that begin before a position.
    pub(super) fn may_hold(&self, key: u64, before: u64) -> bool {
        let hash = self.hash(key);
        // Every filter is asked, so that their lines are fetched together.
        self.until(before).fold(false, |may, span| may | span.run.may_hold_hash(hash))
    }

    /// Reads what [`Table::may_hold`] will read.
    pub(super) fn warm(&self, key: u64, before: u64) -> u64 {
        let hash = self.hash(key);
        self.until(before).fold(0, |read, span| read ^ span.run.warm(hash))
    }

    #[inline]
    fn hash(&self, key: u64) -> Hash {
        Hash::of(&key.to_be_bytes(), self.options.spread)
    }

    /// The runs that begin before a position.
    fn until(&self, before: u64) -> impl Iterator<Item = &Span> {
        self.spans.iter().take_while(move |span| span.first < before)
    }

    /// The newest position under a key.
    pub(super) fn get(&self, key: u64) -> Result<Option<u64>, RunError> {
        if self.spans.is_empty() {
            return Ok(None);
        }
        let hash = self.hash(key);
        let key = key.to_be_bytes();
        for span in self.spans.iter().rev().filter(|span| span.run.may_hold_hash(hash)) {
            let found = span.run.get(&key).inspect_err(|_| doubt(span.run.path()))?;
            if let Some(found) = found.as_deref().and_then(position) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Puts rows into a run that covers the events from `first` to before `end`. Of equal
    /// keys the last position counts.
    pub(super) fn add(
        &mut self,
        rows: &mut [(u64, u64)],
        (first, end): (u64, u64),
        recorded_at: i64,
        folder: &Path,
    ) -> Result<(), RunError> {
        if rows.is_empty() {
            return Ok(());
        }
        rows.sort_unstable();
        let mut writer = RunWriter::create(&run_path(folder, self.name, first, end), self.options)?;
        for (key, position) in newest(rows) {
            let [_, _, bytes @ ..] = position.to_be_bytes();
            writer.add(&key.to_be_bytes(), &bytes)?;
        }
        let run = Arc::new(writer.finish()?);
        self.spans.push(Span { run, first, end, recorded_at });
        Ok(())
    }
}

/// What stands beside a run that could not be read: the next opening does not believe it.
pub(super) const DOUBT: &str = ".doubt";

/// The path of the doubt about a run.
pub(super) fn doubt_of(run: &Path) -> PathBuf {
    let mut path = run.as_os_str().to_owned();
    path.push(DOUBT);
    path.into()
}

/// Has the next opening make a run again.
fn doubt(run: &Path) {
    let path = doubt_of(run);
    tracing::error!(run = %run.display(), "a run cannot be read; the next opening makes it again from the log");
    if let Err(error) = File::create(&path) {
        tracing::error!(%error, file = %path.display(), "that could not be noted; remove the run");
    }
}

/// Of sorted rows those that count: of equal keys the last.
pub(super) fn newest(rows: &[(u64, u64)]) -> impl Iterator<Item = (u64, u64)> {
    let same = rows.chunk_by(|(one, _), (next, _)| one == next);
    same.filter_map(<[(u64, u64)]>::last).copied()
}

pub(super) fn position(bytes: &[u8]) -> Option<u64> {
    let [a, b, c, d, e, f] = <[u8; POSITION]>::try_from(bytes).ok()?;
    Some(u64::from_be_bytes([0, 0, a, b, c, d, e, f]))
}
