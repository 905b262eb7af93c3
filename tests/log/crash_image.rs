//! Power cuts, as images of the disk: the content at the last sync, and a random part of the
//! pages that were written after it. Each image is opened in a process of its own.
//!
//! The control at the end takes images as if nothing had been synced since the beginning. It must
//! lose frames: otherwise the test above it could not fail.

use std::fs;
use std::path::Path;
use std::process::Command;

use counterfoil_log::{EventLog, Frame, Head, SLOT_BYTES};

use crate::story::{
    Dice, LEDGER, append, files_of, frames_after, read_all, rounds, small_volumes, wait, write_files,
};

const IMAGE: &str = "COUNTERFOIL_IMAGE";

/// The process that opens an image: says what it found, or that it refused.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(IMAGE) else { return };
    match counterfoil_log_sled::open(Path::new(&folder)) {
        Err(error) => println!("\nrefused {error}"),
        Ok(log) => {
            let frames = read_all(&*log).expect("every frame");
            let hashes: Vec<String> = frames.iter().map(|frame| frame.hash().to_string()).collect();
            println!("\nfound {}", hashes.join(" "));
            // Half of what is worth having is that it goes on.
            append(&*log, 5, 1, 5_000);
            wait(log.close()).expect("a close");
            counterfoil_log_sled::check(Path::new(&folder)).expect("a whole log");
            println!("\nwent on");
        }
    }
}

/// What the process found in an image.
struct Found {
    hashes: Vec<String>,
    went_on: bool,
    said: String,
}

fn open_in_child(files: &[(String, Vec<u8>)]) -> Found {
    let folder = tempfile::tempdir().expect("a folder");
    write_files(folder.path(), files);
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["crash_image::child", "--exact", "--nocapture"]).env(IMAGE, folder.path());
    let output = command.output().expect("a child");
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find_map(|line| line.strip_prefix("found "));
    let hashes = line.map(|line| line.split_whitespace().map(str::to_owned).collect()).unwrap_or_default();
    Found { hashes, went_on: said.contains("\nwent on"), said }
}

/// One acknowledged state of the folder.
struct State {
    db: Vec<u8>,
    anchor: Vec<u8>,
    head: Head,
}

/// A log as it grew: its state at each acknowledgement, and every frame.
struct Growth {
    /// The database that is cut: of the first volume, or of one that never was closed since its creation.
    db: &'static str,
    states: Vec<State>,
    others: Vec<(String, Vec<u8>)>,
    frames: Vec<Frame>,
}

/// Appends `base` frames of 60 KB, then commits of some frames each, and keeps the folder after each.
/// In the first volume, which sled opened again and so has zeros and a snapshot in it; or in the second.
fn grow(second: bool, base: usize, commits: usize, events: u64, bytes: usize) -> Growth {
    let folder = tempfile::tempdir().expect("a folder");
    let log = counterfoil_log_sled::create(folder.path(), LEDGER, small_volumes(1)).expect("a log");
    if second {
        append(&*log, 1, 1, 100);
    }
    wait(log.close()).expect("a close");
    let log = counterfoil_log_sled::open_with(folder.path(), small_volumes(u64::MAX)).expect("an open");
    append(&*log, base.max(1), 1, 60_000);
    let db = if second { "volume-000002/db" } else { "volume-000001/db" };
    let state = |head| State {
        db: fs::read(folder.path().join(db)).expect("the database"),
        anchor: fs::read(folder.path().join("anchor")).expect("the anchor"),
        head,
    };
    let mut states = vec![state(log.head())];
    for commit in 0..commits {
        let frames = frames_after(log.head(), 1 + commit % 4, events, bytes);
        states.push(state(wait(log.append(log.head(), &frames)).expect("an append")));
    }
    let frames = read_all(&*log).expect("every frame");
    wait(log.close()).expect("a close");
    let mut others = files_of(folder.path());
    others.retain(|(name, _)| name != db && name != "anchor");
    Growth { db, states, others, frames }
}

