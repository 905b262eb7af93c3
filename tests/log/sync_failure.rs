//! A failed sync: the outcome is unknown, the log stops, and the page cache is not believed.

use counterfoil_log::faulty::{FaultyDisk, Keep, Operation};
use counterfoil_log::{AppendError, EventLog, Files, Frame, Head, Settings, Volumes};

use crate::story::{LEDGER, append, frame_after, frames_after, read_all, wait};

/// A log whose anchor is never synced by itself, five frames in.
fn five_frames() -> (FaultyDisk, counterfoil_log::VolumeLog, Head) {
    let disk = FaultyDisk::new();
    let settings = Settings { anchor_every: std::time::Duration::MAX, ..Settings::default() };
    let log = disk.create(LEDGER, settings).expect("a log");
    let head = append(&log, 5, 2, 100);
    (disk, log, head)
}

fn fail_one_append(disk: &FaultyDisk, log: &dyn EventLog, head: Head) -> Vec<Frame> {
    let frames = frames_after(head, 3, 2, 100);
    disk.fail(Operation::SyncVolume, 0);
    assert!(matches!(wait(log.append(head, &frames)), Err(AppendError::InDoubt { .. })));
    frames
}

#[test]
fn after_a_failed_sync_the_outcome_is_unknown_and_the_log_is_poisoned() {
    let (disk, log, head) = five_frames();
    let frames = fail_one_append(&disk, &log, head);
    match wait(log.append(head, &frames)) {
        Err(error @ AppendError::Poisoned { .. }) => {
            assert!(error.to_string().contains("syncing the volume"), "{error}");
        }
        other => panic!("{other:?}"),
    }
    assert!(matches!(wait(log.take_epoch(0)), Err(AppendError::Poisoned { .. })));
    // What is durable can still be read, and what is not is not shown.
    assert_eq!(log.head(), head);
    assert_eq!(read_all(&log).expect("the durable frames").len(), 5);
    assert!(matches!(wait(log.close()), Err(AppendError::Poisoned { .. })));
}

#[test]
fn a_lying_page_cache_is_copied_into_a_new_volume_before_it_is_believed() {
    // The system shows the frames of the failed sync to every reader and will never write them: a
    // log that only synced again would acknowledge on top of them and lose them in the next crash.
    let (disk, log, head) = five_frames();
    let frames = fail_one_append(&disk, &log, head);
    drop(log);
    let log = disk.open(Settings::default()).expect("an open");
    assert_eq!(log.head(), frames[2].head_after(), "the cache still showed the frames");
    assert_eq!(log.origins().len(), 2, "they were copied");
    assert!(!disk.files().list("").expect("names").contains(&"sync-failed".to_owned()));
    let head = append(&log, 2, 2, 100);
    drop(log);
    disk.crash(Keep::Synced);
    let log = disk.open(Settings::default()).expect("an open after the power cut");
    assert_eq!(log.head(), head);
    assert_eq!(read_all(&log).expect("every frame").len(), 10);
}

#[test]
fn the_faulty_disk_does_lose_what_a_second_sync_seems_to_save() {
    // The control of the test above: without the copy its frames would be gone.
    let (disk, log, head) = five_frames();
    fail_one_append(&disk, &log, head);
    drop(log);
    disk.files().remove_file("sync-failed").expect("the log's memory of it");
    let log = disk.open(Settings::default()).expect("an open");
    assert_eq!((log.origins().len(), log.head().next_frame), (1, 8), "synced again and believed");
    drop(log);
    disk.crash(Keep::Synced);
    assert!(disk.open(Settings::default()).is_err(), "the anchor promises what the disk never had");
}

#[test]
fn a_power_cut_after_a_failed_sync_leaves_what_was_acknowledged() {
    let (disk, log, head) = five_frames();
    fail_one_append(&disk, &log, head);
    drop(log);
    disk.crash(Keep::Synced);
    assert_eq!(disk.open(Settings::default()).expect("an open").head(), head);
}

#[test]
fn every_frame_beyond_the_last_synced_anchor_is_copied() {
    // The anchor was synced at the opening alone, so all five acknowledged frames go along.
    let (disk, log, head) = five_frames();
    fail_one_append(&disk, &log, head);
    drop(log);
    let log = disk.open(Settings::default()).expect("an open");
    assert_eq!(log.origins()[1].head.next_frame, 0);
    assert_eq!(log.head().next_frame, 8);
}

#[test]
fn a_failed_sync_of_the_anchor_is_in_doubt_too() {
    let disk = FaultyDisk::new();
    let settings = Settings { anchor_every: std::time::Duration::ZERO, ..Settings::default() };
    let log = disk.create(LEDGER, settings).expect("a log");
    let head = append(&log, 2, 1, 10);
    disk.fail(Operation::SyncFile, 0);
    let (frame, after) = frame_after(&head, 1, 10);
    assert!(matches!(wait(log.append(head, &[frame])), Err(AppendError::InDoubt { .. })));
    drop(log);
    assert_eq!(disk.open(settings).expect("an open").head(), after);
}

