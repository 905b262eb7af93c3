//! Prefunding through the writer: it is used before the answer, and found again when the ledger is
//! opened again.

use counterfoil::ExecuteError;
use counterfoil::domain::AccountId;
use counterfoil::domain::money::Currency;
use counterfoil::domain::prefunding::ReleasePrefunding;
use counterfoil::domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil::domain::transfer::Transfer;

use crate::shop::{brl, onboard, reopen, shop};

const PLATFORM: AccountId = AccountId::PLATFORM;

/// The platform owes nobody and nobody waits for it: prefunding alone is why anything follows.
#[tokio::test]
async fn what_is_short_is_covered_when_the_answer_comes() {
    let (shop, disk) = shop().await;
    let bakery = onboard(&shop, "bakery").await;
    let plain = CreateTopup::new(PLATFORM, brl(300));
    let prefunding = CreateTopup::prefunding(PLATFORM, brl(400));
    let spent = shop.execute(plain.clone()).idempotent("top-up").await.unwrap().reply.object;
    let elsewhere = shop.execute(prefunding.clone()).idempotent("top-up").await.unwrap_err();
    assert!(matches!(elsewhere, ExecuteError::KeyReused { key } if key == "top-up"));
    let again = shop.execute(plain).idempotent("top-up").await.unwrap();
    assert!(again.replayed && again.reply.object == spent);
    let prefunded = shop.execute(prefunding).await.unwrap().reply.object;
    for topup in [spent, prefunded] {
        let _arrived = shop.execute(MarkTopupSucceeded { topup }).await.unwrap();
    }
    let _moved = shop.execute(Transfer::new(bakery, brl(300))).await.unwrap();
    let before = shop.ledger().await.unwrap();
    shop.close().await.unwrap();

    let shop = reopen(&disk).await;
    assert_eq!(shop.ledger().await.unwrap(), before);
    let _reversed = shop.execute(MarkTopupReversed { topup: spent }).await.unwrap();
    let ledger = shop.ledger().await.unwrap();
    let wallet = ledger.account(PLATFORM).unwrap().wallet(Currency::BRL).unwrap();
    assert_eq!((wallet.available, wallet.prefunded), (0, 100));
    shop.close().await.unwrap();

    let shop = reopen(&disk).await;
    assert_eq!(shop.ledger().await.unwrap(), ledger);
    let released = shop.execute(ReleasePrefunding::new(PLATFORM, brl(60))).await.unwrap().reply;
    assert_eq!(released.amount, 60);
    shop.caught_up().await.unwrap();
    let object = shop.views(|views| views.objects().get(released.object.into())).unwrap().unwrap();
    assert_eq!((object.amount, object.owner), (60, PLATFORM));
    let funds = shop.views(|views| views.balance().funds(PLATFORM, Currency::BRL));
    assert_eq!((funds.available, funds.prefunded), (60, 40));
}
