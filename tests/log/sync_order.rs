//! The order of system calls: an acknowledgement comes after an fdatasync of sled's file.
//!
//! Crash images assume that this call is made. Here the calls themselves are looked at, where `strace`
//! is on the PATH.

use std::path::Path;
use std::process::Command;

use crate::story::{LEDGER, append, small_volumes};

const FOLDER: &str = "COUNTERFOIL_TRACE_FOLDER";
const COMMITS: usize = 5;

/// The process that is traced: every commit ends with a write of its number.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let log =
        counterfoil_log_sled::create(&folder.join("log"), LEDGER, small_volumes(u64::MAX)).expect("a log");
    let acknowledged = folder.join("acknowledged");
    for commit in 0..COMMITS {
        append(&*log, 1, 2, 5_000);
        std::fs::write(&acknowledged, format!("{commit}")).expect("a write");
    }
}

#[test]
fn every_acknowledgement_comes_after_an_fdatasync_of_the_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = folder.path().join("trace");
    let mut command = Command::new("strace");
    command.args(["-f", "-y", "-e", "trace=pwrite64,write,fdatasync,fsync,openat", "-o"]).arg(&trace);
    command.arg(std::env::current_exe().expect("this program"));
    command.args(["sync_order::child", "--exact"]).env(FOLDER, folder.path());
    if !command.output().is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("COUNTERFOIL_NO_SKIP").is_none(), "strace is not here or may not trace");
        eprintln!("SKIPPED: strace is not here or may not trace");
        return;
    }
    let trace = std::fs::read_to_string(trace).expect("a trace");
    let acknowledgements: Vec<usize> =
        lines(&trace, |line| line.contains("write(") && line.contains("/acknowledged>"));
    assert_eq!(acknowledgements.len(), COMMITS, "{trace}");
    let mut from = 0;
    for until in acknowledgements {
        let commit: Vec<&str> = trace.lines().skip(from).take(until - from).collect();
        let at = |what: &str, file: &str| {
            commit
                .iter()
                .rposition(|line| line.contains(what) && line.contains(file))
                .unwrap_or_else(|| panic!("no {what} of {file} in {commit:#?}"))
        };
        let written = at("pwrite64(", "/volume-000001/db>");
        let synced = at("fdatasync(", "/volume-000001/db>");
        let anchored = at("pwrite64(", "/anchor>");
        assert!(written < synced && synced < anchored, "{commit:#?}");
        from = until;
    }
    for folder_or_file in
        ["/log>", "/volume-000001.tmp>", "/volume-000001.tmp/conf>", "/volume-000001.tmp/origin>"]
    {
        let synced = lines(&trace, |line| line.contains("sync(") && line.contains(folder_or_file));
        assert!(!synced.is_empty(), "{folder_or_file} is never synced");
    }
    let parent = format!("{}>", folder.path().display());
    assert!(!lines(&trace, |line| line.contains("fsync(") && line.contains(&parent)).is_empty(), "{parent}");
}

fn lines(trace: &str, which: impl Fn(&str) -> bool) -> Vec<usize> {
    trace.lines().enumerate().filter(|(_, line)| which(line)).map(|(at, _)| at).collect()
}
