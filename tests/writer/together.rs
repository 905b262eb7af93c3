//! A group of requests lands in one frame, and a split names the charge of its own group.

use counterfoil::Counterfoil;
use counterfoil::domain::money::allocate::Ask;
use counterfoil::domain::payout::{PayoutSchedule, SetPayoutSchedule};
use counterfoil::domain::split::{Commission, Part, Split};
use counterfoil::log::LedgerId;
use counterfoil::log::memory::MemoryLog;
use counterfoil::{ExecuteError, Outcome, Request, charge_of_request};

use crate::shop::{charge, onboard, settings, shop};

fn split(account: counterfoil::domain::AccountId, charge: u16, gross: i64) -> Split {
    let part = Part { account, gross: Ask::Fixed(gross), commission: Commission::None };
    Split { charges: vec![charge_of_request(charge)], transfer_group: None, parts: vec![part], details: None }
}

#[tokio::test]
async fn a_group_is_recorded_in_one_frame() {
    let (shop, _) = shop().await;
    let bakery = onboard(&shop, "bakery").await;
    let frames = shop.head().next_frame;
    let group = vec![Request::new(charge(1_000)), Request::new(split(bakery, 0, 900))];
    let answers = shop.execute_together(vec![group]).await.remove(0);
    let outcomes: Vec<Outcome> = answers.into_iter().map(|answer| answer.unwrap().reply).collect();
    assert!(matches!(outcomes[..], [Outcome::Charged(_), Outcome::Split(_)]));
    assert_eq!(shop.head().next_frame, frames + 1);
}

#[tokio::test]
async fn a_group_stops_at_its_first_refusal() {
    let (shop, _) = shop().await;
    let bakery = onboard(&shop, "bakery").await;
    let group =
        vec![Request::new(charge(1_000)), Request::new(split(bakery, 0, 1_001)), Request::new(charge(1))];
    let answers = shop.execute_together(vec![group]).await.remove(0);
    assert!(answers[0].is_ok());
    assert_eq!(answers[1].as_ref().unwrap_err().refusal().unwrap().rule(), "nets_must_not_exceed_charges");
    assert!(matches!(answers[2], Err(ExecuteError::NotTried)));
}

#[tokio::test]
async fn a_split_cannot_name_what_its_group_did_not_charge() {
    let (shop, _) = shop().await;
    let bakery = onboard(&shop, "bakery").await;
    let answers = shop.execute_together(vec![vec![Request::new(split(bakery, 3, 900))]]).await.remove(0);
    assert!(matches!(answers[0], Err(ExecuteError::Malformed { .. })));
}

/// Who feeds a source in order must not pass over a part of it.
#[tokio::test]
async fn in_order_nothing_is_tried_after_a_refused_group() {
    let (shop, _) = shop().await;
    let groups = || vec![vec![Request::new(charge(0))], vec![Request::new(charge(1_000))]];
    let apart = shop.execute_together(groups()).await;
    assert!(apart[0][0].is_err() && apart[1][0].is_ok());
    let in_order = shop.execute_in_order(groups()).await;
    assert!(in_order[0][0].is_err() && matches!(in_order[1][0], Err(ExecuteError::NotTried)));
}

/// Group commit: while one append syncs the next is decided, so that many callers share
/// frames and syncs.
#[tokio::test]
async fn many_callers_share_frames() {
    let (shop, _) = shop().await;
    let frames = shop.head().next_frame;
    let callers = (1..=400).map(|minor| {
        let shop = shop.clone();
        tokio::spawn(async move { shop.execute(charge(minor)).await.is_ok() })
    });
    for caller in callers.collect::<Vec<_>>() {
        assert!(caller.await.unwrap());
    }
    let used = shop.head().next_frame - frames;
    assert!(used < 200, "400 callers used {used} frames");
}

/// A frame takes four bytes for each event besides its own: a group of thousands of tiny
/// events was within its 48 KiB, did not fit a frame, and stopped the ledger for everybody.
#[tokio::test]
async fn a_group_of_tiny_events_is_refused_by_itself() {
    let log = MemoryLog::new(LedgerId(*settings().ledger.as_bytes())).unwrap();
    let shop = Counterfoil::builder().log(log.log()).settings(settings()).open().await.unwrap();
    let bakery = onboard(&shop, "bakery").await;
    let set = || SetPayoutSchedule {
        account: bakery,
        schedule: Some(PayoutSchedule::Manual),
        delay: None,
        minimum_balance: None,
    };
    let group = (0..5_000).map(|_| Request::new(set())).collect();
    let answers = shop.execute_together(vec![group]).await.remove(0);
    assert!(answers.iter().any(|answer| matches!(answer, Err(ExecuteError::TooLarge { .. }))));
    assert!(shop.execute(set()).await.is_ok(), "the ledger goes on");
    shop.close().await.unwrap();
}
