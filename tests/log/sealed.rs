//! Finished volumes are read without sled, by an index that is a cache: spoiled, missing or lying, it
//! changes no answer.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use counterfoil_log::{EventLog, Frame, FrameKind, ReadError, VolumeLog};

use crate::story::{Dice, LEDGER, append, files_of, read_all, rounds, small_volumes, wait, write_files};

type Files = Vec<(String, Vec<u8>)>;

const INDEX: &str = "volume-000001/index";
/// What the index holds before its places, and of each place.
const FRONT_BYTES: usize = 184;
const PLACE_BYTES: usize = 20;

/// The files of a closed log of several volumes, and its frames.
fn whole() -> (Files, Vec<Frame>) {
    let folder = tempfile::tempdir().expect("a folder");
    let log = create(folder.path());
    append(&*log, 10, 3, 2_500);
    append(&*log, 30, 2, 300);
    append(&*log, 20, 2, 2_000);
    log.wait_settled();
    let frames = read_all(&*log).expect("every frame");
    assert!(log.origins().len() > 3);
    wait(log.close()).expect("a close");
    (files_of(folder.path()), frames)
}

fn create(folder: &Path) -> Arc<VolumeLog> {
    counterfoil_log_sled::create(folder, LEDGER, small_volumes(40_000)).expect("a log")
}

fn open(folder: &Path) -> Arc<VolumeLog> {
    counterfoil_log_sled::open_with(folder, small_volumes(40_000)).expect("an open")
}

fn content<'a>(files: &'a Files, name: &str) -> &'a [u8] {
    files.iter().find(|(other, _)| other == name).map(|(_, content)| &**content).expect(name)
}

/// The log reads the same whatever has happened to its first index, and the index is whole again.
fn changes_nothing(story: &str, files: &Files, frames: &[Frame], index: Option<&[u8]>) {
    let folder = tempfile::tempdir().expect("a folder");
    write_files(folder.path(), files);
    match index {
        Some(bytes) => fs::write(folder.path().join(INDEX), bytes).expect("a write"),
        None => fs::remove_file(folder.path().join(INDEX)).expect("a removal"),
    }
    let log = open(folder.path());
    assert!(read_all(&*log).unwrap_or_else(|error| panic!("{story}: {error}")) == frames, "{story}");
    for frame in frames.iter().filter(|frame| frame.kind() == FrameKind::Events) {
        let found =
            wait(log.frame_of(frame.first_position())).unwrap_or_else(|error| panic!("{story}: {error}"));
        assert_eq!(found.as_ref(), Some(frame), "{story}");
    }
    let after = fs::read(folder.path().join(INDEX)).expect("an index");
    assert!(after == content(files, INDEX), "{story}: the index was not made again");
    counterfoil_log_sled::check(folder.path()).expect_err("it is open");
    wait(log.close()).expect("a close");
    counterfoil_log_sled::check(folder.path()).expect("a whole log");
}

#[test]
fn an_index_that_is_missing_cut_or_flipped_changes_no_answer() {
    let (files, frames) = whole();
    let index = content(&files, INDEX);
    changes_nothing("no index", &files, &frames, None);
    changes_nothing("the same", &files, &frames, Some(index));
    for length in [0, 1, 8, 31, 32, FRONT_BYTES - 1, FRONT_BYTES, index.len() / 2, index.len() - 1] {
        changes_nothing(&format!("cut to {length}"), &files, &frames, index.get(..length));
    }
    let mut dice = Dice(21);
    for round in 0..rounds(24, 2_000) {
        let mut spoiled = index.to_vec();
        let byte = if round < 12 { round * 16 } else { dice.below(index.len()) };
        spoiled[byte] ^= 1 << dice.below(8);
        changes_nothing(&format!("a flipped bit in byte {byte}"), &files, &frames, Some(&spoiled));
    }
}

#[test]
fn an_index_that_lies_changes_no_answer() {
    let (files, frames) = whole();
    changes_nothing("another volume's", &files, &frames, Some(content(&files, "volume-000002/index")));
    let places = content(&files, INDEX).len() - FRONT_BYTES - 32;
    let mut dice = Dice(22);
    for round in 0..rounds(20, 500) {
        let mut lying = content(&files, INDEX).to_vec();
        lying.truncate(FRONT_BYTES + places);
        // One byte of a place, or a place where another should be.
        if round % 3 == 0 {
            let (from, to) = (dice.below(places / PLACE_BYTES), dice.below(places / PLACE_BYTES));
            let from = FRONT_BYTES + from * PLACE_BYTES;
            lying.copy_within(from..from + PLACE_BYTES, FRONT_BYTES + to * PLACE_BYTES);
        } else {
            lying[FRONT_BYTES + dice.below(places)] ^= 1 << dice.below(8);
        }
        let same = lying == content(&files, INDEX)[..lying.len()];
        let hash = blake3::hash(&lying);
        lying.extend_from_slice(hash.as_bytes());
        if !same {
            lies(&format!("lie {round}"), &files, &frames, &lying);
        }
    }
}

/// Its hash fits, so it may stay; what it says is not believed all the same.
fn lies(story: &str, files: &Files, frames: &[Frame], index: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    write_files(folder.path(), files);
    fs::write(folder.path().join(INDEX), index).expect("a write");
    let log = open(folder.path());
    for frame in frames.iter().filter(|frame| frame.kind() == FrameKind::Events) {
        let position = frame.first_position();
        let found = wait(log.frame_of(position)).unwrap_or_else(|error| panic!("{story}: {error}"));
        assert_eq!(found.as_ref(), Some(frame), "{story}");
    }
    drop(log);
    fs::write(folder.path().join(INDEX), index).expect("a write");
    let log = open(folder.path());
    assert!(read_all(&*log).unwrap_or_else(|error| panic!("{story}: {error}")) == frames, "{story}");
}

