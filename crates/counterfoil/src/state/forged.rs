//! Forged runs: every check of theirs is right, and an audit finds them all the same.

use std::fs;
use std::ops::Bound;
use std::path::Path;
use std::sync::Arc;

use counterfoil_domain::charge::Charge;
use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::rail::RailName;
use counterfoil_domain::refund::Refund;
use counterfoil_domain::settings::{Clock, Settings};
use counterfoil_domain::{Actor, Event, Recorded};
use counterfoil_runs::RunWriter;
use uuid::Uuid;

use super::recall::Recall;
use super::recalled::Recalled;
use super::table::{KEYS, LATEST, Table, position};
use super::{Checkpoint, Comparison, StateShelf, snapshot};
use crate::Counterfoil;
use crate::audit::audit;
use crate::writer::Mark;

fn brl(minor: i64) -> Money {
    Money::new(Currency::BRL, minor)
}

async fn open(folder: &Path) -> Counterfoil {
    let country = counterfoil_domain::account::Country::BR;
    let settings = Settings::new(Uuid::from_u128(7), [7; 16], country, Currency::BRL);
    let settings = Settings { clock: Clock::Simulated, ..settings };
    Counterfoil::builder().path(folder).settings(settings).open().await.unwrap()
}

/// A ledger that was open a few times: its runs are several, and records changed often.
async fn ledger(folder: &Path) {
    for session in 0..3 {
        let ledger = open(folder).await;
        for sale in 0..10 {
            let charge = Charge::separate(brl(1_000), RailName::new("card").unwrap());
            let charged = ledger.execute(charge).idempotent(format!("{session}-{sale}")).await.unwrap();
            for part in 1..4 {
                let refund = Refund { amount: Some(part), ..Refund::full(charged.reply.charge) };
                let _back = ledger.execute(refund).await.unwrap();
            }
        }
        ledger.close().await.unwrap();
    }
}

/// Makes a checkpoint that says something else, with every check right.
fn forge(folder: &Path, change: impl FnOnce(&mut Recalled)) {
    let shelf = StateShelf::new(&folder.join("state")).unwrap();
    let Checkpoint { head, trail, ledger, mut recalled } = shelf.newest().unwrap().unwrap().unwrap();
    change(&mut recalled);
    let file = shelf.folder().join(format!("ledger-{:020}.snapshot", head.next_position));
    fs::remove_file(&file).unwrap();
    snapshot::write(&file, &ledger, &recalled, (&head, &trail)).unwrap();
}

/// Changes the rows of a table's newest run.
fn forge_rows(folder: &Path, name: &str, change: impl FnOnce(&mut Vec<(u64, u64)>)) {
    forge(folder, |recalled| {
        let table = if name == KEYS { &mut recalled.keys } else { &mut recalled.latest };
        let options = table.options;
        let span = table.spans.last_mut().unwrap();
        let read = span.run.range(Bound::Unbounded, Bound::Unbounded).map(Result::unwrap);
        let number = |bytes: &[u8]| u64::from_be_bytes(bytes.try_into().unwrap());
        let mut rows = read.map(|row| (number(row.key()), position(row.value()).unwrap())).collect();
        change(&mut rows);
        rows.sort_unstable();
        let mut writer = RunWriter::create(span.run.path(), options).unwrap();
        for (key, position) in rows {
            writer.add(&key.to_be_bytes(), &position.to_be_bytes()[2..]).unwrap();
        }
        span.run = Arc::new(writer.finish().unwrap());
    });
}

/// What an audit finds, each with how to mend it.
async fn found(folder: &Path) -> Vec<String> {
    let passes = audit(folder).await.unwrap().passes;
    let findings = passes.into_iter().flat_map(|pass| pass.findings);
    findings.map(|found| format!("{}; {}", found.what, found.advice)).collect()
}

/// An audit finds one thing, which says all of `words`; without the folder it finds none.
async fn is_found(folder: &Path, words: &[&str]) {
    let all = found(folder).await;
    assert_eq!(all.len(), 1, "{all:?}");
    for word in words.iter().chain(&["remove the state folder"]) {
        assert!(all[0].contains(word), "{word} is not said: {}", all[0]);
    }
    fs::remove_dir_all(folder.join("state")).unwrap();
    open(folder).await.close().await.unwrap();
    assert_eq!(found(folder).await, [""; 0]);
}

/// A row that leads a retried sale to another command let it be charged again, and one
/// that leads a record to an older event let a refund be made twice; an audit said that
/// all was well.
#[tokio::test]
async fn a_row_that_was_moved_is_found() {
    for name in [KEYS, LATEST] {
        let folder = tempfile::tempdir().unwrap();
        ledger(folder.path()).await;
        assert_eq!(found(folder.path()).await, [""; 0]);
        let mut moved = (0, 0);
        forge_rows(folder.path(), name, |rows| {
            rows[3].1 -= 1;
            moved = rows[3];
        });
        let (key, at) = moved;
        let key =
            if name == KEYS { format!("the key {key:016x}") } else { format!("the record {}.0", key >> 12) };
        let there = format!("row 3 has {key} at position {at}; the log has it at {}", at + 1);
        is_found(folder.path(), &[&format!("state/{name}-"), &there]).await;
    }
}

