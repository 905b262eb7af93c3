//! Damage: whatever bytes a file has, a run answers rightly or with an error, and never panics.

use std::ops::Bound;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, any, prop_oneof, proptest};

use super::{Model, pairs, place, statement, write};
use crate::block::check;
use crate::footer::Footer;
use crate::header::header;
use crate::{Run, RunError, Spread};

/// All that is asked of a run. Where nothing is an error, it is what the model says.
fn right_or_an_error(path: &Path, model: &Model) -> Result<(), RunError> {
    let run = Run::open(path)?;
    let verified = run.verify();
    let whole = || run.range(Bound::Unbounded, Bound::Unbounded);
    let expected: Vec<_> = model.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    if let Ok(rows) = pairs(whole()) {
        assert_eq!(rows, expected);
    }
    if let Ok(mut rows) = pairs(whole().rev()) {
        rows.reverse();
        assert_eq!(rows, expected);
    }
    for (key, value) in model {
        if let Ok(found) = run.get(key) {
            assert_eq!(found.as_ref(), Some(value));
        }
    }
    verified
}

#[test]
fn every_flipped_byte_is_noticed() {
    let (_folder, path) = place();
    let model = statement(2, 8);
    write(&path, &model, Some(10));
    let bytes = std::fs::read(&path).unwrap();
    right_or_an_error(&path, &model).unwrap();
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xFF] {
            let mut flipped = bytes.clone();
            flipped[at] ^= flip;
            std::fs::write(&path, flipped).unwrap();
            let error = right_or_an_error(&path, &model).unwrap_err();
            let said = error.to_string();
            assert!(
                error.wants_rebuild() && said.contains("remove it, and it is built again"),
                "{at}: {said}"
            );
        }
    }
}

#[test]
fn every_truncation_and_every_addition_is_noticed() {
    let (_folder, path) = place();
    write(&path, &statement(1, 1_200), Some(10));
    let bytes = std::fs::read(&path).unwrap();
    for length in (0..bytes.len()).rev().step_by(11).chain(0..200) {
        std::fs::write(&path, &bytes[..length]).unwrap();
        assert!(matches!(Run::open(&path), Err(RunError::Damaged { .. })), "{length}");
    }
    std::fs::write(&path, [bytes.as_slice(), &[0]].concat()).unwrap();
    assert!(matches!(Run::open(&path), Err(RunError::Damaged { what: "footer", .. })));
}

#[test]
fn another_format_is_told_apart_from_damage() {
    let (_folder, path) = place();
    write(&path, &statement(1, 3), None);
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[8] = 3;
    std::fs::write(&path, bytes).unwrap();
    let error = Run::open(&path).unwrap_err();
    assert!(matches!(error, RunError::Format { found: 3, .. }), "{error}");
}

#[test]
fn a_good_block_in_a_wrong_place_is_noticed() {
    let (folder, path) = place();
    // Blocks of the same length: tag, shared, suffix length, two bytes of value length.
    let length = 5 + 200 + 16_300;
    let third = 16 + 2 * length;
    let model = |from: u8, value: u8| {
        (from..from + 4).map(|key| (vec![key; 200], vec![value + key; 16_300])).collect()
    };
    let written = |name: &str, model: &Model| {
        let path = folder.path().join(name);
        write(&path, model, None);
        std::fs::read(path).unwrap()
    };
    let (other_keys, other_values) = (written("keys", &model(10, 0)), written("values", &model(0, 7)));
    let run = write(&path, &model(0, 0), None);
    let sound = std::fs::read(&path).unwrap();
    // Another block of this run, then blocks of other runs that stand in the same place there.
    for (from, at) in [(&sound, 16), (&other_keys, third), (&other_values, third)] {
        let mut bytes = sound.clone();
        bytes[third..third + length].copy_from_slice(&from[at..at + length]);
        std::fs::write(&path, bytes).unwrap();
        let error = run.get(&[2; 200]).unwrap_err();
        assert!(
            matches!(error, RunError::Damaged { what: "block", at, .. } if at == third as u64),
            "{error}"
        );
        assert!(run.verify().is_err());
    }
}

/// A whole file whose checks all fit, around any bytes as its block and its index.
fn sealed(block: &[u8], index: &[u8], filter: &[u8], (entries, blocks): (u64, u64)) -> Vec<u8> {
    let mut bytes = header(Spread::Any).to_vec();
    bytes.extend_from_slice(block);
    let filter_at = bytes.len() as u64;
    bytes.extend_from_slice(filter);
    let index_at = bytes.len() as u64;
    bytes.extend_from_slice(index);
    let xxh3 = xxhash_rust::xxh3::xxh3_64;
    let (filter_check, index_check) = (xxh3(filter), xxh3(index));
    let footer = Footer { entries, blocks, filter_at, index_at, filter_check, index_check };
    bytes.extend_from_slice(&footer.encode(Spread::Any));
    bytes
}

/// Asks a run everything and believes nothing of it.
fn ask(path: &Path) {
    let Ok(run) = Run::open(path) else { return };
    let _ = run.verify();
    let all = || run.range(Bound::Unbounded, Bound::Unbounded);
    let _ = (pairs(all()), pairs(all().rev()));
    for key in [b"".as_slice(), b"\x00", b"\x01\x02", &[0xFF; 300]] {
        let _ = run.get(key);
        let _ = pairs(run.range(Bound::Excluded(key), Bound::Unbounded));
        let _ = pairs(run.range(Bound::Unbounded, Bound::Included(key)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_an_error_or_a_run(
        bytes in vec(any::<u8>(), 0..300),
        block in vec(prop_oneof![Just(0_u8), Just(1), Just(2), Just(0xC1), Just(0x81), any::<u8>()], 3..300),
        first in vec(any::<u8>(), 1..4),
        counts in (0..6_u64, 0..3_u64),
        exact in any::<bool>(),
    ) {
        let (_folder, path) = place();
        std::fs::write(&path, &bytes).unwrap();
        ask(&path);
        std::fs::write(&path, sealed(&block, &bytes, &[], counts)).unwrap();
        ask(&path);
        // An index that fits the block, so that the block itself is read.
        let first = if exact { block.get(2..3).unwrap().to_vec() } else { first };
        let key = [&[first.len() as u8], first.as_slice()].concat();
        let (length, check) = ((block.len() as u32).to_le_bytes(), check(&block, 16).to_le_bytes());
        let index = [key.as_slice(), &length, &check, &key].concat();
        std::fs::write(&path, sealed(&block, &index, &[0xFF; 64], (1, 1))).unwrap();
        ask(&path);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_run_of_which_many_bytes_changed_is_right_or_an_error(
        changes in vec((any::<proptest::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let (_folder, path) = place();
        let model = statement(1, 1_000);
        write(&path, &model, Some(10));
        let mut bytes = std::fs::read(&path).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        std::fs::write(&path, bytes).unwrap();
        let _ = right_or_an_error(&path, &model);
    }
}
