//! Proof by strangers: hledger adds the whole import up again, checks every assertion,
//! and has each seller's balances, at the end and in the midst of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::program::{run, summary};
use crate::real::folder;

/// A day in the midst of the import: money is pending, available and in transit.
const MIDST: (&str, &str) = ("2017-11-25", "2017-11-24T23:59:59.999999Z");

#[test]
fn hledger_has_every_seller_s_balance() {
    let (Some(files), true) = (folder(), has_hledger()) else { return };
    let ledger = tempfile::tempdir().unwrap();
    summary(&files, &ledger.path().join("data"), 1_000);
    let data = ledger.path().join("data");
    let journal = ledger.path().join("import.journal");
    std::fs::write(&journal, run(&data, &["export", "--as", "hledger"])).unwrap();

    hledger(&journal, &["check"]);
    agree(&theirs(&journal, &[]), &run(&data, &["balance", "--format", "json"]));
    let (before, as_of) = MIDST;
    let ours = run(&data, &["balance", "--format", "json", "--as-of", as_of]);
    let owed = agree(&theirs(&journal, &["--end", before]), &ours);
    assert!(owed > 100_000_000, "the midst of the import owes much: {owed}");
}

/// Compares state by state and says what is owed over all of them.
fn agree(theirs: &BTreeMap<String, i64>, ours: &[u8]) -> i64 {
    let rows: Vec<Value> = serde_json::from_slice(ours).unwrap();
    assert_eq!(rows.len(), 3_096, "the platform and every seller");
    let mut owed = 0;
    for row in &rows {
        let name = row["external_id"].as_str().or(row["account"].as_str()).unwrap();
        for state in ["pending", "available", "in_transit"] {
            let book = format!("liabilities:accounts:{name}:{state}");
            let amount = row[state].as_i64().unwrap();
            assert_eq!(theirs.get(&book).copied().unwrap_or_default(), amount, "{book}");
            owed += amount;
        }
    }
    assert_eq!(owed, theirs.values().sum::<i64>(), "hledger knows of nothing more");
    owed
}

/// hledger's balances in centavos, what is owed being positive.
fn theirs(journal: &Path, arguments: &[&str]) -> BTreeMap<String, i64> {
    let balance = ["balance", "liabilities:accounts", "--flat", "--no-total", "--output-format", "csv"];
    let lines = hledger(journal, &[&balance, arguments].concat());
    let owed = |line: &str| {
        let (account, amount) = line.trim_matches('"').split_once("\",\"").unwrap();
        let digits: String = amount.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
        (account.to_owned(), -digits.parse::<i64>().unwrap())
    };
    lines.lines().skip(1).map(owed).collect()
}

fn hledger(journal: &Path, arguments: &[&str]) -> String {
    let output = Command::new("hledger").arg("-f").arg(journal).args(arguments).output().unwrap();
    assert!(output.status.success(), "hledger {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Whether hledger is on the PATH; where it is not, a loud line says so.
fn has_hledger() -> bool {
    let found = Command::new("hledger").arg("--version").output().is_ok_and(|output| output.status.success());
    if !found {
        assert!(std::env::var_os("COUNTERFOIL_NO_SKIP").is_none(), "hledger is not on the PATH");
        eprintln!("SKIPPED: hledger is not on the PATH; the import's export was not checked");
    }
    found
}
