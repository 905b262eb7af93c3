//! Merging: many runs become one, so that there are never many.
//!
//! Runs do not change, so it is done beside whatever else is done with them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_runs::{Run, RunError, Runs};

use super::older::{Named, create};

/// Runs that are to become one.
#[derive(Debug)]
#[must_use = "the runs are still many"]
pub struct Merge {
    pub(super) view: &'static str,
    /// The oldest first.
    pub(super) runs: Vec<(Named, Arc<Run>)>,
    /// How many times their rows will have been merged.
    pub(super) merges: u8,
}

/// The run that many became, until the view takes it over.
#[derive(Debug)]
#[must_use = "the view still has many runs"]
pub struct Merged {
    pub(super) of: Vec<Named>,
    pub(super) run: (Named, Arc<Run>),
}

impl Merge {
    /// Writes the one run; `None` where it was stopped before the end, and left no file.
    ///
    /// # Errors
    /// What the disk says, or damage of a run.
    pub fn write(self, folder: &Path, stop: &AtomicBool) -> Result<Option<Merged>, RunError> {
        let Self { view, runs, merges } = self;
        let first = runs.first().map_or(0, |(named, _)| named.first);
        let end = runs.last().map_or(0, |(named, _)| named.end);
        let mut writer = create(folder, view, first, end)?;
        let mut all = Runs::new();
        runs.iter().for_each(|(_, run)| all.push(run.clone()));
        if !all.merge_into(0..all.len(), &mut writer, || !stop.load(Ordering::Relaxed))? {
            return Ok(None);
        }
        let run = writer.finish()?;
        let named = Named::of(&run, first, end, merges);
        let of = runs.into_iter().map(|(named, _)| named).collect();
        Ok(Some(Merged { of, run: (named, Arc::new(run)) }))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::ops::Bound;

    use counterfoil_runs::{Options, RunWriter};
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
                let mut writer = RunWriter::create(&path, Options { filter: None, ..Options::default() }).unwrap();
                rows.iter().for_each(|(key, value)| writer.add(&[*key], &[*value]).unwrap());
                let run = writer.finish().unwrap();
                runs.push((Named::of(&run, number, number + 1, 0), Arc::new(run)));
                expected.extend(rows.clone());
            }
            let merged = Merge { view: "tax", runs, merges: 1 }.write(folder.path(), &AtomicBool::new(false)).unwrap().unwrap();
            let rows = merged.run.1.range(Bound::Unbounded, Bound::Unbounded).map(Result::unwrap);
            let found: Vec<(u8, u8)> = rows.map(|row| (row.key()[0], row.value()[0])).collect();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>());
        }
    }
}
