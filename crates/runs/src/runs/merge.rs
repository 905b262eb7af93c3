//! Merging runs into one, row by row.

use std::ops;
use std::path::Path;

use super::Runs;
use crate::run::Stream;
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
        let mut streams = Vec::new();
        for run in self.at(at) {
            streams.extend(Stream::of(run)?);
        }
        let mut written = 0_u32;
        while let Some((lowest, shared)) = lowest(&streams) {
            if let Some(stream) = streams.get(lowest) {
                writer.add(stream.key(), stream.value())?;
            }
            if shared {
                pass_over(&mut streams, lowest)?;
            } else if !streams.get_mut(lowest).map_or(Ok(false), Stream::advance)? {
                streams.remove(lowest);
            }
            written = written.wrapping_add(1);
            if written.is_multiple_of(ASK) && !go_on() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The place of the newest of the streams with the lowest key, and whether others have it too.
#[inline]
fn lowest(streams: &[Stream<'_>]) -> Option<(usize, bool)> {
    let mut rest = streams.iter().enumerate();
    let (mut place, mut lowest) = rest.next()?;
    let mut shared = false;
    for (other, stream) in rest {
        if stream.start() > lowest.start() {
            continue;
        }
        let order = stream.start().cmp(&lowest.start()).then_with(|| stream.key().cmp(lowest.key()));
        if order.is_le() {
            shared = order.is_eq();
            (place, lowest) = (other, stream);
        }
    }
    Some((place, shared))
}

/// Takes the streams that have one's key to their next one.
#[cold]
fn pass_over(streams: &mut Vec<Stream<'_>>, one: usize) -> Result<(), RunError> {
    let key = streams.get(one).map(|stream| stream.key().to_vec()).unwrap_or_default();
    let mut place = 0;
    while let Some(stream) = streams.get_mut(place) {
        if stream.key() == key && !stream.advance()? {
            streams.remove(place);
        } else {
            place += 1;
        }
    }
    Ok(())
}