#[tokio::test]
async fn a_row_that_was_added_is_found() {
    for name in [KEYS, LATEST] {
        let folder = tempfile::tempdir().unwrap();
        ledger(folder.path()).await;
        forge_rows(folder.path(), name, |rows| rows.insert(0, (4_096, rows[0].1)));
        is_found(folder.path(), &["row 0", "the log has no such row"]).await;
    }
}

#[tokio::test]
async fn a_row_that_was_removed_is_found() {
    for name in [KEYS, LATEST] {
        let folder = tempfile::tempdir().unwrap();
        ledger(folder.path()).await;
        let mut last = 0;
        forge_rows(folder.path(), name, |rows| {
            rows.remove(0);
            last = rows.len() - 1;
            rows.remove(last);
        });
        is_found(folder.path(), &["before row 0", "is missing", "2 rows in all"]).await;
    }
}

#[tokio::test]
async fn a_run_that_is_not_named_is_found() {
    for name in [KEYS, LATEST] {
        for place in [0, 2] {
            let folder = tempfile::tempdir().unwrap();
            ledger(folder.path()).await;
            forge(folder.path(), |recalled| {
                let table = if name == KEYS { &mut recalled.keys } else { &mut recalled.latest };
                assert_eq!(table.spans.len(), 3);
                table.spans.remove(place);
            });
            is_found(folder.path(), &["no run covers", "should be in one"]).await;
        }
    }
}

/// The newest checkpoint stands behind the log while a ledger is open, and after a crash.
#[tokio::test]
async fn a_checkpoint_is_compared_as_far_as_it_goes() {
    let folder = tempfile::tempdir().unwrap();
    let (state, aside) = (folder.path().join("state"), folder.path().join("aside"));
    ledger(folder.path()).await;
    fs::rename(&state, &aside).unwrap();
    let ledger = open(folder.path()).await;
    let charge = Charge::separate(brl(1_000), RailName::new("card").unwrap());
    let _charged = ledger.execute(charge).idempotent("0-0").await.unwrap();
    let charge = Charge::separate(brl(1_000), RailName::new("card").unwrap());
    let charged = ledger.execute(charge).idempotent("later").await.unwrap();
    let _back = ledger.execute(Refund::full(charged.reply.charge)).await.unwrap();
    ledger.close().await.unwrap();
    fs::remove_dir_all(&state).unwrap();
    fs::rename(&aside, &state).unwrap();
    assert_eq!(found(folder.path()).await, [""; 0]);
    forge_rows(folder.path(), LATEST, |rows| rows.truncate(rows.len() - 1));
    is_found(folder.path(), &["state/latest-", "is missing"]).await;
}

fn nothing(position: u64) -> Recorded {
    let event = Event::TimeAdvanced { to: counterfoil_domain::calendar::Timestamp::MIN };
    let (time, command) = (counterfoil_domain::calendar::Timestamp::MIN, Uuid::nil());
    Recorded { position, time, actor: Actor::Time, acting: None, command, cause: None, event }
}

/// What a comparison finds in runs of one key a step, recorded at these times.
fn compared(times: &[i64], spoil: impl FnOnce(&mut Table)) -> usize {
    const STEP: u64 = 300_000;
    let folder = tempfile::tempdir().unwrap();
    let mut recall = Recall::default();
    let steps = || (0_u64..).map(|step| step * STEP).zip(times);
    for (position, recorded_at) in steps() {
        recall
            .end(&[(position ^ 5, position)], Mark { position: position + STEP, recorded_at: *recorded_at });
        recall.flush(folder.path()).unwrap();
    }
    let mut recalled = recall.recalled().clone();
    spoil(&mut recalled.keys);
    let mut comparison = Comparison::new(recalled, &folder.path().join("audit"));
    for (position, recorded_at) in steps() {
        comparison.begin_frame(*recorded_at);
        comparison.take_in(&nothing(position), Some(position ^ 5));
    }
    comparison.finish().len()
}

/// Keys that left the window are in no run, by a clock that may be set back as well.
#[test]
fn keys_out_of_the_window_are_not_missed() {
    const DAY: i64 = 24 * 3_600 * 1_000_000;
    let far = [0, 1, 2, 3, 4, 2 * DAY, 3 * DAY];
    assert_eq!(compared(&far, |keys| assert!(keys.spans.len() < 7)), 0);
    let back = [9, 1, 2, 3 * DAY, 3 * DAY, 3 * DAY, 3 * DAY, 8];
    assert_eq!(compared(&back, |keys| assert!(keys.spans.len() < 8)), 0);
    let near = [0; 7];
    assert_eq!(compared(&near, |keys| assert_eq!(keys.spans.len(), 7)), 0);
    assert_eq!(compared(&near, |keys| drop(keys.spans.remove(3))), 1);
}
