//! Several runs as if they were one: where two have a key, the newer one's value counts.

mod merge;
mod merged;
mod queue;

use std::ops::{self, Bound};
use std::sync::Arc;

use crate::{Run, RunError};

pub use merged::Merged;

/// Runs in order, the oldest first. Cheap to clone; a clone keeps what it has.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    runs: Arc<Vec<Arc<Run>>>,
}

impl Runs {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one that is newer than all others.
    pub fn push(&mut self, run: Arc<Run>) {
        Arc::make_mut(&mut self.runs).push(run);
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.runs.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// All of them, the oldest first.
    pub fn iter(&self) -> std::slice::Iter<'_, Arc<Run>> {
        self.runs.iter()
    }

    /// The newest value under a key. A run is read only if its filter does not deny the key.
    ///
    /// # Errors
    ///
    /// [`RunError::Io`], [`RunError::Damaged`].
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, RunError> {
        for run in self.runs.iter().rev().filter(|run| run.may_hold(key)) {
            if let Some(value) = run.find(key)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// The rows between two bounds, from either end; of each key the newest.
    #[must_use]
    pub fn range(&self, from: Bound<&[u8]>, to: Bound<&[u8]>) -> Merged<'_> {
        Merged::new(self.runs.iter().map(|run| run.range(from, to)))
    }

    /// Puts a run in the place of those that were merged into it. What lies beyond the last
    /// place is no place.
    pub fn replace(&mut self, at: ops::Range<usize>, merged: Arc<Run>) {
        let end = at.end.min(self.len());
        Arc::make_mut(&mut self.runs).splice(at.start.min(end)..end, [merged]);
    }

    /// The runs at these places; none where they are beyond the last.
    fn at(&self, places: ops::Range<usize>) -> &[Arc<Run>] {
        let end = places.end.min(self.len());
        self.runs.get(places.start.min(end)..end).unwrap_or_default()
    }
}

impl<'a> IntoIterator for &'a Runs {
    type Item = &'a Arc<Run>;
    type IntoIter = std::slice::Iter<'a, Arc<Run>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
