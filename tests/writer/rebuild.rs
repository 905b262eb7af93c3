//! A view is rebuilt beside a ledger that goes on, and beside one that is closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use counterfoil::audit::audit;
use counterfoil::{Counterfoil, ExecuteError, OpenError, Request, View};

use crate::shop::{charge, open_in};

/// Charges until it is told to stop, or the ledger is closed.
fn trade(shop: &Counterfoil, stop: &Arc<AtomicBool>) -> tokio::task::JoinHandle<()> {
    let (shop, stop) = (shop.clone(), stop.clone());
    tokio::spawn(async move {
        while !stop.load(Ordering::Relaxed) {
            let some = (1..=500).map(|minor| Request::new(charge(minor))).collect();
            let answers = shop.execute_batch(some).await;
            if answers.iter().any(|answer| matches!(answer, Err(ExecuteError::Closed))) {
                return;
            }
        }
    })
}

/// A view is exchanged while the live one moves on: nothing is missed, and nothing is there
/// twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_view_is_rebuilt_while_the_ledger_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, stop) = (open_in(folder.path()).await, Arc::default());
    let trading = [trade(&shop, &stop), trade(&shop, &stop)];
    for view in View::ALL {
        let head = shop.head().next_position;
        let rebuilt = tokio::time::timeout(Duration::from_secs(60), shop.rebuild(view)).await;
        let rebuilt = rebuilt.expect("a rebuild has an end").unwrap();
        assert!(rebuilt.events >= head, "it has what was there when it began");
        assert_eq!(rebuilt.difference, None, "{view}");
    }
    stop.store(true, Ordering::Relaxed);
    for trading in trading {
        trading.await.unwrap();
    }
    shop.caught_up().await.unwrap();
    for view in View::ALL {
        let rebuilt = shop.rebuild(view).await.unwrap();
        assert_eq!((rebuilt.difference, rebuilt.events), (None, shop.head().next_position), "{view}");
    }
    shop.close().await.unwrap();
    assert!(audit(folder.path()).await.unwrap().passes.iter().all(|pass| pass.findings.is_empty()));
}

/// A rebuild went on after its ledger was closed: it put an old snapshot on the shelf of the
/// ledger that was opened next, and removed the files which that one was writing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_ends_with_its_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open_in(folder.path()).await;
    for _ in 0..20 {
        let some = (1..=500).map(|minor| Request::new(charge(minor))).collect();
        assert!(shop.execute_batch(some).await.iter().all(Result::is_ok));
    }
    shop.close().await.unwrap();
    for round in 0..15 {
        let shop = open_in(folder.path()).await;
        let trading = trade(&shop, &Arc::default());
        let other = shop.clone();
        let rebuilding = tokio::spawn(async move { other.rebuild(View::Statement).await });
        tokio::time::sleep(Duration::from_millis(7 * round)).await;
        shop.close().await.unwrap();
        let shop = open_in(folder.path()).await;
        let rebuilt = rebuilding.await.unwrap();
        assert!(matches!(rebuilt, Ok(_) | Err(OpenError::Closed)), "{rebuilt:?}");
        assert_eq!(shop.damaged_views(), []);
        trading.await.unwrap();
        shop.close().await.unwrap();
    }
    assert!(audit(folder.path()).await.unwrap().passes.iter().all(|pass| pass.findings.is_empty()));
}
