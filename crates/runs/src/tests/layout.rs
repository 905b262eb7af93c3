//! The bytes: that they are as they are drawn, and what rows cost.

use super::{Model, place, statement, write};
use crate::Run;
use crate::block::LONGEST_BLOCK;

#[test]
fn a_small_run_has_these_bytes() {
    let (_folder, path) = place();
    let rows = [("order-1", "ab"), ("order-2", "cd"), ("order-20", "")];
    let model: Model = rows.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    let run = write(&path, &model, None);
    let bytes = std::fs::read(&path).unwrap();
    let entries = [b"\x07\x00\x02order-1ab".as_slice(), b"\xC12cd", b"\x01\x07\x000"].concat();
    let end = 16 + entries.len();
    assert_eq!(&bytes[..16], b"\xC0F-RUNS\n\0\0\0\0\0\0\0\0");
    assert_eq!(&bytes[16..end], entries);
    // The checks, as any implementation of XXH3 finds them.
    let check = |bytes: &[u8], seed| xxhash_rust::xxh3::xxh3_64_with_seed(bytes, seed).to_le_bytes();
    let length = (entries.len() as u32).to_le_bytes();
    let index = [b"\x07order-1".as_slice(), &length, &check(&entries, 16), b"\x08order-20"].concat();
    assert_eq!(&bytes[end..end + index.len()], index);
    let footer = &bytes[end + index.len()..];
    assert_eq!(footer.len(), 64);
    let fields = [3, 1, end as u64, end as u64].map(u64::to_le_bytes).concat();
    assert_eq!(&footer[..32], fields);
    assert_eq!(&footer[56..], b"\xC0F-RUNS\n");
    assert_eq!(footer[32..40], check(&[], 0));
    assert_eq!(footer[40..48], check(&index, 0));
    assert_eq!(footer[48..56], check(&footer[..48], 0));
    assert_eq!(footer[48..56], run.fingerprint().to_le_bytes());
}

/// Two runs of the same keys with other values had the same footer, and either was taken for
/// the other.
#[test]
fn a_run_of_other_rows_has_another_fingerprint() {
    let (_folder, path) = place();
    let model = statement(2, 2_000);
    let mut other = model.clone();
    *other.last_entry().unwrap().get_mut().last_mut().unwrap() ^= 1;
    for filter in [None, Some(10)] {
        let (first, second) = (write(&path, &model, filter), write(&path, &other, filter));
        assert_eq!((first.entries(), first.bytes()), (second.entries(), second.bytes()));
        assert_ne!(first.fingerprint(), second.fingerprint());
        assert_eq!(write(&path, &model, filter).fingerprint(), first.fingerprint());
        assert_eq!(Run::open(&path).unwrap().fingerprint(), first.fingerprint());
    }
}

#[test]
fn rows_cost_what_was_promised() {
    let (_folder, path) = place();
    let model = statement(40, 2_000);
    let values: usize = model.values().map(Vec::len).sum();
    let run = write(&path, &model, None);
    let overhead = (run.bytes() as usize - values) * 100 / model.len();
    assert!(overhead < 310, "a statement row costs {overhead} hundredths of a byte beyond its value");
    assert!(run.resident_bytes() < run.bytes() as usize / 300, "{}", run.resident_bytes());

    // Odd factors without a pattern: as good as chance.
    let mix = |number: u64| number.wrapping_mul(0x9E37_79B9_7F4A_7C15).swap_bytes();
    let chance = (0..80_000).map(|number| mix(mix(number) ^ 0xBF58_476D_1CE4_E5B9).to_be_bytes().to_vec());
    let model: Model = chance.map(|key| (key, vec![1; 5])).collect();
    let run = write(&path, &model, Some(10));
    let row = run.bytes() as usize * 100 / model.len();
    assert!(row < 1_600 + 125, "an idempotency row costs {row} hundredths of a byte");
}

#[test]
fn long_keys_that_share_all_but_a_byte_keep_blocks_within_their_bounds() {
    let (_folder, path) = place();
    let key = |number: u32| [vec![b'k'; 250].as_slice(), &number.to_be_bytes()].concat();
    let model: Model = (0..5_000).map(|number| (key(number), Vec::new())).collect();
    let run = write(&path, &model, Some(10));
    run.verify().unwrap();
    assert_eq!(run.range(std::ops::Bound::Unbounded, std::ops::Bound::Unbounded).count(), 5_000);
    let model: Model = (0..20).map(|number| (key(number), vec![1; 16_384])).collect();
    let run = write(&path, &model, Some(10));
    run.verify().unwrap();
    assert!(run.bytes() < 20 * (LONGEST_BLOCK as u64 + 300));
}
