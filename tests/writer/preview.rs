//! A preview takes the same path and leaves no trace.

use counterfoil::Counterfoil;
use counterfoil::domain::Event;
use counterfoil::domain::account::OnboardAccount;
use counterfoil::domain::calendar::AdvanceTo;
use counterfoil::domain::charge::{Charge, ChargeKind};
use counterfoil::domain::payout::{MarkPayoutPaid, PayoutSchedule, RequestPayout};
use counterfoil::domain::transfer::Transfer;

use crate::shop::{at, brl, charge, onboard, seller, shop};

#[tokio::test]
async fn a_preview_says_what_would_happen_and_records_nothing() {
    let (shop, _) = shop().await;
    let before = shop.head();
    let preview = shop.preview(charge(1_000)).await.unwrap();
    assert_eq!(shop.head(), before);
    let done = shop.execute(charge(1_000)).await.unwrap();
    assert_eq!(preview.reply, done.reply);
    assert_eq!(preview.positions, done.positions);
}

#[tokio::test]
async fn a_preview_is_refused_as_the_command_is() {
    let (shop, _) = shop().await;
    let bakery = onboard(&shop, "bakery").await;
    let transfer = Transfer::new(bakery, brl(500));
    let preview = shop.preview(transfer.clone()).await.unwrap_err();
    let refused = shop.execute(transfer).await.unwrap_err();
    assert_eq!(preview.refusal(), refused.refusal());
}

/// Money matures in between; the preview sees it and the ledger's time stands still.
#[tokio::test]
async fn a_preview_of_a_later_time_sees_what_falls_due_until_then() {
    let (shop, _) = shop().await;
    let charged = shop.execute(charge(1_000)).at(at("2026-03-02T12:00:00Z")).await.unwrap();
    let before = shop.head();
    let payout = RequestPayout {
        account: counterfoil::domain::AccountId::PLATFORM,
        currency: counterfoil::domain::money::Currency::BRL,
        amount: Some(1_000),
    };
    assert!(shop.preview(payout).await.is_err(), "nothing is available yet");
    let later = charged.reply.available_on.start();
    assert_eq!(shop.preview(payout).at(later).await.unwrap().reply.amount, 1_000);
    assert_eq!(shop.head(), before);
}

/// A shop whose seller is paid out every day, with a sale to be paid out.
async fn shop_with_a_sale() -> Counterfoil {
    let (shop, _) = shop().await;
    let bakery = OnboardAccount { schedule: PayoutSchedule::Daily, ..*seller("bakery") };
    let account = shop.execute(Box::new(bakery)).await.unwrap().reply;
    let kind = ChargeKind::Direct { account, application_fee: 0 };
    let sale = Charge { kind, ..charge(1_000) };
    let _sold = shop.execute(sale).at(at("2026-03-02T12:00:00Z")).await.unwrap();
    shop
}

/// The payout was made by what falls due until then: the preview did not know it, and
/// refused what was done a moment later.
#[tokio::test]
async fn a_preview_knows_the_payouts_that_fall_due_until_then() {
    let to = at("2026-06-01");
    let twin = shop_with_a_sale().await;
    let _passed = twin.execute(AdvanceTo { to }).await.unwrap();
    let mut feed = twin.subscribe(0);
    let payout = loop {
        if let Event::PayoutCreated(made) = feed.try_next().await.unwrap().unwrap().event {
            break made.id;
        }
    };

    let shop = shop_with_a_sale().await;
    let before = shop.head();
    let preview = shop.preview(MarkPayoutPaid { payout }).at(to).await.unwrap();
    assert_eq!(shop.head(), before);
    let done = shop.execute(MarkPayoutPaid { payout }).at(to).await.unwrap();
    assert_eq!((preview.reply, preview.positions), (done.reply, done.positions));
}

#[tokio::test]
async fn no_view_ever_sees_a_preview() {
    let (shop, _) = shop().await;
    let preview = shop.preview(charge(1_000)).await.unwrap();
    assert!(preview.preview && preview.seen_by(counterfoil::View::Balance).await.is_err());
    let done = shop.execute(charge(1_000)).await.unwrap();
    assert!(!done.preview && done.seen_by(counterfoil::View::Balance).await.is_ok());
}
