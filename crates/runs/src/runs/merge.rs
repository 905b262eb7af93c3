//! Merging runs into one, row by row.

use std::ops::{self, Bound};
use std::path::Path;

use super::{Merged, Runs};
use crate::{Options, Run, RunError, RunWriter};

impl Runs {
    /// Writes the rows of the runs at these places as one run, of each key the newest. It holds
    /// one block of each run in memory, and the filter and index of the new one. The runs stay;
    /// [`Runs::replace`] puts the new one in their place.
    ///
    /// # Errors
    ///
    /// As [`RunWriter::finish`], and [`RunError::Damaged`] where one of the runs is; then no run
    /// is written.
    pub fn merge(&self, at: ops::Range<usize>, path: &Path, options: Options) -> Result<Run, RunError> {
        let mut writer = RunWriter::create(path, options)?;
        let ranges = self.at(at).iter().map(|run| run.range(Bound::Unbounded, Bound::Unbounded));
        for row in Merged::new(ranges) {
            let row = row?;
            writer.add(row.key(), row.value())?;
        }
        writer.finish()
    }
}