#[test]
fn recovery_from_a_failed_sync_can_itself_be_cut_short() {
    for operation in
        [Operation::Put, Operation::SyncVolume, Operation::Rename, Operation::SyncDir, Operation::SyncFile]
    {
        for after in 0..4 {
            let (disk, log, head) = five_frames();
            fail_one_append(&disk, &log, head);
            drop(log);
            disk.fail(operation, after);
            let first = disk.open(Settings::default());
            drop(first);
            // The process dies; faults that were not reached go with it.
            disk.crash(Keep::Everything);
            let log = disk
                .open(Settings::default())
                .unwrap_or_else(|error| panic!("{operation:?} {after}: {error}"));
            assert_eq!(log.head().next_frame, 8);
            let head = append(&log, 1, 1, 10);
            drop(log);
            disk.crash(Keep::Synced);
            let log = disk
                .open(Settings::default())
                .unwrap_or_else(|error| panic!("{operation:?} {after}: {error}"));
            assert_eq!(log.head(), head, "{operation:?} {after}");
        }
    }
}

#[test]
fn a_sync_that_fails_at_open_is_remembered_as_well() {
    // The process died between storing and syncing. The sync at the next open fails; the one after
    // it succeeds and writes nothing. Only what was copied is really there.
    let (disk, log, head) = five_frames();
    disk.fail(Operation::Put, 2);
    let frames = frames_after(head, 3, 2, 100);
    assert!(wait(log.append(head, &frames)).is_err());
    drop(log);
    disk.files().remove_file("sync-failed").expect("a process that dies leaves none");
    disk.fail(Operation::SyncVolume, 0);
    assert!(disk.open(Settings::default()).is_err());
    let log = disk.open(Settings::default()).expect("a second open");
    assert_eq!((log.head().next_frame, log.origins().len()), (7, 2));
    let head = append(&log, 1, 1, 10);
    drop(log);
    disk.crash(Keep::Synced);
    assert_eq!(disk.open(Settings::default()).expect("an open after the power cut").head(), head);
}

#[test]
fn the_copy_works_on_sled_and_what_it_left_behind_is_ignored() {
    let folder = tempfile::tempdir().expect("a folder");
    let never = Settings { anchor_every: std::time::Duration::MAX, ..Settings::default() };
    let log = counterfoil_log_sled::create(folder.path(), LEDGER, never).expect("a log");
    // More than the 4 MiB that may be un-synced at once.
    let head = append(&*log, 100, 1, 60_000);
    drop(log);
    std::fs::write(folder.path().join("sync-failed"), b"").expect("a mark");
    let log = counterfoil_log_sled::open(folder.path()).expect("an open");
    assert_eq!((log.head(), log.origins().len()), (head, 2));
    assert!(!folder.path().join("sync-failed").exists());
    let head = append(&*log, 3, 1, 60_000);
    let frames = read_all(&*log).expect("every frame");
    assert_eq!(frames.len(), 103);
    let found = wait(log.frame_of(50)).expect("a search").expect("a frame");
    assert_eq!(found.number(), 50);
    drop(log);
    let report = counterfoil_log_sled::check(folder.path()).expect("a whole log");
    assert_eq!((report.head, report.volumes), (head, 2));
    assert_eq!(counterfoil_log_sled::open(folder.path()).expect("an open").head(), head);
}

#[test]
fn what_a_killed_process_left_is_synced_before_it_is_believed() {
    let (disk, log, head) = five_frames();
    disk.fail(Operation::Put, 2);
    assert!(wait(log.append(head, &frames_after(head, 3, 2, 100))).is_err());
    drop(log);
    disk.files().remove_file("sync-failed").expect("a process that is killed leaves none");
    let head = disk.open(Settings::default()).expect("an open").head();
    assert_eq!(head.next_frame, 7, "two frames were stored and never synced");
    disk.crash(Keep::Synced);
    assert_eq!(disk.open(Settings::default()).expect("an open after the power cut").head(), head);
}

#[test]
fn a_later_frame_of_a_torn_commit_is_never_met_again() {
    // Of a commit that was never acknowledged the disk may hold the third frame without the first.
    // Later frames take its number; in a volume of many trees the old one could be found instead.
    let mut torn = 0;
    for seed in 0..40 {
        let (disk, log, head) = five_frames();
        disk.fail(Operation::Put, 4);
        assert!(wait(log.append(head, &frames_after(head, 5, 2, 100))).is_err());
        drop(log);
        // A power cut in the middle of the commit: nobody was left to note a failure.
        disk.files().remove_file("sync-failed").expect("the note");
        disk.files().sync_dir("").expect("a sync");
        disk.crash(Keep::Torn(seed));
        let log = disk.open(Settings::default()).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert!(log.head().next_frame >= head.next_frame, "seed {seed}");
        let volume = disk.volumes().open("volume-000001").expect("the old volume");
        let stray = volume.last().expect("a look").is_some_and(|last| last >= log.head().next_frame);
        assert_eq!(log.origins().len(), if stray { 2 } else { 1 }, "seed {seed}");
        torn += usize::from(stray);
        let head = append(&log, 4, 3, 50);
        drop(log);
        disk.crash(Keep::Synced);
        let log = disk.open(Settings::default()).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert_eq!(log.head(), head, "seed {seed}");
        read_all(&log).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
    assert!(torn > 5, "only {torn} of 40 crashes left such a frame");
}
