//! The export for hledger: another program adds everything up again and agrees.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::printed;

/// Whether hledger is on the PATH. Where it is not, the test says so on standard error,
/// or fails where nothing may be skipped.
fn has_hledger() -> bool {
    let found = Command::new("hledger").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        let skips = std::env::var("COUNTERFOIL_NO_SKIP").is_ok_and(|no_skip| no_skip == "1");
        assert!(!skips, "hledger is not on the PATH, and COUNTERFOIL_NO_SKIP is set");
        // Not by a macro: what those print is kept from whoever runs passing tests.
        let loud = b"SKIPPED: hledger is not on the PATH; its export was not checked\n";
        std::io::Write::write_all(&mut std::io::stderr(), loud).unwrap();
    }
    found
}

fn hledger(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("hledger")
        .args(["-f", "demo.journal"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "hledger {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn hledger_checks_the_export_and_has_the_same_balances() {
    if !has_hledger() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    printed(folder.path(), &["demo", "--dir", "demo"]);
    let journal = printed(folder.path(), &["export", "--as", "hledger", "--dir", "demo"]);
    std::fs::write(folder.path().join("demo.journal"), journal).unwrap();

    hledger(folder.path(), &["check", "--strict"]);
    let theirs = hledger(
        folder.path(),
        &["balance", "liabilities:accounts", "--flat", "--no-total", "--empty", "--output-format", "csv"],
    );
    let theirs: BTreeMap<String, i64> = theirs.lines().skip(1).map(owed).collect();
    assert!(theirs.len() > 8, "the accounts are found");
    for row in balances(folder.path()) {
        for state in ["pending", "available", "in_transit"] {
            // The platform has no external id and goes by its own.
            let name = row["external_id"].as_str().or(row["account"].as_str()).unwrap();
            let book = format!("liabilities:accounts:{name}:{state}");
            let ours = row[state].as_i64().unwrap();
            assert_eq!(theirs.get(&book).copied().unwrap_or_default(), ours, "{book}");
        }
    }
}

fn balances(folder: &Path) -> Vec<Value> {
    serde_json::from_str(&printed(folder, &["balance", "--dir", "demo", "--format", "json"])).unwrap()
}

/// A line of hledger's balances, such as `"liabilities:accounts:bakery:pending","-72.72 BRL"`:
/// the account, and what is owed in centavos. A liability is a credit, so its sign turns.
fn owed(line: &str) -> (String, i64) {
    let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
    let digits: String = amount.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
    (account.to_owned(), -digits.parse::<i64>().unwrap())
}