/// The database at `synced`, and of each page written until `last` some version.
fn image(growth: &Growth, synced: usize, last: usize, dice: &mut Dice) -> Vec<u8> {
    let page = if dice.below(2) == 0 { 4096 } else { 512 };
    let (old, new) = (&growth.states[synced].db, &growth.states[last].db);
    let length = match dice.below(3) {
        0 => old.len(),
        1 => new.len(),
        _ => old.len() + dice.below(new.len() - old.len() + 1),
    };
    let mut image = vec![0; length];
    for start in (0..length).step_by(page) {
        let end = length.min(start + page);
        let version = synced + dice.below(last - synced + 1);
        let content = &growth.states[version].db;
        let from = content.get(start..).unwrap_or_default();
        let count = from.len().min(end - start);
        image[start..start + count].copy_from_slice(&from[..count]);
    }
    image
}

/// The anchor as it may be on the disk: it is synced seldom, so each slot may be as old as it likes.
fn anchor(growth: &Growth, synced: usize, dice: &mut Dice) -> Vec<u8> {
    let mut anchor = growth.states[dice.below(synced + 1)].anchor.clone();
    let other = &growth.states[dice.below(synced + 1)].anchor;
    anchor[SLOT_BYTES..].copy_from_slice(&other[SLOT_BYTES..]);
    anchor
}

fn files(growth: &Growth, db: Vec<u8>, anchor: Vec<u8>, dice: &mut Dice) -> Vec<(String, Vec<u8>)> {
    let mut files = growth.others.clone();
    if dice.below(3) == 0 {
        files.retain(|(name, _)| !name.contains("/snap.") && !name.ends_with("/conf"));
    }
    files.push((growth.db.to_owned(), db));
    files.push(("anchor".to_owned(), anchor));
    files
}

fn hashes(growth: &Growth) -> Vec<String> {
    growth.frames.iter().map(|frame| frame.hash().to_string()).collect()
}

fn nothing_synced_is_lost(growth: &Growth, images: usize, seed: u64) {
    let mut dice = Dice(seed);
    let whole = hashes(growth);
    let commits = growth.states.len() - 1;
    for round in 0..images {
        let synced = dice.below(commits);
        // Up to three commits un-synced: below the bound of 4 MiB.
        let last = (synced + 1 + dice.below(3)).min(commits);
        let db = image(growth, synced, last, &mut dice);
        let anchor = anchor(growth, synced, &mut dice);
        let found = open_in_child(&files(growth, db, anchor, &mut dice));
        let promised = growth.states[synced].head.next_frame as usize;
        let story = format!("image {round} of seed {seed}: synced {synced}, written {last}: {}", found.said);
        assert!(found.hashes.len() >= promised, "{} of {promised} frames in {story}", found.hashes.len());
        assert!(whole.starts_with(&found.hashes), "other frames in {story}");
        assert!(found.went_on, "it did not go on: {story}");
    }
}

#[test]
fn nothing_synced_is_lost_in_a_young_volume() {
    nothing_synced_is_lost(&grow(false, 3, 8, 2, 20_000), rounds(10, 200), 10);
    nothing_synced_is_lost(&grow(true, 3, 8, 2, 20_000), rounds(10, 200), 14);
}

#[test]
fn nothing_synced_is_lost_at_the_end_of_a_segment() {
    // 125 frames of 60 KB are 7.5 MB: the commits cross from sled's first segment to its second.
    nothing_synced_is_lost(&grow(true, 125, 10, 3, 20_000), rounds(14, 300), 11);
}

#[test]
fn nothing_synced_is_lost_among_small_frames() {
    nothing_synced_is_lost(&grow(false, 0, 10, 4, 150), rounds(10, 200), 12);
    nothing_synced_is_lost(&grow(true, 0, 10, 4, 150), rounds(10, 200), 15);
}

#[test]
fn without_the_sync_acknowledged_frames_are_lost() {
    // The control: the disk holds what was there at the beginning and a random part of the rest,
    // as it may where only sled's own flush is called before an acknowledgement.
    let growth = grow(false, 3, 6, 2, 20_000);
    let mut dice = Dice(13);
    let last = growth.states.len() - 1;
    let promised = growth.states[last].head.next_frame as usize;
    let mut lost = 0;
    let images = rounds(6, 60);
    for round in 0..images {
        let db = if round == 0 { growth.states[0].db.clone() } else { image(&growth, 0, last, &mut dice) };
        let anchor = growth.states[0].anchor.clone();
        let found = open_in_child(&files(&growth, db, anchor, &mut dice));
        if found.hashes.len() < promised {
            lost += 1;
        }
    }
    assert!(lost > images / 2, "only {lost} of {images} images lost anything: the images are too kind");
}