#[test]
fn a_finished_volume_is_read_without_sled() {
    let (files, frames) = whole();
    let folder = tempfile::tempdir().expect("a folder");
    write_files(folder.path(), &files);
    let log = open(folder.path());
    let before = files_of(folder.path());
    assert!(read_all(&*log).expect("every frame") == frames);
    // sled leaves a snapshot wherever it opens, and would take the file's lock.
    assert!(files_of(folder.path()) == before, "reading wrote something");
    let volumes = log.origins().len();
    for volume in 1..volumes {
        assert!(content(&files, &format!("volume-{volume:06}/index")).len() > FRONT_BYTES, "volume {volume}");
        let db = fs::File::open(folder.path().join(format!("volume-{volume:06}/db"))).expect("a file");
        db.try_lock().expect("a file that nobody holds");
    }
}

/// Where a frame stands in its file, for the only time.
fn place(files: &Files, frame: &Frame) -> (usize, usize) {
    let places = files.iter().enumerate().flat_map(|(file, (_, content))| {
        let starts = content.windows(frame.bytes().len()).enumerate();
        starts.filter(|(_, bytes)| *bytes == frame.bytes()).map(move |(at, _)| (file, at))
    });
    let places: Vec<(usize, usize)> = places.collect();
    assert_eq!(places.len(), 1);
    places[0]
}

#[test]
fn a_damaged_frame_of_a_finished_volume_is_reported_with_its_place() {
    let (mut files, frames) = whole();
    let (file, start) = place(&files, &frames[2]);
    files[file].1[start + 1_000] ^= 1;
    let folder = tempfile::tempdir().expect("a folder");
    write_files(folder.path(), &files);
    let log = open(folder.path());
    let position = frames[2].first_position();
    for error in [
        wait(log.read(2, 0)).map(drop).expect_err("damage"),
        wait(log.read(0, usize::MAX)).map(drop).expect_err("damage"),
        wait(log.frame_of(position + 1)).map(drop).expect_err("damage"),
    ] {
        let ReadError::Corrupt(damage) = &error else { panic!("{error}") };
        assert_eq!(&*damage.file, "volume-000001/db");
        assert_eq!((damage.frame, damage.position), (Some(2), Some(position)), "{damage}");
        assert_eq!(damage.offset, Some(start as u64));
        assert!(error.to_string().contains("the payload of the frame hashes to"), "{error}");
    }
    // What does not touch it can still be read.
    assert!(wait(log.read(3, 0)).expect("a frame")[0] == frames[3]);
}

#[test]
fn a_good_frame_in_the_wrong_place_is_reported() {
    // Frame 1 gives way to a frame of the same number and length from a log that went another way.
    let (mut files, frames) = whole();
    let (file, start) = place(&files, &frames[1]);
    let mut builder = counterfoil_log::FrameBuilder::new();
    frames[1].events().for_each(|(_, event)| builder.push(&vec![9; event.len()]));
    let (other, _) =
        builder.seal(&frames[0].head_after(), LEDGER, frames[1].recorded_at(), frames[1].codec());
    files[file].1[start..start + other.bytes().len()].copy_from_slice(other.bytes());
    let folder = tempfile::tempdir().expect("a folder");
    write_files(folder.path(), &files);
    let log = open(folder.path());
    match wait(log.read(1, 0)) {
        Err(ReadError::Corrupt(damage)) => assert_eq!(damage.frame, Some(1), "{damage}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_finished_volume_that_is_cut_or_gone_is_reported() {
    let (files, _) = whole();
    let db = |folder: &Path| -> PathBuf { folder.join("volume-000002/db") };
    for cut in [None, Some(0), Some(100), Some(20_000)] {
        let folder = tempfile::tempdir().expect("a folder");
        write_files(folder.path(), &files);
        match cut {
            None => fs::remove_file(db(folder.path())).expect("a removal"),
            Some(length) => {
                let file = fs::OpenOptions::new().write(true).open(db(folder.path())).expect("a file");
                file.set_len(length).expect("a cut");
            }
        }
        let log = open(folder.path());
        match read_all(&*log) {
            Err(ReadError::Corrupt(damage)) => assert_eq!(&*damage.file, "volume-000002/db", "{damage}"),
            other => panic!("{cut:?}: {:?}", other.map(|frames| frames.len())),
        }
    }
}

#[test]
fn what_was_superseded_in_a_finished_volume_is_not_read() {
    // After a failed sync the last frames are copied into a new volume and go on from there.
    let folder = tempfile::tempdir().expect("a folder");
    let log = counterfoil_log_sled::create(folder.path(), LEDGER, small_volumes(1 << 20)).expect("a log");
    append(&*log, 9, 2, 700);
    wait(log.close()).expect("a close");
    drop(log);
    fs::write(folder.path().join("sync-failed"), b"so it is said").expect("a write");
    let log = open(folder.path());
    append(&*log, 2, 1, 60);
    let origins = log.origins();
    assert_eq!(origins.iter().map(|origin| origin.head.next_frame).collect::<Vec<_>>(), [0, 8]);
    let frames = read_all(&*log).expect("every frame");
    assert_eq!(frames.len(), 11);
    assert!(frames.windows(2).all(|pair| pair[0].hash() == pair[1].previous()));
    let found = wait(log.frame_of(frames[8].first_position())).expect("a search");
    assert_eq!(found.as_ref(), Some(&frames[8]));
}
