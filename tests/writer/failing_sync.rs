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

/// A large batch needs several appends. What the first made durable was once answered
/// "not tried" because the second failed, which invites a caller to charge twice.
#[tokio::test]
async fn what_is_durable_is_answered_though_a_later_append_fails() {
    let (shop, disk) = shop().await;
    disk.fail(Operation::SyncVolume, 1);
    let many = (1..=30_000).map(|minor| Request::new(charge(minor))).collect();
    let answers = shop.execute_batch(many).await;
    let done = answers.iter().take_while(|answer| answer.is_ok()).count() as u64;
    let durable = shop.head().next_position;
    assert!(done > 1_000, "the first append was durable");
    // The ledger's first event and the rail stand before the charges.
    assert_eq!(done + 2, durable);
    let unknown =
        answers.iter().filter(|answer| answer.as_ref().is_err_and(ExecuteError::is_outcome_unknown));
    assert!(unknown.count() > 0, "what the failed append may hold is unknown");
}

/// A bookmark that was set and may never have been is told to nobody.
#[tokio::test]
async fn a_bookmark_is_told_once_it_is_durable() {
    let (shop, disk) = shop().await;
    let set = counterfoil::domain::bookmark::SetBookmark { name: "b".into(), source: [1; 32], cursor: 7 };
    let many = (1..=5_000).map(|minor| Request::new(charge(minor)));
    let batch = std::iter::once(Request::new(set)).chain(many).collect();
    disk.fail(Operation::SyncVolume, 0);
    let asking = async {
        let mut told = Vec::new();
        for _ in 0..200 {
            told.push(shop.bookmark("b").await);
            tokio::task::yield_now().await;
        }
        told
    };
    let (answers, told) = tokio::join!(shop.execute_batch(batch), asking);
    assert!(answers[0].as_ref().unwrap_err().is_outcome_unknown());
    assert!(told.iter().all(|told| !matches!(told, Ok(Some(_)))), "it never was");
}
