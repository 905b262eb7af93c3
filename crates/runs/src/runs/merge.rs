//! Merging runs into one, row by row.

use std::ops;
use std::path::Path;

use super::Runs;
use super::queue::Queue;
use crate::{Options, Run, RunError, RunWriter};

/// After so many rows it is asked whether to go on.
const ASK: u32 = 4_096;

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
        self.merge_into(at, &mut writer, || true)?;
        writer.finish()
    }

    /// Adds the rows of the runs at these places to a run that is being written. Every now and
    /// then it asks whether to go on; whether it came to the end.
    ///
    /// # Errors
    ///
    /// As [`RunWriter::add`], and [`RunError::Damaged`] where one of the runs is.
    pub fn merge_into(
        &self,
        at: ops::Range<usize>,
        writer: &mut RunWriter,
        go_on: impl Fn() -> bool,
    ) -> Result<bool, RunError> {
        let mut queue = Queue::of(self.at(at))?;
        let mut written = 0_u32;
        while let Some(stream) = queue.first() {
            writer.add(stream.key(), stream.value())?;
            queue.go_on()?;
            written = written.wrapping_add(1);
            if written.is_multiple_of(ASK) && !go_on() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
