//! Runs against a model: a map in memory that answers the same questions.

mod damage;
mod layout;
mod range;
mod several;
mod writing;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use proptest::collection::{btree_map, vec};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use tempfile::TempDir;

use crate::{MAX_VALUE, Options, Row, Run, RunError, RunWriter, Spread};

/// What a run should hold.
pub(super) type Model = BTreeMap<Vec<u8>, Vec<u8>>;
/// A row as a model has it.
pub(super) type Pair = (Vec<u8>, Vec<u8>);
/// An owned bound.
pub(super) type Edge = Bound<Vec<u8>>;

/// A folder of its own, and a path in it.
pub(super) fn place() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    (folder, path)
}

/// Writes a model.
pub(super) fn write(path: &Path, model: &Model, filter: Option<u8>) -> Run {
    write_spread(path, model, Options { filter, spread: Spread::Any })
}

/// Writes a model whose keys are spread in a way.
pub(super) fn write_spread(path: &Path, model: &Model, options: Options) -> Run {
    let mut writer = RunWriter::create(path, options).unwrap();
    for (key, value) in model {
        writer.add(key, value).unwrap();
    }
    writer.finish().unwrap()
}

/// The rows of an iterator, in its order.
pub(super) fn pairs(rows: impl Iterator<Item = Result<Row, RunError>>) -> Result<Vec<Pair>, RunError> {
    rows.map(|row| row.map(|row| (row.key().to_vec(), row.value().to_vec()))).collect()
}

/// A bound as it is passed.
pub(super) fn edge(edge: &Edge) -> Bound<&[u8]> {
    edge.as_ref().map(Vec::as_slice)
}

/// The rows of a model between two bounds, which may be in any order.
pub(super) fn between<'a>(model: &'a Model, from: &Edge, to: &Edge) -> Vec<(&'a Vec<u8>, &'a Vec<u8>)> {
    let after = |key: &Vec<u8>| match from {
        Bound::Unbounded => true,
        Bound::Included(from) => key >= from,
        Bound::Excluded(from) => key > from,
    };
    let before = |key: &Vec<u8>| match to {
        Bound::Unbounded => true,
        Bound::Included(to) => key <= to,
        Bound::Excluded(to) => key < to,
    };
    model.iter().filter(|(key, _)| after(key) && before(key)).collect()
}

/// Keys that share much, little, or all but their length; few of each, so that some are equal.
pub(super) fn key() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => vec(0..3_u8, 1..6),
        3 => (0..2_000_u64).prop_map(|number| [b"group ".as_slice(), &number.to_be_bytes()].concat()),
        2 => vec(any::<u8>(), 1..20),
        1 => (1..=255_usize).prop_map(|length| vec![7; length]),
        1 => vec(0..2_u8, 200..=255),
    ]
}

/// Values of lengths around which the format changes.
pub(super) fn value() -> impl Strategy<Value = Vec<u8>> {
    let length = prop_oneof![
        12 => 20..25_usize,
        4 => 0..3_usize,
        2 => 120..135_usize,
        1 => 2_000..6_000_usize,
        1 => Just(MAX_VALUE),
    ];
    (length, any::<u8>()).prop_map(|(length, byte)| vec![byte; length])
}

/// A run's content, of up to so many rows.
pub(super) fn model(rows: usize) -> impl Strategy<Value = Model> {
    btree_map(key(), value(), 0..rows)
}

/// A bound of any kind.
pub(super) fn any_edge() -> impl Strategy<Value = Edge> {
    prop_oneof![
        1 => Just(Bound::Unbounded),
        2 => key().prop_map(Bound::Included),
        2 => key().prop_map(Bound::Excluded),
    ]
}

/// Statement rows: a group and a number that counts up.
pub(super) fn statement(groups: u64, numbers: u64) -> Model {
    let row = |group: u64, number: u64| {
        let key = [&group.to_be_bytes()[2..], &number.to_be_bytes()].concat();
        (key, vec![number as u8; 20 + (number % 5) as usize])
    };
    (0..groups).flat_map(|group| (0..numbers).map(move |number| row(group, number))).collect()
}
