//! The folder `views`: a cache that must never answer wrongly, whatever stands in it.

use std::fs;
use std::path::Path;

use counterfoil::audit::{Verdict, audit};
use counterfoil::domain::AccountId;
use counterfoil::domain::money::Currency;
use counterfoil::{Counterfoil, OpenError, View};

use crate::folder::files;
use crate::shop::{charge, copy_folder, open, parted, refunded, sell};

/// What the statement tells of the platform.
fn told(ledger: &Counterfoil) -> Vec<String> {
    ledger.views(|views| {
        let lines = views.statement().lines(AccountId::PLATFORM, Currency::BRL, 1, u64::MAX);
        lines.map(|line| line.unwrap().to_string()).collect()
    })
}

/// The same of a ledger that nobody has open.
async fn statement(folder: &Path) -> Vec<String> {
    let ledger = open(folder, 7).await;
    let told = told(&ledger);
    ledger.close().await.unwrap();
    told
}

/// A file of rows of another history was believed where it had the same name, as many bytes
/// and as many rows: the statement told of another's sales.
#[tokio::test]
async fn rows_of_another_history_are_not_believed() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (folder, amount) in [(folder.path(), 1_000), (other.path(), 1_001)] {
        let ledger = open(folder, 7).await;
        for sale in 0..10 {
            let _sold = ledger.execute(charge(amount + sale * 10)).await.unwrap();
        }
        ledger.close().await.unwrap();
    }
    let expected = statement(folder.path()).await;
    assert_ne!(expected, statement(other.path()).await);
    let rows = files(&folder.path().join("views"));
    let rows: Vec<_> = rows.iter().filter(|file| file.to_string_lossy().starts_with("statement-0")).collect();
    let (own, others) = (folder.path().join("views").join(rows[0]), other.path().join("views").join(rows[0]));
    assert_eq!((rows.len(), fs::metadata(&own).unwrap().len()), (1, fs::metadata(&others).unwrap().len()));
    fs::copy(others, own).unwrap();

    assert_eq!(audit(folder.path()).await.unwrap().verdict(), Verdict::Damaged);
    let ledger = open(folder.path(), 7).await;
    assert_eq!(told(&ledger), expected);
    let damaged = ledger.damaged_views();
    assert!(damaged.len() == 1 && damaged[0].0 == View::Statement, "{damaged:?}");
    assert!(ledger.rebuild(View::Statement).await.unwrap().difference.is_none());
    ledger.close().await.unwrap();
    assert_eq!(audit(folder.path()).await.unwrap().verdict(), Verdict::Sound);
}

/// What an audit finds, each with how to mend it.
async fn found(folder: &Path) -> Vec<String> {
    let passes = audit(folder).await.unwrap().passes;
    let findings = passes.into_iter().flat_map(|pass| pass.findings);
    findings.map(|found| format!("{}; {}", found.what, found.advice)).collect()
}

/// Every view is passed over as that of another log, answers come from this one, and a
/// rebuild mends them.
async fn is_set_aside(folder: &Path, expected: &[String]) {
    let all = found(folder).await;
    assert_eq!(all.len(), View::ALL.len(), "{all:?}");
    for (view, found) in View::ALL.into_iter().zip(all) {
        assert!(found.contains(&format!("counterfoil rebuild {view}")), "{found}");
    }
    let ledger = open(folder, 7).await;
    assert_eq!(told(&ledger), expected);
    for (_, why) in ledger.damaged_views() {
        assert!(why.contains("of a log that is not this one"), "{why}");
    }
    for view in View::ALL {
        assert!(ledger.rebuild(view).await.unwrap().damage.is_some(), "{view}");
    }
    ledger.close().await.unwrap();
    assert_eq!(audit(folder).await.unwrap().verdict(), Verdict::Sound);
}

/// Views of another ledger, or of another history of this one, that had seen more events
/// than the log holds made the opening fail as if the log had lost some.
#[tokio::test]
async fn longer_views_of_another_log_are_set_aside() {
    for other_id in [8, 7] {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _sale = refunded(folder.path(), 7).await;
        let expected = statement(folder.path()).await;
        sell(other.path(), other_id, 300).await;
        copy_folder(other.path(), folder.path(), "views");
        is_set_aside(folder.path(), &expected).await;
    }
}

/// Two histories that parted late: the trail still tells.
#[tokio::test]
async fn longer_views_of_a_history_that_parted_are_set_aside() {
    let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let _sale = parted(folder.path(), other.path()).await;
    let expected = statement(folder.path()).await;
    copy_folder(other.path(), folder.path(), "views");
    is_set_aside(folder.path(), &expected).await;
}

/// A log that is the beginning of what the views saw lost its end, though there is no
/// checkpoint that says so.
#[tokio::test]
async fn a_log_that_is_shorter_than_its_views_is_not_opened() {
    for lost in [1, 40, 300] {
        let (folder, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _sale = refunded(folder.path(), 7).await;
        copy_folder(folder.path(), kept.path(), "log");
        for part in 0..2 {
            // The trail is taken up where the first session left it.
            sell(folder.path(), 7, lost + part).await;
        }
        fs::remove_dir_all(folder.path().join("state")).unwrap();
        copy_folder(kept.path(), folder.path(), "log");
        let error = Counterfoil::builder().path(folder.path()).open().await.unwrap_err();
        assert!(matches!(error, OpenError::ShorterLog { view: "balance", .. }), "{error}");
        let all = found(folder.path()).await;
        assert!(all.len() == 5 && all.iter().all(|found| found.contains("shorter than it was")), "{all:?}");
    }
}
