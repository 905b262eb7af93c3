//! The bench: every workload in small, and what it leaves behind is a sound ledger.

use std::path::Path;

use serde_json::Value;

use crate::program::{printed, run};

const SMALL: [&str; 10] =
    ["bench", "--commands", "200", "--accounts", "20", "--batch", "16", "--callers", "2", "--workload"];

const WORKLOADS: [&str; 6] = ["transfer", "charge", "split", "payout", "mixed", "strained"];

/// What every report has, beside its workload.
const NUMBERS: [&str; 24] = [
    "commands",
    "seconds",
    "commands_per_second",
    "ack_us.p50",
    "ack_us.p99",
    "ack_us.max",
    "bytes_per_command.logical",
    "bytes_per_command.log",
    "bytes_per_command.indexes",
    "peak_rss_bytes",
    "view_lag_events",
    "catch_up_seconds",
    "generator_cpu_seconds",
    "control.commands_per_second_at_equal_bytes",
    "control.sync_us.p50",
    "control.sync_us.p99",
    "batch",
    "callers",
    "accounts",
    "hot",
    "run",
    "appends",
    "ratio_to_control",
    "cpu_seconds",
];

fn json(folder: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&printed(folder, &[arguments, &["--format", "json"]].concat())).unwrap()
}

fn bench(folder: &Path, workload: &str, more: &[&str]) -> Value {
    json(folder, &[&SMALL, [workload].as_slice(), &["--dir", "bench"], more].concat())
}

fn number(report: &Value, key: &str) -> f64 {
    let figure = key.split('.').fold(report, |part, key| &part[key]);
    figure.as_f64().unwrap_or_else(|| panic!("{key} is no number: {report:#}"))
}

/// The sum of a column of the balances, in minor units.
fn sum(folder: &Path, key: &str) -> i64 {
    let balances = json(folder, &["balance", "--dir", "bench"]);
    balances.as_array().unwrap().iter().map(|row| row[key].as_i64().unwrap()).sum()
}

fn is_sound(folder: &Path) -> bool {
    json(folder, &["audit", "--dir", "bench"])["verdict"] == "sound"
}

#[test]
fn every_workload_is_reported_and_leaves_a_sound_ledger() {
    for workload in WORKLOADS {
        let folder = tempfile::tempdir().unwrap();
        let report = bench(folder.path(), workload, &[]);
        assert_eq!(report["workload"], workload);
        for key in NUMBERS {
            // What is not said outside Linux is null; everything else is a number.
            if cfg!(target_os = "linux") || !key.contains("rss") && !key.contains("cpu") {
                number(&report, key);
            }
        }
        let commands = if workload == "payout" { 20 } else { 200 };
        assert_eq!(report["commands"], commands, "{workload}");
        assert!(number(&report, "appends") >= 1.0 && number(&report, "bytes_per_command.logical") > 30.0);
        assert!(is_sound(folder.path()), "{workload}");
        let funds = ["pending", "available", "in_transit"].map(|key| sum(folder.path(), key));
        let (paid_in, whole) = (1_000_000_000_000, funds.iter().sum::<i64>());
        assert_eq!(whole - paid_in > 0, ["charge", "split", "mixed"].contains(&workload), "{workload}");
        assert_eq!(funds[2] > 0, workload == "payout", "{workload}");
    }
}

#[test]
fn a_run_goes_on_where_another_ended() {
    let folder = tempfile::tempdir().unwrap();
    let first = bench(folder.path(), "transfer", &["--hot", "100"]);
    let balances = json(folder.path(), &["balance", "--dir", "bench"]);
    let sellers = balances.as_array().unwrap().iter().filter(|row| row["available"] != 0).count();
    assert_eq!(sellers, 2, "the platform and one seller");
    let words = "bench --workload mixed --commands 200 --accounts 20 --batch 1 --callers 3 --dir bench";
    let second = json(folder.path(), &words.split(' ').collect::<Vec<_>>());
    assert_eq!((&first["run"], &second["run"]), (&1.into(), &2.into()));
    assert!(number(&second, "open_events") > number(&first, "open_events") + 199.0);
    assert_eq!(second["submissions"], 200);

    let other = run(folder.path(), &["bench", "--accounts", "21", "--dir", "bench"]);
    let payouts =
        run(folder.path(), &["bench", "--accounts", "20", "--workload", "payout", "--dir", "bench"]);
    for refused in [other, payouts] {
        let errors = String::from_utf8(refused.stderr).unwrap();
        assert!(errors.contains("bench holds a bench with other accounts"), "{errors}");
        assert_eq!(refused.status.code(), Some(1));
    }
    assert!(is_sound(folder.path()));
}

#[test]
fn every_payday_pays_every_seller_again() {
    let folder = tempfile::tempdir().unwrap();
    let [first, second] = [0, 1].map(|_| {
        assert_eq!(bench(folder.path(), "payout", &[])["commands"], 20);
        sum(folder.path(), "in_transit")
    });
    assert!(first > 0 && second == 2 * first, "{first}, then {second}");
    assert!(is_sound(folder.path()));
}

#[test]
fn the_table_says_what_the_json_says() {
    let folder = tempfile::tempdir().unwrap();
    let table = printed(folder.path(), &[&SMALL, ["split"].as_slice()].concat());
    assert!(
        table.starts_with("split: batch 16, callers 2, accounts 20, hot 0, run 1\n\nmeasured"),
        "{table}"
    );
    assert!(table.lines().any(|line| line.split_whitespace().eq(["events", "400"])), "{table}");
    assert!(
        table.ends_with("The ledger stays in ./counterfoil-bench; remove it when you like.\n"),
        "{table}"
    );
}
