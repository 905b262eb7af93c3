//! A sync that fails: what waited for it is unknown, refusals included, and nothing
//! more is recorded until the ledger is opened again.

use counterfoil::log::faulty::{Keep, Operation};
use counterfoil::{ExecuteError, Request};

use crate::shop::{charge, reopen, shop};

#[tokio::test]
async fn what_waited_for_a_failing_sync_is_unknown() {
    let (shop, disk) = shop().await;
    disk.fail(Operation::SyncVolume, 0);
    let unknown = shop.execute(charge(1_000)).await.unwrap_err();
    assert!(unknown.is_outcome_unknown(), "{unknown}");
}

/// A refusal that was decided on a charge whose sync then fails would tell the caller
/// something about a state that may never have been.
#[tokio::test]
async fn a_refusal_behind_a_failing_sync_is_unknown() {
    let (shop, disk) = shop().await;
    disk.fail(Operation::SyncVolume, 0);
    let answers = shop.execute_batch(vec![Request::new(charge(1_000)), Request::new(charge(0))]).await;
    for answer in answers {
        assert!(answer.unwrap_err().is_outcome_unknown());
    }
}

#[tokio::test]
async fn a_refusal_that_saw_nothing_tentative_is_a_refusal() {
    let (shop, disk) = shop().await;
    disk.fail(Operation::SyncVolume, 0);
    let refused = shop.execute(charge(0)).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().rule(), "charge_must_be_positive");
}

#[tokio::test]
async fn after_a_failed_sync_nothing_is_tried_until_the_ledger_is_reopened() {
    let (shop, disk) = shop().await;
    let _kept = shop.execute(charge(1_000)).idempotent("kept").await.unwrap();
    disk.fail(Operation::SyncVolume, 0);
    assert!(shop.execute(charge(2_000)).idempotent("lost").await.unwrap_err().is_outcome_unknown());
    assert!(matches!(shop.execute(charge(0)).await.unwrap_err(), ExecuteError::Stopped));
    drop(shop);

    disk.crash(Keep::Synced);
    let shop = reopen(&disk).await;
    assert!(shop.execute(charge(1_000)).idempotent("kept").await.unwrap().replayed);
    assert!(!shop.execute(charge(2_000)).idempotent("lost").await.unwrap().replayed);
}
