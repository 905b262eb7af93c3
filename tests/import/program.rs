//! The program under test: built once, run in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

/// The `counterfoil` program: the one that `COUNTERFOIL_BIN` names, or the one of this
/// build, which is made where it is not there yet.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| std::env::var_os("COUNTERFOIL_BIN").map_or_else(build, PathBuf::from))
}

/// Cargo builds the programs of the package it tests, and this is another package's.
fn build() -> PathBuf {
    // target/<profile>/deps/<this test>
    let this = std::env::current_exe().unwrap();
    let built = this.ancestors().nth(2).unwrap();
    let profile = match built.file_name().unwrap().to_str().unwrap() {
        "debug" => "dev",
        other => other,
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--package", "counterfoil-cli", "--profile", profile, "--target-dir"])
        .arg(built.parent().unwrap())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status();
    assert!(status.unwrap().success(), "the program does not build");
    built.join(format!("counterfoil{}", std::env::consts::EXE_SUFFIX))
}

/// The import of `from` into `ledger`, not yet run.
pub(crate) fn import(from: &Path, ledger: &Path, commission_bps: u16) -> Command {
    let mut command = Command::new(program());
    command.args(["import", "olist", "--format", "json", "--commission-bps", &commission_bps.to_string()]);
    command.arg("--from").arg(from).arg("--dir").arg(ledger);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the import, which succeeds, and gives its summary.
pub(crate) fn summary(from: &Path, ledger: &Path, commission_bps: u16) -> Value {
    let output = import(from, ledger, commission_bps).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("a summary")
}

/// Runs the import, which does not, and gives what it says.
pub(crate) fn complaint(from: &Path, ledger: &Path, commission_bps: u16) -> String {
    let output = import(from, ledger, commission_bps).output().expect("the program runs");
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty(), "a summary is of an import that was made");
    String::from_utf8(output.stderr).expect("text")
}

/// Runs another command on `ledger` and gives what it prints.
pub(crate) fn run(ledger: &Path, arguments: &[&str]) -> Vec<u8> {
    let command = Command::new(program()).args(arguments).arg("--dir").arg(ledger).output();
    let Output { status, stdout, stderr } = command.expect("the program runs");
    assert!(status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&stderr));
    stdout
}

/// Every event of a ledger and what its views answer.
pub(crate) fn everything(ledger: &Path) -> Vec<u8> {
    let mut all = run(ledger, &["export", "--as", "jsonl"]);
    for view in [&["balance"][..], &["payouts"], &["tax", "--year", "2017"]] {
        all.extend(run(ledger, &[view, &["--format", "json"]].concat()));
    }
    all
}

/// A summary in a few lines: per file how many of the rows read were imported and why
/// the others were not, the totals, and each refused row.
pub(crate) fn show(summary: &Value) -> String {
    let mut lines = Vec::new();
    for name in ["sellers", "items", "payments"] {
        let tally = &summary[name];
        let (read, imported, refused) = (&tally["read"], &tally["imported"], &tally["refused"]);
        let reasons = tally["reasons"].as_object().expect("reasons by name");
        assert_eq!(read.as_u64(), Some(imported.as_u64().unwrap() + refused.as_u64().unwrap()));
        assert_eq!(refused.as_u64(), Some(reasons.values().map(|count| count.as_u64().unwrap()).sum()));
        let reasons: Vec<String> =
            reasons.iter().map(|(reason, count)| format!(", {count} {reason}")).collect();
        lines.push(format!("{name} {imported} of {read}{}", reasons.concat()));
    }
    let totals = &summary["totals"];
    lines.push(format!(
        "charged {} shares {} commission {} remainder {}",
        totals["charged"], totals["seller_shares"], totals["commission"], totals["platform_remainder"]
    ));
    for row in summary["refused"].as_array().expect("refused rows") {
        let file = row["file"].as_str().unwrap();
        let (_, name) = file.strip_suffix("_dataset.csv").unwrap().rsplit_once('_').unwrap();
        lines.push(format!("{name}:{} {}", row["line"], row["reason"].as_str().unwrap()));
    }
    lines.join("\n")
}
