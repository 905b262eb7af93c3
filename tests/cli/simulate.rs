//! The simulation: a function of what it is given, in memory and on disk, in every process.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::program::{printed, run};

/// The report of a short run from a seed.
fn report(folder: &Path, seed: &str, more: &[&str]) -> Value {
    let arguments = ["simulate", "--seed", seed, "--days", "20", "--steps", "12", "--format", "json"];
    serde_json::from_str(&printed(folder, &[&arguments, more].concat())).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_log_in_memory_and_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let in_memory = report(folder.path(), "7", &[]);
    assert_eq!(report(folder.path(), "7", &[]), in_memory);
    assert_eq!(report(folder.path(), "7", &["--dir", "seven"]), in_memory);
    assert_ne!(report(folder.path(), "8", &[])["head"], in_memory["head"]);
    assert_eq!(in_memory["steps"], 240);
    let counted = |name: &str| in_memory[name].as_u64().unwrap();
    assert_eq!(counted("charge_asked"), counted("charge_captured") + counted("charge_declined"));

    let audit: Value =
        serde_json::from_str(&printed(folder.path(), &["audit", "--dir", "seven", "--format", "json"]))
            .unwrap();
    assert_eq!(audit["verdict"], "sound", "{audit}");
    // A charge that a payer's bank warned of says so in its export.
    let exported = printed(folder.path(), &["export", "--as", "jsonl", "--dir", "seven"]);
    let warned = exported.lines().filter(|line| line.contains("\"event\":\"fraud_warning_received\""));
    let warned: Vec<Value> = warned.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(warned.len() as u64, counted("fraud_warning_received"));
    assert_eq!(
        warned[0]["charge"]["fraud_warnings"][0]["fraud_type"], "made_with_stolen_card",
        "{}",
        warned[0]
    );
    let again = run(folder.path(), &["simulate", "--dir", "seven"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(String::from_utf8(again.stderr).unwrap().contains("ran before"));
}

/// The head of a simulation's log, as it was on another machine: bytes, order and instants of
/// every event are in it.
#[test]
fn the_log_is_the_same_on_every_machine() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/simulation.txt");
    let folder = tempfile::tempdir().unwrap();
    let head = report(folder.path(), "7", &[])["head"].as_str().unwrap().to_owned();
    let happened = format!("simulate --seed 7 --days 20 --steps 12\n{head}\n");
    if std::env::var("COUNTERFOIL_BLESS").is_ok_and(|bless| bless == "1") {
        std::fs::write(&path, &happened).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), happened);
}

/// Seeds that nobody looked at: each is held to the laws, and its rails to its ledger.
#[test]
fn any_seed_keeps_the_laws() {
    let folder = tempfile::tempdir().unwrap();
    let many = if std::env::var_os("COUNTERFOIL_SLOW").is_some() { 200 } else { 8 };
    let mut seen = BTreeSet::new();
    for seed in 0..many {
        let report = report(folder.path(), &(seed * 7_919).to_string(), &["--sellers", "4"]);
        assert!(report["events"].as_u64().unwrap() > 300, "{report}");
        let happened = report.as_object().unwrap();
        assert!(!happened.keys().any(|name| name.starts_with("not_recorded")), "{report}");
        seen.extend(happened.keys().cloned());
    }
    for name in [
        "dispute_opened",
        "dispute_evidence_submitted",
        "dispute_escalated",
        "dispute_inquiry_closed",
        "dispute_won",
        "dispute_lost",
        "dispute_recovered",
        "dispute_given_back",
        "fraud_warning_received",
        "refund_failed",
        "payout_failed",
    ] {
        assert!(seen.contains(name), "{name} never happens");
    }
}
