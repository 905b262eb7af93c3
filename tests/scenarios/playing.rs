//! Every scenario is played, and every failing one is told.

use std::fmt::Write;
use std::panic::catch_unwind;

use counterfoil_testkit::scenario::{Bless, play};

use crate::files::{File, files, folder};

#[test]
fn every_scenario_happens_as_it_is_written() {
    let bless = std::env::var("COUNTERFOIL_BLESS").unwrap_or_default();
    let outcome = if bless == "1" { Bless::Outcome } else { Bless::Alignment };
    let mut failures = String::new();
    let (mut failed, files) = (0, files());
    for File { path, text } in &files {
        let path = path.display();
        // A ledger that stops at a broken law fails its own scenario, not those after it.
        let Ok(played) = catch_unwind(|| play(text, outcome)) else {
            failed += 1;
            writeln!(failures, "{path}\n  the ledger stopped; its reason is printed above\n").unwrap();
            continue;
        };
        match played {
            Err(complaint) => {
                failed += 1;
                writeln!(failures, "{path}:{}: {}\n", complaint.line, complaint.what).unwrap();
            }
            Ok(played) => {
                if !bless.is_empty() && played.text != *text {
                    std::fs::write(folder().join(path.to_string()), &played.text).unwrap();
                }
                if !played.differences.is_empty() {
                    failed += 1;
                    writeln!(failures, "{path}\n  {}\n", played.differences.join("\n  ")).unwrap();
                }
            }
        }
    }
    assert!(failed == 0, "{failed} of {} scenarios failed:\n\n{failures}", files.len());
    assert!(files.len() > 100, "the scenarios are found");
}
