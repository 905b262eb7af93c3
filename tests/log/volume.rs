//! A sled volume: frames lie in one piece in sled's file, trees stay small, and little is ever un-synced.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use counterfoil_log::{
    EventLog, Frame, Head, MAGIC, MAX_UNSYNCED, OpenError, Settings, Volume, VolumeError, Volumes,
};
use counterfoil_log_sled::SledVolumes;

use crate::story::{Dice, LEDGER, append, files_of, frame_after, read_all, wait};

/// A new volume below a folder.
fn volume(folder: &Path) -> Arc<dyn Volume> {
    SledVolumes::new(folder).create("volume").expect("a volume")
}

/// Puts and syncs frames of these sizes.
fn fill(volume: &dyn Volume, sizes: impl IntoIterator<Item = usize>) -> Vec<Frame> {
    let mut head = Head::genesis(LEDGER);
    let mut frames = Vec::new();
    for bytes in sizes {
        let (frame, next) = frame_after(&head, 1, bytes);
        volume.put(frame.number(), frame.bytes()).expect("a put");
        volume.sync().expect("a sync");
        frames.push(frame);
        head = next;
    }
    frames
}

/// How often each frame stands in one piece in a file.
fn copies(content: &[u8], frames: &[Frame]) -> Vec<usize> {
    let mut copies = vec![0; frames.len()];
    for at in memchr(content) {
        if let Ok(frame) = Frame::decode_front(&content[at..]) {
            let number = frame.number() as usize;
            assert_eq!(frame, frames[number]);
            copies[number] += 1;
        }
    }
    copies
}

fn memchr(content: &[u8]) -> Vec<usize> {
    let starts = (0..content.len()).filter(|at| content[*at] == MAGIC[0]);
    starts.filter(|at| content[*at..].starts_with(&MAGIC)).collect()
}

#[test]
fn a_frame_of_any_size_lies_in_one_piece_in_the_file() {
    // The check before an open rests on this: sled neither splits nor shortens a value.
    let folder = tempfile::tempdir().expect("a folder");
    let volume = volume(folder.path());
    let mut dice = Dice(5);
    let frames = fill(
        &*volume,
        (0..120).map(|_| if dice.below(3) == 0 { dice.below(63_000) } else { dice.below(900) }),
    );
    drop(volume);
    let content = fs::read(folder.path().join("volume/db")).expect("a file");
    assert!(copies(&content, &frames).iter().all(|count| *count > 0));
}

#[test]
fn large_frames_are_written_once_in_trees_of_eight() {
    let folder = tempfile::tempdir().expect("a folder");
    let volume = volume(folder.path());
    let frames = fill(&*volume, [60_000; 40]);
    assert_eq!(volume.fill().trees, 5);
    drop(volume);
    let path = folder.path().join("volume");
    let content = fs::read(path.join("db")).expect("a file");
    assert!(copies(&content, &frames).iter().all(|count| *count == 1));
    let logical: usize = frames.iter().map(|frame| frame.bytes().len()).sum();
    // Measured: 1.01. What the file has beyond that is one segment that is not full.
    assert!(content.len() < logical * 102 / 100, "{} bytes for {logical}", content.len());
    let db = sled::Config::new().path(&path).segment_size(8 << 20).open().expect("sled");
    let names: BTreeSet<Vec<u8>> = db.tree_names().iter().map(|name| name.to_vec()).collect();
    let firsts: BTreeSet<Vec<u8>> = (0..5_u64).map(|tree| (tree * 8).to_be_bytes().to_vec()).collect();
    assert!(names.is_superset(&firsts) && names.len() == 6, "{names:?}");
}

#[test]
fn small_frames_share_a_tree_until_it_holds_64_kib() {
    let folder = tempfile::tempdir().expect("a folder");
    let volume = volume(folder.path());
    let frames = fill(&*volume, [600; 300]);
    let logical: usize = frames.iter().map(|frame| frame.bytes().len()).sum();
    assert_eq!(volume.fill().trees as usize, logical.div_ceil(64 << 10));
    for frame in &frames {
        assert_eq!(volume.get(frame.number()).expect("a get").as_deref(), Some(frame.bytes()));
    }
    let range = volume.range(0, usize::MAX).expect("a range");
    assert!(range.iter().map(|(number, _)| *number).eq(0..300));
    assert_eq!(volume.last().expect("a last one"), Some(299));
}

