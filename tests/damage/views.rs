//! The folder `views`: a cache that must never answer wrongly, whatever stands in it.

use std::fs;
use std::path::Path;

use counterfoil::View;
use counterfoil::audit::{Verdict, audit};
use counterfoil::domain::AccountId;
use counterfoil::domain::money::Currency;

use crate::folder::files;
use crate::shop::{charge, open};

/// What the statement tells of the platform.
async fn statement(folder: &Path, ledger: u128) -> Vec<String> {
    let ledger = open(folder, ledger).await;
    let lines = ledger.views(|views| {
        let lines = views.statement().lines(AccountId::PLATFORM, Currency::BRL, 1, u64::MAX);
        lines.map(|line| line.unwrap().to_string()).collect()
    });
    ledger.close().await.unwrap();
    lines
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
    let expected = statement(folder.path(), 7).await;
    assert_ne!(expected, statement(other.path(), 7).await);
    let rows = files(&folder.path().join("views"));
    let rows: Vec<_> = rows.iter().filter(|file| file.to_string_lossy().starts_with("statement-0")).collect();
    let (own, others) = (folder.path().join("views").join(rows[0]), other.path().join("views").join(rows[0]));
    assert_eq!((rows.len(), fs::metadata(&own).unwrap().len()), (1, fs::metadata(&others).unwrap().len()));
    fs::copy(others, own).unwrap();

    assert_eq!(audit(folder.path()).await.unwrap().verdict(), Verdict::Damaged);
    assert_eq!(statement(folder.path(), 7).await, expected);
    let ledger = open(folder.path(), 7).await;
    let damaged = ledger.damaged_views();
    assert!(damaged.len() == 1 && damaged[0].0 == View::Statement, "{damaged:?}");
    assert!(ledger.rebuild(View::Statement).await.unwrap().difference.is_none());
    ledger.close().await.unwrap();
    assert_eq!(audit(folder.path()).await.unwrap().verdict(), Verdict::Sound);
}
