//! Refunds through the writer: their records are read back from the log, also from events
//! that do not name them, and what waits is done by time.

use counterfoil::domain::charge::{Charge, ChargeKind, DestinationShare};
use counterfoil::domain::refund::{MarkRefundFailed, OnShortfall, Recover, Refund, RefundFailure};
use counterfoil::domain::split::SplitByRule;
use counterfoil::domain::split::rule::{Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, SplitRule};
use counterfoil::domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil::domain::transfer::Transfer;
use counterfoil::domain::{AccountId, RefundId, ReversalId};
use counterfoil::views::ObjectRef;
use counterfoil::{Counterfoil, Request};

use crate::shop::{at, brl, charge, onboard, reopen, shop};

/// How an object stands, and what of it went back.
async fn standing(shop: &Counterfoil, object: impl Into<ObjectRef>) -> (&'static str, i64) {
    shop.caught_up().await.unwrap();
    let object = object.into();
    let found = shop.views(|views| views.objects().get(object)).unwrap().unwrap();
    (found.status, found.returned)
}

#[tokio::test]
async fn a_refund_that_was_done_at_once_fails_after_the_ledger_was_opened_again() {
    let (shop, disk) = shop().await;
    let account = onboard(&shop, "bakery").await;
    let kind = ChargeKind::Destination { account, share: DestinationShare::LessApplicationFee(100) };
    let sale = shop.execute(Charge { kind, ..charge(1_000) }).await.unwrap().reply;
    let refund = Refund {
        amount: Some(500),
        recover: Recover::OwnTransfer,
        refund_application_fee: true,
        ..Refund::full(sale.charge)
    };
    let made = shop.execute(refund).await.unwrap().reply;
    assert_eq!((made.amount, made.reversed, made.fee_refunded, made.waiting), (500, 500, 50, false));
    let reversal = ReversalId::new(made.refund.0.position(), 1);
    assert_eq!(standing(&shop, reversal).await, ("succeeded", 0));
    let ledger = shop.ledger().await.unwrap();
    shop.close().await.unwrap();

    let shop = reopen(&disk).await;
    assert_eq!(shop.ledger().await.unwrap(), ledger);
    assert_eq!(standing(&shop, made.refund).await, ("succeeded", 0));
    let failed = MarkRefundFailed { refund: made.refund, failure: RefundFailure::Declined };
    let failed = shop.execute(failed).await.unwrap().reply;
    assert_eq!((failed.object, failed.amount), (made.refund, -500));
    assert_eq!(standing(&shop, made.refund).await, ("failed", 0));
    assert_eq!(standing(&shop, reversal).await, ("succeeded", 500));
    assert_eq!(standing(&shop, sale.charge).await, ("succeeded", 0));
}

#[tokio::test]
async fn a_refund_that_waits_is_done_after_the_ledger_was_opened_again() {
    let (shop, disk) = shop().await;
    let bakery = onboard(&shop, "bakery").await;
    let sale = shop.execute(charge(1_000)).at(at("2026-03-02T12:00:00Z")).await.unwrap().reply;
    let all = Transfer { source_charge: Some(sale.charge), ..Transfer::new(bakery, brl(1_000)) };
    let _moved = shop.execute(all).await.unwrap();
    let refund = Refund { on_shortfall: Some(OnShortfall::Wait), ..Refund::full(sale.charge) };
    let request = || Request::new(refund.clone()).idempotent("order-17 back");
    let [made, again] =
        [shop.execute_batch(vec![request()]).await, shop.execute_batch(vec![request()]).await]
            .map(|answers| answers.into_iter().next().unwrap().unwrap());
    assert_eq!(made.reply, again.reply, "the same request is the same refund");
    let refund = RefundId::new(made.positions.start, 0);
    assert_eq!(standing(&shop, refund).await, ("pending", 0));
    let ledger = shop.ledger().await.unwrap();
    assert_eq!(ledger.agenda().waits().count(), 1);
    shop.close().await.unwrap();

    let shop = reopen(&disk).await;
    assert_eq!(shop.ledger().await.unwrap(), ledger);
    let (account, amount) = (AccountId::PLATFORM, brl(1_000));
    let topup = CreateTopup { account, amount, transfer_group: None, details: None };
    let topup = shop.execute(topup).await.unwrap().reply.object;
    assert_eq!(standing(&shop, refund).await, ("pending", 0));
    let _arrived = shop.execute(MarkTopupSucceeded { topup }).await.unwrap();
    assert_eq!(standing(&shop, refund).await, ("succeeded", 0), "it is done with what brought the money");
    assert_eq!(shop.ledger().await.unwrap().agenda().waits().count(), 0);
}

/// What each part bears is read from the split's record, which was made long before.
#[tokio::test]
async fn a_refund_by_liability_is_known_again_and_fails_after_the_ledger_was_opened_again() {
    let (shop, disk) = shop().await;
    let (bakery, florist) = (onboard(&shop, "bakery").await, onboard(&shop, "florist").await);
    let parts = vec![RulePart::new(bakery, ShareOf::Fixed(600)), RulePart::new(florist, ShareOf::Fixed(300))];
    let rule = SplitRule { parts, rounding: Rounding::Ordered };
    let set = SetSplitRule { of: RuleSet::New(brl(0).currency), rule, details: None };
    let rule = shop.execute(set).await.unwrap().reply.object;
    let sale = shop.execute(charge(1_000)).await.unwrap().reply.charge;
    let share = SplitByRule { charges: vec![sale], rule, version: None, transfer_group: None, details: None };
    let split = shop.execute(share).await.unwrap().reply.object;
    shop.close().await.unwrap();

    let shop = reopen(&disk).await;
    let refund = Refund { amount: Some(500), recover: Recover::by_liability([split]), ..Refund::full(sale) };
    let made = shop.execute(refund.clone()).idempotent("half").await.unwrap().reply;
    assert_eq!((made.amount, made.reversed, made.waiting), (500, 450, false));
    let ledger = shop.ledger().await.unwrap();
    shop.close().await.unwrap();

    let shop = reopen(&disk).await;
    assert_eq!(shop.ledger().await.unwrap(), ledger);
    let again = shop.execute(refund.clone()).idempotent("half").await.unwrap();
    assert!(again.replayed && again.reply == made);
    // Another way of taking back is another request.
    let other = Refund { recover: Recover::None, ..refund };
    assert!(shop.execute(other).idempotent("half").await.is_err());
    let failed = MarkRefundFailed { refund: made.refund, failure: RefundFailure::Declined };
    assert_eq!(shop.execute(failed).await.unwrap().reply.amount, -500);
    let [first, second] = [1, 2].map(|ordinal| ReversalId::new(made.refund.0.position(), ordinal));
    assert_eq!(standing(&shop, first).await, ("succeeded", 300));
    assert_eq!(standing(&shop, second).await, ("succeeded", 150));
}
