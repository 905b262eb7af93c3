//! `kill -9`, again and again: nothing that was acknowledged is lost.
//!
//! The page cache survives the death of a process, so this says nothing about a power cut; it
//! does say that rotation, anchor and recovery can be left at any instant.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use counterfoil_log::{EventLog, Frame, FrameKind};

use crate::story::{Dice, LEDGER, frames_after, read_all, rounds, small_volumes, wait};

const FOLDER: &str = "COUNTERFOIL_KILL_FOLDER";

/// The process that is killed: opens the log, appends for ever and says what was acknowledged.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let settings = small_volumes(150_000);
    let log = if counterfoil_log_sled::exists(folder) {
        counterfoil_log_sled::open_with(folder, settings)
    } else {
        counterfoil_log_sled::create(folder, LEDGER, settings)
    };
    let log = log.expect("a log");
    let mut dice = Dice(u64::from(std::process::id()));
    loop {
        let head = log.head();
        let frames = frames_after(head, 1 + dice.below(4), 3, dice.below(6_000));
        let head = wait(log.append(head, &frames)).expect("an append");
        let mut out = std::io::stdout().lock();
        writeln!(out, "\nacknowledged {} {}", head.next_frame, head.hash).expect("a line");
        out.flush().expect("a flush");
    }
}

fn spawn(folder: &Path) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args(["kill::child", "--exact", "--nocapture"]).env(FOLDER, folder);
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("a child")
}

#[test]
fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().join("log");
    let mut dice = Dice(6);
    let mut acknowledged = 0;
    let mut hash = String::new();
    for round in 0..rounds(8, 100) {
        let mut child = spawn(&folder);
        let output = child.stdout.take().expect("its output");
        let patience = Duration::from_millis(150 + dice.below(400) as u64);
        let reader = thread::spawn(move || {
            let lines = BufReader::new(output).lines().map_while(Result::ok);
            lines.filter(|line| line.starts_with("acknowledged ")).last()
        });
        thread::sleep(patience);
        child.kill().expect("a kill");
        child.wait().expect("its end");
        if let Some(line) = reader.join().expect("the reader") {
            let mut words = line.split(' ').skip(1);
            let next_frame = words.next().and_then(|word| word.parse::<u64>().ok());
            // The last line can be cut off; a hash has 64 digits.
            if let (Some(number), Some(word)) = (next_frame, words.next().filter(|word| word.len() == 64)) {
                (acknowledged, hash) = (number, word.to_owned());
            }
        }
        if !counterfoil_log_sled::exists(&folder) {
            continue;
        }
        let log = counterfoil_log_sled::open_with(&folder, small_volumes(150_000))
            .unwrap_or_else(|error| panic!("round {round}: {error}"));
        assert!(log.head().next_frame >= acknowledged, "round {round}: {} of {acknowledged}", log.head());
        let frames = read_all(&*log).unwrap_or_else(|error| panic!("round {round}: {error}"));
        if acknowledged > 0 {
            assert_eq!(frames[acknowledged as usize - 1].hash().to_string(), hash, "round {round}");
        }
        drop(log);
        let report =
            counterfoil_log_sled::check(&folder).unwrap_or_else(|error| panic!("round {round}: {error}"));
        assert!(report.frames >= frames.len() as u64);
    }
    assert!(acknowledged > 10, "the child got somewhere: {acknowledged}");
    let log = counterfoil_log_sled::open(&folder).expect("an open");
    let seals = read_all(&*log)
        .expect("frames")
        .iter()
        .filter(|frame: &&Frame| frame.kind() == FrameKind::Seal)
        .count();
    assert!(seals > 0, "volumes were begun while it was killed");
}
