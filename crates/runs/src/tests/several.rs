//! Several runs: together, and merged, they answer as the models laid over each other.

use std::ops::Bound;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, prop_assert_eq, proptest};

use super::range::same_from_both_ends;
use super::{Model, any_edge, edge, key, model, pairs, place, statement, write};
use crate::{Options, RunError, Runs};

/// The newest of each key.
fn laid_over(models: &[Model]) -> Model {
    models.iter().flatten().map(|(key, value)| (key.clone(), value.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn runs_answer_as_their_models(
        models in vec(model(120), 0..6),
        asked in vec(key(), 1..40),
        ranges in vec((any_edge(), any_edge()), 1..12),
        fronts in vec(any::<bool>(), 1..9),
        merged in (0..6_usize, 0..6_usize),
    ) {
        let (folder, path) = place();
        let mut runs = Runs::new();
        for (number, model) in models.iter().enumerate() {
            runs.push(Arc::new(write(&folder.path().join(number.to_string()), model, Some(10))));
        }
        let kept = runs.clone();
        let expected = laid_over(&models);
        for (from, to) in &ranges {
            same_from_both_ends(runs.range(edge(from), edge(to)), &expected, (from, to), &fronts);
        }
        let places = merged.0.min(merged.1)..merged.0.max(merged.1);
        let run = runs.merge(places.clone(), &path, Options::default()).unwrap();
        run.verify().unwrap();
        let last = models.len();
        let some = laid_over(&models[places.start.min(last)..places.end.min(last)]);
        prop_assert_eq!(run.entries(), some.len() as u64);
        runs.replace(places, Arc::new(run));
        for (from, to) in &ranges {
            same_from_both_ends(runs.range(edge(from), edge(to)), &expected, (from, to), &fronts);
        }
        for runs in [&runs, &kept] {
            for key in asked.iter().chain(expected.keys()) {
                prop_assert_eq!(runs.get(key).unwrap(), expected.get(key).cloned());
            }
        }
        prop_assert_eq!(kept.len(), models.len());
    }
}

#[test]
fn a_place_beyond_the_last_is_no_place() {
    let (folder, path) = place();
    let mut runs = Runs::new();
    assert!(runs.is_empty());
    let merged = runs.merge(3..9, &path, Options::default()).unwrap();
    assert_eq!((merged.entries(), merged.first_key(), merged.last_key()), (0, None, None));
    runs.replace(3..9, Arc::new(merged));
    assert_eq!(runs.len(), 1);
    let run = Arc::new(write(&folder.path().join("other"), &statement(1, 10), None));
    runs.replace(0..7, Arc::clone(&run));
    assert_eq!(runs.iter().map(|run| run.entries()).collect::<Vec<_>>(), [10]);
}

#[test]
fn a_damaged_run_is_not_merged() {
    let (folder, path) = place();
    let damaged = folder.path().join("damaged");
    let mut runs = Runs::new();
    runs.push(Arc::new(write(&folder.path().join("sound"), &statement(1, 3_000), None)));
    runs.push(Arc::new(write(&damaged, &statement(2, 3_000), None)));
    let mut bytes = std::fs::read(&damaged).unwrap();
    bytes[60_000] ^= 1;
    // The same file: what is open sees it.
    std::fs::write(&damaged, bytes).unwrap();
    let merged = runs.merge(0..2, &path, Options::default());
    assert!(matches!(merged, Err(RunError::Damaged { what: "block", .. })), "{merged:?}");
    assert!(!path.exists() && !folder.path().join("run.tmp").exists());
    let mut rows = runs.range(Bound::Unbounded, Bound::Unbounded);
    assert!(pairs(rows.by_ref()).is_err());
    assert!(rows.next().is_none() && rows.next_back().is_none(), "after an error there are none");
}
