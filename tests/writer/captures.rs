//! Charges that are captured later: through the log, its keys, due work and a second opening.

use counterfoil::domain::AccountId;
use counterfoil::domain::calendar::AdvanceTo;
use counterfoil::domain::charge::{
    Authorise, BeginCharge, CancelCharge, CaptureCharge, Charge, ChargeKind, MarkChargeFailed,
};
use counterfoil::domain::payout::FailureCode;
use counterfoil::domain::transfer::Transfer;

use crate::shop::{at, brl, charge, onboard, reopen, shop};

fn authorise(minor: i64) -> Authorise {
    Authorise { charge: Box::new(charge(minor)), capture_before: None }
}

#[tokio::test]
async fn a_capture_under_a_key_is_done_once_also_after_the_ledger_was_opened_again() {
    let (shop, disk) = shop().await;
    let id = shop.execute(authorise(10_000)).await.unwrap().reply.object;
    let part = CaptureCharge { amount: Some(4_000), final_capture: false, ..CaptureCharge::full(id) };
    let first = shop.execute(part).idempotent("box-1").await.unwrap();
    assert_eq!((first.reply.object, first.reply.amount), (id, 4_000));
    shop.close().await.unwrap();
    let shop = reopen(&disk).await;
    let again = shop.execute(part).idempotent("box-1").await.unwrap();
    assert!(again.replayed);
    assert_eq!(again.reply, first.reply);
    let rest = shop.execute(CaptureCharge::full(id)).await.unwrap();
    assert_eq!(rest.reply.amount, 6_000);
    let refused = shop.execute(CancelCharge { charge: id }).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().rule(), "charge_must_be_authorised");
}

#[tokio::test]
async fn an_authorisation_expires_in_a_ledger_that_was_opened_again() {
    let (shop, disk) = shop().await;
    let made = shop.execute(authorise(10_000)).at(at("2026-03-02T12:00:00Z")).await.unwrap();
    let ledger = shop.ledger().await.unwrap();
    shop.close().await.unwrap();
    let shop = reopen(&disk).await;
    assert_eq!(shop.ledger().await.unwrap(), ledger);
    let before = shop.preview(CaptureCharge::full(made.reply.object)).at(at("2026-03-09T11:59:59Z")).await;
    assert_eq!(before.unwrap().reply.amount, 10_000);
    let advance = shop.execute(AdvanceTo { to: at("2026-03-10") }).await.unwrap();
    assert_eq!(advance.reply, at("2026-03-10"));
    let late = shop.execute(CaptureCharge::full(made.reply.object)).await.unwrap_err();
    assert_eq!(late.refusal().unwrap().rule(), "capture_must_precede_expiry");
}

#[tokio::test]
async fn a_payment_fails_with_the_transfers_that_it_was_shared_in() {
    let (shop, disk) = shop().await;
    let bakery = onboard(&shop, "bakery").await;
    let begun = shop.execute(BeginCharge { charge: Box::new(charge(10_000)) }).await.unwrap();
    let id = begun.reply.object;
    let transfer = Transfer { source_charge: Some(id), ..Transfer::new(bakery, brl(8_000)) };
    let _moved = shop.execute(transfer.clone()).await.unwrap();
    let _direct = shop
        .execute(Charge { kind: ChargeKind::Direct { account: bakery, application_fee: 0 }, ..charge(500) })
        .await
        .unwrap();
    shop.close().await.unwrap();
    let shop = reopen(&disk).await;
    let failed = shop.execute(MarkChargeFailed { charge: id, code: FailureCode::NoAccount }).await.unwrap();
    assert_eq!(failed.reply.amount, 10_000);
    let ledger = shop.ledger().await.unwrap();
    let pending = |account: AccountId| {
        let wallet = ledger.account(account).and_then(|it| it.wallet(brl(0).currency).cloned());
        wallet.map_or(0, |wallet| wallet.pending)
    };
    assert_eq!((pending(AccountId::PLATFORM), pending(bakery)), (0, 500));
    let refused = shop.execute(transfer).await.unwrap_err();
    assert_eq!(refused.refusal().unwrap().rule(), "charge_must_have_brought_money");
}
