//! Damage of every file of a data folder: it is reported, or no answer changes; and
//! whatever is reported, nothing was written to the log.

mod folder;
mod forged;
mod shop;
mod state;
mod views;

use std::path::{Path, PathBuf};

use counterfoil::audit::{Report, Verdict, audit};
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::charge::Charge;
use counterfoil::domain::money::{Currency, Money};
use counterfoil::domain::rail::RailName;
use counterfoil::views::statement::Line;
use counterfoil::views::{Balance, ObjectKind};
use counterfoil::{Counterfoil, OpenError, View};

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
    for view in View::ALL {
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

/// A file of a view that the system does not give may be whole: the ledger was opened without
/// it, and what it held was swept away.
#[cfg(unix)]
#[tokio::test]
async fn a_file_of_rows_that_the_system_refuses_stays_and_is_named() {
    let whole = ledger().await;
    let expected = answers(whole.path()).await.unwrap();
    let rows = rows_of(whole.path(), View::Statement);
    for file in rows.iter().chain([&PathBuf::from("views/statement.snapshot")]) {
        let broken = copy(whole.path());
        let (path, aside) = (broken.path().join(file), broken.path().join("aside"));
        std::fs::rename(&path, &aside).unwrap();
        // It leads to itself, which nobody may follow.
        std::os::unix::fs::symlink(&path, &path).unwrap();
        let before = files(&broken.path().join("views"));
        let error = answers(broken.path()).await.map(drop).unwrap_err();
        assert!(matches!(error, OpenError::Io { .. }), "{error}");
        assert_eq!(files(&broken.path().join("views")), before);
        std::fs::rename(&aside, &path).unwrap();
        assert!(answers(broken.path()).await.unwrap() == expected);
    }
}

/// The files of a view's rows, in the order of their names.
fn rows_of(data: &Path, view: View) -> Vec<PathBuf> {
    let own = |file: &PathBuf| file.to_string_lossy().starts_with(&format!("views/{view}-"));
    files(data).into_iter().filter(own).collect()
}

/// So is a file of rows: what is broken at its ends is noticed when it is opened, what is
/// broken inside when it is read.
#[tokio::test]
async fn a_damaged_file_of_rows_changes_no_answer_and_is_mended_by_a_rebuild() {
    let whole = ledger().await;
    let expected = answers(whole.path()).await.unwrap();
    let mut met = 0;
    for view in View::ALL {
        for (file, kind) in
            rows_of(whole.path(), view).iter().flat_map(|file| Damage::ALL.map(|kind| (file, kind)))
        {
            let what = format!("{kind:?} of {}", file.display());
            let broken = copy(whole.path());
            assert!(damage(broken.path(), file, kind), "{what}");
            let report = audit(broken.path()).await.unwrap();
            assert!(
                findings(&report).contains(&format!("counterfoil rebuild {view}")),
                "{what}: {}",
                findings(&report)
            );

            let ledger = Counterfoil::builder().path(broken.path()).open().await.unwrap();
            let known = !ledger.damaged_views().is_empty();
            let rebuilt = ledger.rebuild(view).await.unwrap();
            assert!(rebuilt.damage.is_some() && rebuilt.difference.is_none(), "{what}: {rebuilt:?}");
            assert!(ledger.damaged_views().is_empty());
            ledger.close().await.unwrap();
            assert_eq!(audit(broken.path()).await.unwrap().verdict(), Verdict::Sound, "{what}");
            assert!(answers(broken.path()).await.unwrap() == expected, "{what}: an answer changed");
            // What is no longer named is gone.
            assert_eq!(rows_of(broken.path(), view).len(), rows_of(whole.path(), view).len(), "{what}");
            met += usize::from(!known);
        }
    }
    assert!(met > 0, "no damage was met inside a file");
}

/// A ledger that is opened for every command writes a file of rows each time.
#[tokio::test]
async fn the_files_of_rows_stay_few_however_often_a_ledger_is_opened() {
    let data = ledger().await;
    let card = || RailName::new("card").unwrap();
    let money = |minor| Money::new(Currency::BRL, minor);
    for day in 1..80 {
        let ledger = Counterfoil::builder().path(data.path()).open().await.unwrap();
        let charge = Charge::separate(money(1_000 + day), card());
        let _charged = ledger.execute(charge).await.unwrap();
        ledger.close().await.unwrap();
    }
    for view in [View::Statement, View::Objects] {
        let files = rows_of(data.path(), view).len();
        assert!((2..64).contains(&files), "{files} files of {view}");
    }
    assert_eq!(audit(data.path()).await.unwrap().verdict(), Verdict::Sound);
    let ledger = Counterfoil::builder().path(data.path()).open().await.unwrap();
    assert_eq!(ledger.views(|views| views.objects().count(ObjectKind::Charge)), 399 + 79);
    ledger.close().await.unwrap();
}
