//! The demo: the same in every folder, the second time, and after any interruption.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use crate::program::{command, printed};

/// The head of the log, its chain hash included.
fn head(folder: &Path) -> String {
    let audit: serde_json::Value =
        serde_json::from_str(&printed(folder, &["audit", "--dir", "demo", "--format", "json"])).unwrap();
    audit["head"].to_string()
}

#[test]
fn the_demo_is_the_same_every_time_and_writes_nothing_twice() {
    let [first, second] = [0, 1].map(|_| tempfile::tempdir().unwrap());
    for arguments in
        [["demo", "--dir", "demo", "--format", "table"], ["demo", "--dir", "demo", "--format", "json"]]
    {
        let told = printed(first.path(), &arguments);
        let before = head(first.path());
        assert_eq!(printed(first.path(), &arguments), told);
        assert_eq!(head(first.path()), before, "nothing is recorded twice");
        assert_eq!(printed(second.path(), &arguments), told);
    }
    assert_ne!(head(first.path()), head(second.path()), "each folder has keys of its own");
}

#[test]
fn the_demo_fits_a_screen_s_width_and_what_it_advises_works() {
    let folder = tempfile::tempdir().unwrap();
    let told = printed(folder.path(), &["demo"]);
    assert!(folder.path().join("counterfoil-demo").is_dir());
    assert!(told.lines().count() <= 112, "{} lines", told.lines().count());
    for line in told.lines() {
        assert!(line.chars().count() <= 100, "too wide: {line}");
    }
    let advised: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("  counterfoil ")).collect();
    assert_eq!(advised.len(), 3);
    for line in advised {
        let rows = printed(folder.path(), &line.split(' ').collect::<Vec<_>>());
        assert!(rows.lines().count() > 1, "{line}");
    }
}

#[test]
fn a_demo_that_is_killed_goes_on_and_tells_the_same() {
    let whole = tempfile::tempdir().unwrap();
    let told = printed(whole.path(), &["demo", "--dir", "demo"]);
    for pause in [2, 20, 40, 60, 80, 100, 140, 180] {
        let folder = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let mut demo = command(folder.path(), &["demo", "--dir", "demo"]);
            let mut demo = demo.stdout(std::process::Stdio::null()).spawn().unwrap();
            sleep(Duration::from_millis(pause));
            demo.kill().unwrap();
            demo.wait().unwrap();
        }
        assert_eq!(printed(folder.path(), &["demo", "--dir", "demo"]), told, "killed after {pause} ms");
    }
}
