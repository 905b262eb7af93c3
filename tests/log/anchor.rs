//! The anchor: two slots, of which one may be torn, and never a log that ends before it.

use counterfoil_log::faulty::{FaultyDisk, Keep};
use counterfoil_log::{Anchor, EventLog, Files, Head, OpenError, SLOT_BYTES, Settings};

use crate::story::{Dice, LEDGER, append, rounds, small_volumes, wait};

fn anchor(sequence: u64) -> Anchor {
    Anchor { ledger: LEDGER, sequence, volume: 1, head: Head::genesis(LEDGER), synced_frame: 0 }
}

/// A closed log of ten frames on a disk in memory.
fn disk_with_log() -> (FaultyDisk, Head) {
    let disk = FaultyDisk::new();
    let log = disk.create(LEDGER, small_volumes(1 << 20)).expect("a log");
    let head = append(&log, 10, 1, 100);
    wait(log.close()).expect("a close");
    (disk, head)
}

fn damage(disk: &FaultyDisk) -> String {
    match disk.open(Settings::default()) {
        Err(OpenError::Damaged(damage)) => damage.to_string(),
        Err(other) => panic!("{other}"),
        Ok(log) => panic!("opened at {}", log.head()),
    }
}

#[test]
fn a_slot_comes_back_and_every_flipped_bit_spoils_it() {
    let slot = anchor(9).encode();
    assert_eq!(slot.len(), SLOT_BYTES);
    assert_eq!(Anchor::decode("anchor", &slot).expect("a format"), Some(anchor(9)));
    for at in 0..slot.len() {
        let mut bad = slot.clone();
        bad[at] ^= 1 << (at % 8);
        assert_eq!(Anchor::decode("anchor", &bad).expect("a format"), None, "byte {at}");
    }
}

#[test]
fn random_bytes_are_never_a_slot_and_never_a_panic() {
    let mut dice = Dice(3);
    for _ in 0..rounds(2_000, 100_000) {
        let mut bytes: Vec<u8> = (0..dice.below(2 * SLOT_BYTES)).map(|_| dice.next() as u8).collect();
        assert_eq!(Anchor::decode("anchor", &bytes).expect("a format"), None);
        // With a hash made to fit, only the fields' own bounds are left.
        bytes.resize(SLOT_BYTES, 0);
        if dice.below(2) == 0 {
            bytes[..10].copy_from_slice(&anchor(1).encode()[..10]);
        }
        let check = *blake3::hash(&bytes[..SLOT_BYTES - 32]).as_bytes();
        bytes[SLOT_BYTES - 32..].copy_from_slice(&check);
        let _ = Anchor::decode("anchor", &bytes);
    }
}

#[test]
fn one_torn_slot_is_made_up_for_by_the_other() {
    for slot in [0, SLOT_BYTES as u64] {
        let (disk, head) = disk_with_log();
        disk.files().write_at("anchor", slot + 50, &[0xFF; 9]).expect("a write");
        assert_eq!(disk.open(Settings::default()).expect("the other slot").head(), head);
    }
}

#[test]
fn two_bad_slots_are_damage() {
    let (disk, _) = disk_with_log();
    for slot in [0, SLOT_BYTES as u64] {
        disk.files().write_at("anchor", slot + 50, &[0xFF; 9]).expect("a write");
    }
    assert!(damage(&disk).starts_with("anchor is damaged"), "{}", damage(&disk));
}

#[test]
fn a_missing_anchor_beside_volumes_is_damage() {
    let (disk, _) = disk_with_log();
    disk.files().remove_file("anchor").expect("a removal");
    assert!(damage(&disk).contains("volume-000001 and no anchor"), "{}", damage(&disk));
}

#[test]
fn an_anchor_ahead_of_the_log_is_damage() {
    // A shorter log that is whole in itself: only the anchor knows that it once was longer.
    let (disk, head) = disk_with_log();
    let ahead =
        Anchor { sequence: 1_000, head: Head { next_frame: head.next_frame + 1, ..head }, ..anchor(0) };
    disk.files().write_at("anchor", 0, &ahead.encode()).expect("a write");
    assert!(damage(&disk).contains("frame 10"), "{}", damage(&disk));
}

#[test]
fn an_anchor_of_another_history_is_damage() {
    let (disk, head) = disk_with_log();
    let other = Head { hash: Head::genesis(LEDGER).hash, ..head };
    let other = Anchor { sequence: 1_000, head: other, ..anchor(0) };
    disk.files().write_at("anchor", 0, &other.encode()).expect("a write");
    assert!(damage(&disk).contains("frame 9"), "{}", damage(&disk));
}

#[test]
fn a_log_ahead_of_its_anchor_is_normal() {
    // The anchor is synced seldom: after a power cut it is older than the frames.
    let disk = FaultyDisk::new();
    let never = Settings { anchor_every: std::time::Duration::MAX, ..Settings::default() };
    let log = disk.create(LEDGER, never).expect("a log");
    let head = append(&log, 10, 1, 100);
    drop(log);
    disk.crash(Keep::Synced);
    assert_eq!(disk.open(never).expect("an open").head(), head);
}