#[test]
fn no_more_than_four_mebibytes_are_ever_unsynced() {
    // Beyond two segments of un-synced bytes sled can come back from a power cut Ok and empty.
    let folder = tempfile::tempdir().expect("a folder");
    let volume = volume(folder.path());
    let value = vec![7; 64 << 10];
    for number in 0..64 {
        volume.put(number, &value).expect("within the bound");
    }
    match volume.put(64, &value) {
        Err(VolumeError::Unsynced { bytes, limit }) => {
            assert_eq!((bytes, limit), (MAX_UNSYNCED + value.len(), MAX_UNSYNCED))
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(volume.get(64).expect("a get"), None);
    volume.sync().expect("a sync");
    volume.put(64, &value).expect("room again");
}

#[test]
fn a_value_larger_than_a_frame_is_refused_and_no_blob_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let volume = volume(folder.path());
    assert!(volume.put(0, &vec![1; (64 << 10) + 1]).is_err());
    // The worst leaf: small frames until just below 64 KiB, then the largest ones.
    fill(&*volume, [8_000, 8_000, 8_000, 8_000, 8_000, 8_000, 8_000, 65_000, 65_000, 65_000]);
    drop(volume);
    let blobs = fs::read_dir(folder.path().join("volume/blobs")).expect("a folder");
    assert_eq!(blobs.count(), 0);
}

#[test]
fn a_blob_is_damage() {
    let folder = tempfile::tempdir().expect("a folder");
    append(
        &*counterfoil_log_sled::create(folder.path(), LEDGER, Settings::default()).expect("a log"),
        2,
        1,
        10,
    );
    fs::write(folder.path().join("volume-000001/blobs/77"), b"value").expect("a write");
    match counterfoil_log_sled::open(folder.path()) {
        Err(OpenError::Damaged(damage)) => assert_eq!(&*damage.file, "volume-000001/blobs/77"),
        other => panic!("{:?}", other.map(|log| log.head())),
    }
}

#[test]
fn a_volume_ends_after_so_many_trees() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = Settings { volume_trees: 2, ..Settings::default() };
    let log = counterfoil_log_sled::create(folder.path(), LEDGER, settings).expect("a log");
    append(&*log, 30, 1, 60_000);
    assert_eq!(
        log.origins().iter().map(|origin| origin.head.next_frame).collect::<Vec<_>>(),
        [0, 10, 20, 30]
    );
    assert_eq!(read_all(&*log).expect("every frame").len() as u64, log.head().next_frame);
}

#[test]
fn a_log_is_open_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = counterfoil_log_sled::create(folder.path(), LEDGER, Settings::default()).expect("a log");
    assert!(matches!(counterfoil_log_sled::open(folder.path()), Err(OpenError::Locked { .. })));
    assert!(matches!(counterfoil_log_sled::check(folder.path()), Err(OpenError::Locked { .. })));
    let head = append(&*log, 1, 1, 10);
    wait(log.close()).expect("a close");
    // Closed and not dropped: the folder is free all the same.
    assert_eq!(counterfoil_log_sled::open(folder.path()).expect("an open").head(), head);
}

#[test]
fn folders_are_told_apart() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(!counterfoil_log_sled::exists(folder.path()));
    match counterfoil_log_sled::open(&folder.path().join("nowhere")) {
        Err(OpenError::Missing { path }) => assert!(path.ends_with("nowhere")),
        other => panic!("{:?}", other.map(|log| log.head())),
    }
    assert!(!folder.path().join("nowhere").exists());
    fs::write(folder.path().join("letter.txt"), b"dear").expect("a write");
    let refused = counterfoil_log_sled::create(folder.path(), LEDGER, Settings::default());
    assert!(matches!(refused, Err(OpenError::NotEmpty { .. })));
    assert_eq!(files_of(folder.path()).len(), 1, "nothing was left behind");
}
