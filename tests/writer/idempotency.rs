//! The same key with the same request returns the same receipt; with another it is refused.

use counterfoil::{ExecuteError, Request};

use crate::shop::{charge, onboard, reopen, shop};

#[tokio::test]
async fn the_same_request_under_the_same_key_is_done_once() {
    let (shop, _) = shop().await;
    let first = shop.execute(charge(1_000)).idempotent("order-1").await.unwrap();
    let head = shop.head();
    let again = shop.execute(charge(1_000)).idempotent("order-1").await.unwrap();
    assert!(again.replayed && !first.replayed);
    assert_eq!((again.reply, again.positions.clone()), (first.reply, first.positions.clone()));
    assert_eq!(shop.head(), head, "a replay records nothing");
}

#[tokio::test]
async fn another_request_under_the_same_key_is_refused() {
    let (shop, _) = shop().await;
    let _first = shop.execute(charge(1_000)).idempotent("order-1").await.unwrap();
    let head = shop.head();
    let refused = shop.execute(charge(1_001)).idempotent("order-1").await.unwrap_err();
    assert!(matches!(refused, ExecuteError::KeyReused { key } if key == "order-1"));
    assert_eq!(shop.head(), head);
}

#[tokio::test]
async fn a_key_belongs_to_its_acting_account() {
    let (shop, _) = shop().await;
    let bakery = onboard(&shop, "bakery").await;
    let first = shop.execute(charge(1_000)).idempotent("order-1").await.unwrap();
    let second = shop.execute(charge(1_000)).idempotent("order-1").acting_as(bakery).await.unwrap();
    assert!(!second.replayed);
    assert_ne!(first.reply, second.reply);
}

#[tokio::test]
async fn a_refusal_is_not_remembered() {
    let (shop, _) = shop().await;
    let refused = shop.execute(charge(0)).idempotent("order-1").await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().rule(), "charge_must_be_positive");
    assert!(!shop.execute(charge(1_000)).idempotent("order-1").await.unwrap().replayed);
}

#[tokio::test]
async fn two_requests_in_flight_with_one_key_are_one() {
    let (shop, _) = shop().await;
    let request = || Request::new(charge(1_000)).idempotent("order-1");
    let receipts = shop.execute_batch(vec![request(), request()]).await;
    let replayed: Vec<bool> = receipts.into_iter().map(|receipt| receipt.unwrap().replayed).collect();
    assert_eq!(replayed, [false, true]);
}

#[tokio::test]
async fn keys_survive_a_crash() {
    let (shop, disk) = shop().await;
    let first = shop.execute(charge(1_000)).idempotent("order-1").await.unwrap();
    drop(shop);
    disk.crash(counterfoil::log::faulty::Keep::Synced);
    let shop = reopen(&disk).await;
    let again = shop.execute(charge(1_000)).idempotent("order-1").await.unwrap();
    assert!(again.replayed);
    // The first charge on a rail opens the rail too: its key is on the first of two events.
    assert_eq!((again.reply, again.positions.clone()), (first.reply, first.positions.clone()));
}

#[tokio::test]
async fn a_retry_is_answered_though_its_time_is_past() {
    let (shop, _) = shop().await;
    let then = crate::shop::at("2026-03-02T09:00:00Z");
    let first = shop.execute(charge(1_000)).idempotent("order-1").at(then).await.unwrap();
    let _later = shop.execute(charge(2_000)).at(crate::shop::at("2026-03-05")).await.unwrap();
    let again = shop.execute(charge(1_000)).idempotent("order-1").at(then).await.unwrap();
    assert_eq!(again.reply, first.reply);
}

/// Years of business time pass in a moment, and the newest million positions are kept.
#[tokio::test]
async fn no_time_that_passes_on_a_simulated_clock_forgets_a_key() {
    let (shop, _) = shop().await;
    let first = shop.execute(charge(1_000)).idempotent("order-1").await.unwrap();
    let years = counterfoil::domain::calendar::AdvanceTo { to: crate::shop::at("2046-03-01") };
    let _passed = shop.execute(years).await.unwrap();
    let again = shop.execute(charge(1_000)).idempotent("order-1").await.unwrap();
    assert!(again.replayed);
    assert_eq!(again.reply, first.reply);
}

/// A group that stopped half-way is sent again: what was done is replayed, and the rest
/// happens at the time that it names, not at the ledger's.
#[tokio::test]
async fn the_rest_of_a_group_keeps_its_time() {
    let (shop, _) = shop().await;
    let [then, later] = ["2026-03-02", "2026-03-09"].map(crate::shop::at);
    let _first = shop.execute(charge(1_000)).idempotent("a").at(then).await.unwrap();
    let group = ["a", "b"].map(|key| Request::new(charge(1_000)).idempotent(key).at(later));
    let answers = shop.execute_together(vec![group.into()]).await.remove(0);
    let times: Vec<_> = answers.into_iter().map(|answer| answer.unwrap().time).collect();
    assert_eq!(times, [then, later]);
}
