//! Merging: many runs become one, so that there are never many.
//!
//! Runs do not change, so it is done beside whatever else is done with them.

use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_runs::{Range, Row, Run, RunError, RunWriter};

use super::older::{Named, create};

/// Runs that are to become one.
#[derive(Debug)]
#[must_use = "the runs are still many"]
pub struct Merge {
    pub(super) view: &'static str,
    /// The oldest first.
    pub(super) runs: Vec<(Named, Arc<Run>)>,
}

/// The run that many became, until the view takes it over.
#[derive(Debug)]
#[must_use = "the view still has many runs"]
pub struct Merged {
    pub(super) of: Vec<Named>,
    pub(super) run: (Named, Arc<Run>),
}

/// How often it is looked whether to stop.
const LOOK: u32 = 4_096;

impl Merge {
    /// How many rows it reads.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.runs.iter().map(|(_, run)| run.entries()).sum()
    }

    /// Writes the one run; `None` where it was stopped before the end, and left no file.
    ///
    /// # Errors
    /// What the disk says, or damage of a run.
    pub fn write(self, folder: &Path, stop: &AtomicBool) -> Result<Option<Merged>, RunError> {
        let Self { view, runs } = self;
        let first = runs.first().map_or(0, |(named, _)| named.first);
        let (end, merges) = runs.last().map_or((0, 0), |(named, _)| (named.end, named.merges));
        let mut writer = create(folder, view, first, end)?;
        let sources = runs.iter().map(|(_, run)| Source::of(run)).collect::<Result<_, _>>()?;
        if !merge(sources, &mut writer, stop)? {
            return Ok(None);
        }
        let run = writer.finish()?;
        let named = Named::of(&run, first, end, merges.saturating_add(1));
        let of = runs.into_iter().map(|(named, _)| named).collect();
        Ok(Some(Merged { of, run: (named, Arc::new(run)) }))
    }
}

/// What is left of a run, with its next row.
struct Source<'a> {
    next: Row,
    rest: Range<'a>,
}

impl<'a> Source<'a> {
    /// A whole run; `None` for an empty one.
    fn of(run: &'a Run) -> Result<Option<Self>, RunError> {
        let mut rest = run.range(Bound::Unbounded, Bound::Unbounded);
        Ok(rest.next().transpose()?.map(|next| Self { next, rest }))
    }
}

/// Writes the rows of runs in order, of one key the newest; whether it came to the end.
fn merge(
    sources: Vec<Option<Source<'_>>>,
    writer: &mut RunWriter,
    stop: &AtomicBool,
) -> Result<bool, RunError> {
    let mut sources: Vec<Source<'_>> = sources.into_iter().flatten().collect();
    let mut written = 0_u32;
    // Rows come in stretches from one run: where it is ahead of all others it stays so for a
    // while.
    while let Some((lowest, bound)) = ahead(&mut sources)? {
        let Some(source) = sources.get_mut(lowest) else {
            break;
        };
        loop {
            writer.add(source.next.key(), source.next.value())?;
            written = written.wrapping_add(1);
            if written.is_multiple_of(LOOK) && stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            match source.rest.next().transpose()? {
                Some(row) => source.next = row,
                None => {
                    drop(sources.remove(lowest));
                    break;
                }
            }
            if bound.as_ref().is_some_and(|bound| source.next.key() >= bound.key()) {
                break;
            }
        }
    }
    Ok(true)
}

/// The place of the source with the lowest key, and the lowest row of the others. Where
/// several have one key, all but the newest pass over it.
fn ahead(sources: &mut Vec<Source<'_>>) -> Result<Option<(usize, Option<Row>)>, RunError> {
    let mut place = sources.len();
    let Some(lowest) = sources.iter().map(|source| source.next.key()).min().map(<[u8]>::to_vec) else {
        return Ok(None);
    };
    // The newest comes last.
    let mut newest = None;
    while let Some(before) = place.checked_sub(1) {
        place = before;
        let Some(source) = sources.get_mut(place).filter(|source| source.next.key() == lowest) else {
            continue;
        };
        if newest.is_none() {
            newest = Some(place);
            continue;
        }
        match source.rest.next().transpose()? {
            Some(row) => source.next = row,
            None => {
                drop(sources.remove(place));
                newest = newest.map(|newest| newest - 1);
            }
        }
    }
    let Some(newest) = newest else {
        return Ok(None);
    };
    let others = sources.iter().enumerate().filter(|(place, _)| *place != newest);
    let bound = others.map(|(_, source)| &source.next).min_by_key(|row| row.key()).cloned();
    Ok(Some((newest, bound)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use counterfoil_runs::Options;
    use proptest::prelude::{ProptestConfig, any, proptest};

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn the_newest_of_each_key_is_kept(of in proptest::collection::vec(
            proptest::collection::btree_map(1..60_u8, any::<u8>(), 0..30),
            1..6,
        )) {
            let folder = tempfile::tempdir().unwrap();
            let mut expected: BTreeMap<u8, u8> = BTreeMap::new();
            let mut runs = Vec::new();
            for (number, rows) in (0..).zip(&of) {
                let path = folder.path().join(format!("{number}.run"));
                let mut writer = RunWriter::create(&path, Options { filter: None }).unwrap();
                rows.iter().for_each(|(key, value)| writer.add(&[*key], &[*value]).unwrap());
                let run = writer.finish().unwrap();
                runs.push((Named::of(&run, number, number + 1, 0), Arc::new(run)));
                expected.extend(rows.clone());
            }
            let merged = Merge { view: "tax", runs }.write(folder.path(), &AtomicBool::new(false)).unwrap().unwrap();
            let rows = merged.run.1.range(Bound::Unbounded, Bound::Unbounded).map(Result::unwrap);
            let found: Vec<(u8, u8)> = rows.map(|row| (row.key()[0], row.value()[0])).collect();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
