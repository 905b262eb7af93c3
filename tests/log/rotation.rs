//! Volumes: sealed when full, begun under a temporary name, and never with a gap between them.

use counterfoil_log::faulty::{FaultyDisk, Keep, Operation};
use counterfoil_log::{EventLog, Files, FrameKind, Head, LedgerId, OpenError, Settings, VolumeLog};

use crate::story::{Dice, LEDGER, append, frame_after, read_all, rounds, small_volumes, wait};

/// About four frames of the stories' size.
fn settings() -> Settings {
    small_volumes(1_000)
}

#[test]
fn a_full_volume_is_sealed_and_the_next_frame_begins_another() {
    let disk = FaultyDisk::new();
    let log = disk.create(LEDGER, settings()).expect("a log");
    append(&log, 20, 1, 100);
    let frames = read_all(&log).expect("every frame");
    let origins = log.origins();
    assert!(origins.len() > 3, "{origins:?}");
    for origin in &origins[1..] {
        let last = &frames[origin.head.next_frame as usize - 1];
        assert_eq!((last.kind(), last.hash()), (FrameKind::Seal, origin.head.hash));
    }
    assert_eq!(disk.open(settings()).expect("a second look").head(), log.head());
}

#[test]
fn a_sealed_last_volume_without_successor_is_continued() {
    let disk = FaultyDisk::new();
    let log = disk.create(LEDGER, settings()).expect("a log");
    while read_all(&log).expect("frames").last().map(|frame| frame.kind()) != Some(FrameKind::Seal) {
        append(&log, 1, 1, 100);
    }
    assert_eq!(log.origins().len(), 1);
    drop(log);
    let log = disk.open(settings()).expect("an open");
    append(&log, 1, 1, 100);
    assert_eq!(log.origins().len(), 2);
    assert_eq!(disk.open(settings()).expect("an open").head(), log.head());
}

#[test]
fn a_gap_between_volumes_is_damage() {
    let disk = FaultyDisk::new();
    append(&disk.create(LEDGER, settings()).expect("a log"), 20, 1, 100);
    disk.files().remove_dir("volume-000002").expect("a removal");
    match disk.open(settings()) {
        Err(OpenError::Damaged(damage)) => assert_eq!(&*damage.file, "volume-000002"),
        other => panic!("{:?}", other.map(|log| log.head())),
    }
}

#[test]
fn the_last_volume_missing_is_damage() {
    let disk = FaultyDisk::new();
    let log = disk.create(LEDGER, settings()).expect("a log");
    append(&log, 20, 1, 100);
    let last = format!("volume-{:06}", log.origins().len());
    drop(log);
    disk.files().remove_dir(&last).expect("a removal");
    assert!(matches!(disk.open(settings()), Err(OpenError::Damaged(_))));
}

#[test]
fn a_volume_of_another_ledger_is_damage() {
    let (ours, theirs) = (FaultyDisk::new(), FaultyDisk::new());
    append(&ours.create(LEDGER, settings()).expect("a log"), 9, 1, 100);
    theirs.create(LedgerId([3; 16]), settings()).expect("a log");
    let origin = theirs.files().read("volume-000001/origin").expect("an origin");
    ours.files().write_at("volume-000001/origin", 0, &origin).expect("a write");
    assert!(matches!(ours.open(settings()), Err(OpenError::Damaged(_))));
}

#[test]
fn what_was_unfinished_is_deleted_and_what_is_not_ours_is_left() {
    let disk = FaultyDisk::new();
    let head = append(&disk.create(LEDGER, settings()).expect("a log"), 2, 1, 100);
    let files = disk.files();
    files.create_dir("volume-000002.tmp").expect("a folder");
    files.create_dir("holiday.tmp").expect("a folder");
    assert_eq!(disk.open(settings()).expect("an open").head(), head);
    let names = files.list("").expect("names");
    assert!(!names.contains(&"volume-000002.tmp".to_owned()) && names.contains(&"holiday.tmp".to_owned()));
}

