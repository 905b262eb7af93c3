//! One run: its answers from both ends and between all bounds are the model's.

use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};

use super::{Edge, Model, any_edge, between, edge, key, model, pairs, place, statement, write, write_spread};
use crate::{Hash, Options, Row, Run, RunError, Spread};

/// Takes rows from a range and from the model, from the ends that the flags say, until both are
/// exhausted.
pub(super) fn same_from_both_ends(
    mut rows: impl DoubleEndedIterator<Item = Result<Row, RunError>>,
    model: &Model,
    (from, to): (&Edge, &Edge),
    fronts: &[bool],
) {
    let mut expected = between(model, from, to).into_iter();
    let mut fronts = fronts.iter().copied().cycle();
    loop {
        let (own, model) = match fronts.next().unwrap_or(true) {
            true => (rows.next(), expected.next()),
            false => (rows.next_back(), expected.next_back()),
        };
        let own = own.map(Result::unwrap);
        let own = own.as_ref().map(|row| (row.key(), row.value()));
        assert_eq!(own, model.map(|(key, value)| (key.as_slice(), value.as_slice())));
        if own.is_none() {
            break;
        }
    }
    assert!(rows.next().is_none() && rows.next_back().is_none(), "what is exhausted stays so");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_answers_as_its_model(
        model in model(400),
        asked in vec(key(), 1..40),
        ranges in vec((any_edge(), any_edge()), 1..12),
        fronts in vec(any::<bool>(), 1..9),
        filter in any::<bool>(),
        even in any::<bool>(),
    ) {
        let (_folder, path) = place();
        let spread = if even { Spread::Even } else { Spread::Any };
        drop(write_spread(&path, &model, Options { filter: filter.then_some(10), spread }));
        let run = Run::open(&path).unwrap();
        run.verify().unwrap();
        prop_assert_eq!(run.entries(), model.len() as u64);
        prop_assert_eq!(run.bytes(), std::fs::metadata(&path).unwrap().len());
        prop_assert_eq!(run.first_key(), model.keys().next().map(Vec::as_slice));
        prop_assert_eq!(run.last_key(), model.keys().next_back().map(Vec::as_slice));
        for key in asked.iter().chain(model.keys()) {
            prop_assert_eq!(run.get(key).unwrap(), model.get(key).cloned());
            let may = run.may_hold(key);
            prop_assert_eq!(may, run.may_hold_hash(Hash::of(key, spread)));
            prop_assert!(may || !model.contains_key(key));
        }
        for (from, to) in &ranges {
            same_from_both_ends(run.range(edge(from), edge(to)), &model, (from, to), &fronts);
        }
    }
}

#[test]
fn a_long_run_is_read_from_both_ends() {
    let (_folder, path) = place();
    let model = statement(20, 1_000);
    let run = write(&path, &model, Some(10));
    run.verify().unwrap();
    let all = || run.range(std::ops::Bound::Unbounded, std::ops::Bound::Unbounded);
    let mut backwards = pairs(all().rev()).unwrap();
    backwards.reverse();
    assert_eq!(pairs(all()).unwrap(), backwards);
    assert_eq!(backwards.into_iter().collect::<Model>(), model);
    for (key, value) in model.iter().step_by(7) {
        assert_eq!(run.get(key).unwrap().as_ref(), Some(value));
        let beyond = [key.as_slice(), &[0]].concat();
        assert_eq!(run.get(&beyond).unwrap(), None);
        assert_eq!(run.get(&key[..13]).unwrap(), None);
    }
}

#[test]
fn keys_that_are_almost_equal_are_told_apart() {
    // Every key of up to four bytes of two kinds: each is asked of runs that hold half of them.
    let keys: Vec<Vec<u8>> = (1..=8_u32)
        .flat_map(|length| (0..1_u32 << length).map(move |bits| (length, bits)))
        .map(|(length, bits)| (0..length).map(|at| (bits >> at & 1) as u8).collect())
        .collect();
    for odd in 2..7 {
        let model: Model = keys.iter().step_by(odd).map(|key| (key.clone(), key.clone())).collect();
        let (_folder, path) = place();
        let run = write(&path, &model, None);
        for key in &keys {
            assert_eq!(run.get(key).unwrap().as_ref(), model.get(key), "{key:?}");
        }
    }
}

#[test]
fn runs_are_shared_between_threads() {
    let (_folder, path) = place();
    let model = statement(2, 1_000);
    let run = write(&path, &model, Some(10));
    std::thread::scope(|scope| {
        for part in 0..4 {
            let (run, model) = (&run, &model);
            scope.spawn(move || {
                for (key, value) in model.iter().skip(part).step_by(4) {
                    assert_eq!(run.get(key).unwrap().as_ref(), Some(value));
                }
            });
        }
    });
}
