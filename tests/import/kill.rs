//! Killed again and again: an import that is interrupted anywhere and run again until
//! it is done leaves the same events in the same order, and the same views.

use std::thread;
use std::time::Duration;

use crate::generated::{Dice, files};
use crate::program::{everything, import, summary};

/// How many imports are interrupted.
fn rounds() -> u64 {
    if std::env::var_os("COUNTERFOIL_SLOW").is_some() { 60 } else { 4 }
}

#[test]
fn an_import_that_is_killed_ends_as_one_that_is_not() {
    let from = files(7, 600, 20).write(false);
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("whole");
    let said = summary(from.path(), &whole, 1_234);
    // The first run may have had to wait for the program to be built.
    let started = std::time::Instant::now();
    assert_eq!(summary(from.path(), &folder.path().join("again"), 1_234), said);
    let takes = started.elapsed();
    let expected = everything(&whole);

    let mut dice = Dice::new(8);
    let mut all_kills = 0;
    for round in 0..rounds() {
        let ledger = folder.path().join(format!("killed-{round}"));
        let mut kills = 0;
        loop {
            let mut child = import(from.path(), &ledger, 1_234).spawn().expect("the program runs");
            // Soon at first, and later and later, so that the last run is left in peace.
            let most = u64::try_from(takes.as_micros()).unwrap() * (1 + kills) / 8;
            thread::sleep(Duration::from_micros(dice.below(most)));
            child.kill().expect("a kill");
            let output = child.wait_with_output().expect("its end");
            match output.status.code() {
                Some(0) => {
                    let done: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
                    assert_eq!(done, said, "round {round}: the summary is of the whole import");
                    break;
                }
                Some(code) => {
                    panic!("round {round}: exit {code}: {}", String::from_utf8_lossy(&output.stderr))
                }
                // Killed.
                None => kills += 1,
            }
        }
        assert!(everything(&ledger) == expected, "round {round}: other events or views after {kills} kills");
        all_kills += kills;
    }
    assert!(all_kills >= rounds(), "the program is killed in its work, not {all_kills} times after it");
}