#[test]
fn a_log_is_not_created_beside_other_things() {
    let disk = FaultyDisk::new();
    disk.files().write_at("letter.txt", 0, b"dear").expect("a write");
    assert!(matches!(
        disk.create(LEDGER, settings()),
        Err(OpenError::NotEmpty { found, .. }) if found == "letter.txt"
    ));
    let disk = FaultyDisk::new();
    disk.create(LEDGER, settings()).expect("a log");
    assert!(matches!(disk.create(LEDGER, settings()), Err(OpenError::NotEmpty { .. })));
    assert!(matches!(FaultyDisk::new().open(settings()), Err(OpenError::Missing { .. })));
}

/// The story of every crash: a log is written until one operation fails, the machine stops, and it
/// is opened again. What was acknowledged must be there, and what is there must be whole.
fn crash_at(operation: Operation, after: u64, keep: Keep) {
    let story = format!("{operation:?} fails after {after}, then {keep:?}");
    let disk = FaultyDisk::new();
    disk.fail(operation, after);
    let mut acknowledged = vec![Head::genesis(LEDGER)];
    let mut given = Vec::new();
    // The creation itself may be what fails: then there is a log without frames, or none.
    let created = disk.create(LEDGER, settings());
    if let Ok(log) = created {
        for _ in 0..14 {
            let head = log.head();
            let (frame, _) = frame_after(&head, 1, 100);
            given.push(frame.clone());
            match wait(log.append(head, &[frame])) {
                Ok(head) => acknowledged.push(head),
                Err(_) => break,
            }
        }
        drop(log);
    }
    disk.crash(keep);
    let promised = acknowledged.last().expect("genesis at least").next_frame;
    let log = match disk.open(settings()) {
        Ok(log) => log,
        Err(OpenError::Missing { .. }) if promised == 0 => {
            disk.create(LEDGER, settings()).unwrap_or_else(|error| panic!("{story}: {error}"))
        }
        Err(error) => panic!("{story}: {error}"),
    };
    assert!(log.head().next_frame >= promised, "{story}: {} frames of {promised}", log.head().next_frame);
    check_and_go_on(&disk, log, &given, &story);
}

fn check_and_go_on(disk: &FaultyDisk, log: VolumeLog, given: &[counterfoil_log::Frame], story: &str) {
    let read = read_all(&log).unwrap_or_else(|error| panic!("{story}: {error}"));
    let events: Vec<_> = read.iter().filter(|frame| frame.kind() == FrameKind::Events).collect();
    assert!(events.len() <= given.len(), "{story}");
    assert!(events.iter().zip(given).all(|(read, given)| **read == *given), "{story}");
    let head = append(&log, 6, 1, 100);
    drop(log);
    // What was recovered and what came after it survive the worst crash.
    disk.crash(Keep::Synced);
    let log = disk.open(settings()).unwrap_or_else(|error| panic!("{story}, second open: {error}"));
    assert_eq!(log.head(), head, "{story}");
    read_all(&log).unwrap_or_else(|error| panic!("{story}, second read: {error}"));
    let report = VolumeLog::check(&*disk.files(), &*disk.volumes());
    let report = report.unwrap_or_else(|error| panic!("{story}, check: {error}"));
    assert_eq!((report.head, report.frames >= head.next_frame), (head, true), "{story}");
}

#[test]
fn nothing_acknowledged_is_lost_whichever_operation_fails_before_a_crash() {
    let operations = [
        Operation::Put,
        Operation::SyncVolume,
        Operation::Write,
        Operation::SyncFile,
        Operation::SyncDir,
        Operation::Rename,
    ];
    let mut dice = Dice(4);
    for operation in operations {
        for after in 0..26 {
            crash_at(operation, after, Keep::Synced);
            crash_at(operation, after, Keep::Everything);
            for _ in 0..rounds(3, 300) {
                crash_at(operation, after, Keep::Torn(dice.next()));
            }
        }
    }
}
