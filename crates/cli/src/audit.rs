//! `audit`: what was checked, what was found, and how to mend it.

use counterfoil::audit::{Report, Verdict, audit};
use serde_json::{Value, json};

use crate::args::{Args, Format};
use crate::exit::Failure;
use crate::output::{self, Cell, Output, Table, number, text};

/// Audits the data folder; damage is exit code 3.
pub(crate) async fn run(args: &Args) -> Result<Output, Failure> {
    let report = audit(&args.folder()).await?;
    let code = match report.verdict() {
        Verdict::Sound => 0,
        Verdict::Damaged => 3,
    };
    let text = match args.format {
        Format::Table => shown(&report),
        Format::Json => output::json(&value(&report)),
        Format::Csv => table(&report).write(Format::Csv),
    };
    Ok(Output::done(text).code(code))
}

fn value(report: &Report) -> Value {
    let passes: Vec<Value> = report
        .passes
        .iter()
        .map(|pass| {
            let findings: Vec<Value> = pass
                .findings
                .iter()
                .map(|found| json!({ "what": found.what, "advice": found.advice }))
                .collect();
            json!({ "name": pass.name, "checked": pass.checked, "unit": pass.unit, "findings": findings })
        })
        .collect();
    let head = report.head.map(|head| {
        json!({ "frame": head.next_frame, "position": head.next_position, "hash": head.hash.to_string() })
    });
    json!({ "verdict": report.verdict().name(), "head": head, "passes": passes })
}

fn table(report: &Report) -> Table {
    let mut table = Table::new(&[
        text("pass", "name"),
        number("checked", "checked"),
        text("of", "unit"),
        number("findings", "findings"),
    ]);
    for pass in &report.passes {
        table.row([
            Cell::plain(pass.name),
            Cell::plain(pass.checked),
            Cell::plain(pass.unit),
            Cell::plain(pass.findings.len()),
        ]);
    }
    table
}

/// The report for people; the demo ends with it.
pub(crate) fn shown(report: &Report) -> String {
    let mut text = table(report).write(Format::Table);
    for finding in report.passes.iter().flat_map(|pass| &pass.findings) {
        text.push_str(&format!("\nfound: {}\n  mend: {}\n", finding.what, finding.advice));
    }
    let head = report.head.map_or(String::new(), |head| {
        format!("; the log has {} events, its head is {}", head.next_position, head.hash)
    });
    text.push_str(&format!("\nverdict: {}{head}\n", report.verdict().name()));
    text
}
