//! Damage of every file of a data folder: it is reported, or no answer changes; and
//! whatever is reported, nothing was written to the log.

mod folder;

use std::path::Path;

use counterfoil::audit::{Report, Verdict, audit};
use counterfoil::domain::calendar::Timestamp;
use counterfoil::views::Balance;
use counterfoil::views::statement::Line;
use counterfoil::{Counterfoil, OpenError};

use folder::{Damage, copy, damage, files, ledger, log_bytes};

/// What a ledger answers: everything that must not change.
#[derive(PartialEq)]
struct Answers {
    events: u64,
    balance: Balance,
    past: Balance,
    statement: Vec<Line>,
    holder: Option<String>,
}

async fn answers(data: &Path) -> Result<Answers, OpenError> {
    let ledger = Counterfoil::builder().path(data).open().await?;
    ledger.caught_up().await.unwrap();
    let events = ledger.head().next_position;
    let past: Timestamp = "2026-03-10".parse().unwrap();
    let past = ledger.view_as_of(past).await?;
    let balance = ledger.views(|views| views.balance().clone());
    let statement = ledger.views(|views| {
        let whose: Vec<_> = balance.rows(None).map(|row| (row.account, row.currency)).collect();
        let lines =
            whose.into_iter().flat_map(|(of, currency)| views.statement().lines(of, currency, 1, u64::MAX));
        lines.collect::<Result<Vec<Line>, _>>().unwrap()
    });
    let holder = folder::holder(&ledger).await;
    ledger.close().await.unwrap();
    Ok(Answers { events, balance, past, statement, holder })
}

fn findings(report: &Report) -> String {
    let all = report.passes.iter().flat_map(|pass| &pass.findings);
    all.map(|found| format!("{} ({})\n", found.what, found.advice)).collect()
}

#[tokio::test]
async fn damage_is_reported_or_no_answer_changes() {
    let whole = ledger().await;
    let expected = answers(whole.path()).await.unwrap();
    assert_eq!(audit(whole.path()).await.unwrap().verdict(), Verdict::Sound);

    let mut reported = 0;
    for file in files(whole.path()) {
        for kind in Damage::ALL {
            let broken = copy(whole.path());
            if !damage(broken.path(), &file, kind) {
                continue;
            }
            let before = log_bytes(broken.path());
            let what = format!("{kind:?} of {}", file.display());
            match audit(broken.path()).await {
                Ok(report) if report.verdict() == Verdict::Damaged => {
                    reported += 1;
                    assert!(!findings(&report).is_empty(), "{what}: nothing is said");
                    let raw = report.passes.first().is_some_and(|pass| !pass.findings.is_empty());
                    if raw {
                        assert_eq!(log_bytes(broken.path()), before, "{what}: a refused log was written to");
                        // sled's framing around the frames of a finished volume is the audit's alone.
                        let given = answers(broken.path()).await;
                        assert!(given.is_err() || given.is_ok_and(|given| given == expected), "{what}");
                    }
                }
                Ok(_) => {
                    let mut given = answers(broken.path()).await.unwrap();
                    // To delete a key is to erase its subject: that is what the file is for.
                    if file.starts_with("keys") && matches!(kind, Damage::Delete) {
                        assert_eq!(given.holder, None);
                        given.holder.clone_from(&expected.holder);
                    }
                    assert!(given == expected, "{what}: an answer changed");
                }
                Err(error) => assert!(refuses(&error), "{what}: {error}"),
            }
        }
    }
    assert!(reported > 20, "only {reported} kinds of damage were found: the test does not bite");
}

/// Refused by name, as opposed to a crash or a shorter log.
fn refuses(error: &OpenError) -> bool {
    error.is_corruption() || matches!(error, OpenError::Log(_))
}

/// A view's snapshot is a cache: answers come from the log, the audit names the mend,
/// and the rebuild mends it.
#[tokio::test]
async fn a_damaged_snapshot_changes_no_answer_and_is_mended_by_a_rebuild() {
    let whole = ledger().await;
    let expected = answers(whole.path()).await.unwrap();
    for view in counterfoil::View::ALL {
        let broken = copy(whole.path());
        let file = Path::new("views").join(format!("{view}.snapshot"));
        assert!(damage(broken.path(), &file, Damage::Flip), "there is a snapshot of {view}");
        assert!(answers(broken.path()).await.unwrap() == expected, "{view}: an answer changed");
        let report = audit(broken.path()).await.unwrap();
        assert!(findings(&report).contains(&format!("counterfoil rebuild {view}")), "{}", findings(&report));

        let ledger = Counterfoil::builder().path(broken.path()).open().await.unwrap();
        assert!(ledger.rebuild(view).await.unwrap().damage.is_some());
        ledger.close().await.unwrap();
        assert_eq!(audit(broken.path()).await.unwrap().verdict(), Verdict::Sound);
    }
}
