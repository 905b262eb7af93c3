//! The command line: transcripts that a person can read, played against the built program.
//!
//! A `.transcript` file of this folder has commands with their output and exit code, and
//! steps of the test itself (see [`stage`]). `COUNTERFOIL_BLESS=1` writes what happened
//! into the files, for people to review the difference.

mod bench;
mod demo;
mod hledger;
mod owing;
mod program;
mod simulate;
mod stage;
mod transcript;

use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cli")
}

/// Plays one file and compares.
fn play(topic: &str) {
    let path = folder().join(topic).with_extension("transcript");
    let written = std::fs::read_to_string(&path).unwrap();
    let played = stage::play(&transcript::parse(&written));
    let happened = transcript::write(&played);
    if happened == written {
        return;
    }
    if std::env::var("COUNTERFOIL_BLESS").is_ok_and(|bless| bless == "1") {
        std::fs::write(&path, happened).unwrap();
        return;
    }
    let place = written.lines().zip(happened.lines()).position(|(written, happened)| written != happened);
    let place = place.unwrap_or_else(|| written.lines().count().min(happened.lines().count()));
    let line = |text: &str| text.lines().nth(place).unwrap_or("(the end)").to_owned();
    let (number, written, happened) = (place + 1, line(&written), line(&happened));
    panic!("{topic}.transcript:{number}\n  written:  {written}\n  happened: {happened}");
}

macro_rules! transcripts {
    ($($topic:ident),+ $(,)?) => {
        $(#[test]
        fn $topic() {
            play(stringify!($topic));
        })+

        #[test]
        fn every_transcript_is_played() {
            let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
            let files = entries.filter(|path| path.extension().is_some_and(|ending| ending == "transcript"));
            let mut found: Vec<String> =
                files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect();
            found.sort();
            assert_eq!(found, [$(stringify!($topic)),+]);
        }
    };
}

transcripts! {
    audit,
    balance,
    bench,
    damaged_log,
    damaged_view,
    debts,
    explain,
    export,
    exposure,
    foreign_folder,
    help,
    margin,
    payouts,
    rebuild,
    refused,
    simulate,
    statement,
    story,
    tax,
    transactions,
}
