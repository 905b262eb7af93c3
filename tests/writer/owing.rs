//! A bank debit that is on its way lives through a new opening of its ledger.

use counterfoil::domain::account::{AttachBankAccount, KeyId, Sealed};
use counterfoil::domain::bank_debit::{MarkBankDebitSucceeded, SetDebitNegativeBalances};
use counterfoil::domain::calendar::AdvanceTo;
use counterfoil::domain::money::Currency;
use counterfoil::domain::payout::{PayoutSchedule, SetPayoutSchedule};
use counterfoil::domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil::domain::{BankDebitId, Event, Step};

use crate::shop::{at, brl, onboard, reopen, shop};

#[tokio::test]
async fn a_debit_is_asked_once_though_its_ledger_was_opened_again() {
    let (shop, disk) = shop().await;
    let account = onboard(&shop, "bakery").await;
    let number = Sealed { key: KeyId([1; 16]), fingerprint: [2; 8], ciphertext: Box::new([3; 16]) };
    let bank = AttachBankAccount { account, currency: Currency::BRL, number, last4: *b"6789" };
    drop(shop.execute(Box::new(bank)).at(at("2026-03-02T12:00:00Z")).await.unwrap());
    let daily = Some(PayoutSchedule::Daily);
    let daily = SetPayoutSchedule { account, schedule: daily, delay: None, minimum_balance: None };
    drop(shop.execute(daily).await.unwrap());
    let on = shop.execute(SetDebitNegativeBalances { account, on: true }).await.unwrap();
    assert_eq!(on.reply, account);
    let topup = CreateTopup::new(account, brl(900));
    let topup = shop.execute(topup).await.unwrap().reply.object;
    drop(shop.execute(MarkTopupSucceeded { topup }).await.unwrap());
    drop(shop.execute(AdvanceTo { to: at("2026-03-03") }).await.unwrap());
    // It was paid out, and goes back: the seller owes it.
    drop(shop.execute(MarkTopupReversed { topup }).await.unwrap());
    drop(shop.execute(AdvanceTo { to: at("2026-03-04") }).await.unwrap());
    let ledger = shop.ledger().await.unwrap();
    shop.close().await.unwrap();

    let shop = reopen(&disk).await;
    assert_eq!(shop.ledger().await.unwrap(), ledger);
    drop(shop.execute(AdvanceTo { to: at("2026-03-05") }).await.unwrap());
    let mut feed = shop.subscribe(0);
    let mut asked = Vec::new();
    while let Some(recorded) = feed.try_next().await.unwrap() {
        if let Event::Moved(moved) = &recorded.event
            && moved.step == Step::BankDebitCreated
        {
            asked.push(BankDebitId::new(recorded.position, 0));
        }
    }
    let [bank_debit] = asked[..] else { panic!("{asked:?}") };
    let arrived = shop.execute(MarkBankDebitSucceeded { bank_debit }).await.unwrap().reply;
    assert_eq!((arrived.object, arrived.amount), (bank_debit, 900));
    let ledger = shop.ledger().await.unwrap();
    assert_eq!(ledger.account(account).unwrap().available(Currency::BRL), 0);
}
