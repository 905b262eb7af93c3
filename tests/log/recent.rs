//! The newest frames are answered from memory: no volume is touched for them.

use counterfoil_log::faulty::{FaultyDisk, Operation};
use counterfoil_log::{EventLog, ReadError, Settings};

use crate::story::{LEDGER, append, frames_after, read_all, small_volumes, wait};

/// A log on a disk that fails every read of a volume from now on is told apart by its first read.
fn fails(disk: &FaultyDisk, read: impl FnOnce() -> Result<(), ReadError>) -> bool {
    disk.fail(Operation::Get, 0);
    let failed = read().is_err();
    if !failed {
        disk.fail(Operation::Get, u64::MAX);
    }
    failed
}

#[test]
fn a_follower_of_the_log_touches_no_volume() {
    let disk = FaultyDisk::new();
    let log = disk.create(LEDGER, Settings::default()).expect("a log");
    append(&log, 9, 2, 300);
    assert!(!fails(&disk, || read_all(&log).map(drop)));
    assert!(!fails(&disk, || wait(log.frame_of(7)).map(drop)));
}

#[test]
fn frames_beyond_the_bound_come_from_their_volume() {
    let disk = FaultyDisk::new();
    let settings = Settings { recent_bytes: 4_000, ..small_volumes(3_000) };
    let log = disk.create(LEDGER, settings).expect("a log");
    let head = append(&log, 30, 2, 300);
    log.wait_settled();
    let last = head.next_frame - 1;
    assert!(!fails(&disk, || wait(log.read(last, 0)).map(drop)));
    assert!(!fails(&disk, || wait(log.frame_of(head.next_position - 1)).map(drop)));
    assert!(fails(&disk, || wait(log.read(last - 20, 0)).map(drop)));
    assert!(fails(&disk, || wait(log.frame_of(3)).map(drop)));
    assert_eq!(read_all(&log).expect("every frame").len() as u64, head.next_frame);
}

#[test]
fn what_is_not_durable_is_not_kept() {
    let disk = FaultyDisk::new();
    let log = disk.create(LEDGER, Settings::default()).expect("a log");
    let head = append(&log, 3, 1, 100);
    disk.fail(Operation::SyncVolume, 0);
    assert!(wait(log.append(head, &frames_after(head, 2, 1, 100))).is_err());
    assert_eq!(read_all(&log).expect("the durable ones").len(), 3);
    assert!(wait(log.frame_of(3)).expect("a search").is_none());
}

#[test]
fn a_closed_log_is_not_read() {
    let disk = FaultyDisk::new();
    for settings in [Settings::default(), small_volumes(1_000)] {
        let disk = if settings.recent_bytes == 0 { FaultyDisk::new() } else { disk.clone() };
        let log = disk.create(LEDGER, settings).expect("a log");
        append(&log, 9, 1, 300);
        wait(log.close()).expect("a close");
        assert!(matches!(wait(log.read(0, 0)), Err(ReadError::Closed)));
        assert!(matches!(wait(log.frame_of(8)), Err(ReadError::Closed)));
    }
}
