//! Whole stories with simulated rails.

use std::sync::Arc;

use async_trait::async_trait;
use counterfoil::domain::account::{AttachBankAccount, KeyId};
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::charge::{AskCharge, Authorise, CaptureCharge, DeclineCode};
use counterfoil::domain::money::Currency;
use counterfoil::domain::payout::RequestPayout;
use counterfoil::domain::rail::RailName;
use counterfoil::domain::refund::Refund;
use counterfoil::domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil::rails::bank::{BankAnswer, BankAsk, BankFact, BankRail, BankRefusal};
use counterfoil::rails::{Answer, Cursor, Page, RailError, Settings};
use counterfoil::saga::{Paid, Saga};

use crate::processor::{Bank, Processor, Steps, read};
use crate::shop::{MONDAY, at, events, impatient, onboard, open, sale, separate, simulated, told, usd};

#[tokio::test]
async fn a_charge_is_captured_matures_and_is_paid_out_at_the_bank() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "110000000 000123456789").await;
    let saga = simulated(&shop, Settings::seeded(7)).await;
    let asked = shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1").at(at(MONDAY));
    let Paid::Captured { transfer: Some(_), .. } = saga.charge(asked).await.unwrap() else {
        panic!("the card is good");
    };
    let heard = saga.advance(at("2026-03-10T12:00:00Z")).await.unwrap();
    assert_eq!(heard.unrecorded, []);

    // 100.00 come in; the seller has 85.00 of them, which mature on Wednesday, two business days
    // later, are paid out that day and arrive on the next business day.
    assert_eq!(
        told(&events(&shop).await),
        [
            "2026-03-02T10:00:00Z ledger_opened 0",
            "2026-03-02T10:00:00Z account_onboarded 0",
            "2026-03-02T10:00:00Z rail_opened 0",
            "2026-03-02T10:00:00Z charge_asked 0",
            "2026-03-02T10:00:00Z charge_captured 21500",
            "2026-03-04T00:00:00Z funds_matured 1500",
            "2026-03-04T00:00:00Z funds_matured 8500",
            "2026-03-04T00:00:00Z payout_created 8500",
            "2026-03-05T00:00:00Z payout_paid 8500",
        ]
    );
}

#[tokio::test]
async fn a_decline_is_an_outcome_with_its_code_and_books_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000123456789").await;
    let saga = simulated(&shop, Settings::seeded(7)).await;
    for (card, code) in [
        ("tok_chargeDeclinedInsufficientFunds", DeclineCode::InsufficientFunds),
        ("tok_chargeDeclinedLostCard", DeclineCode::LostCard),
        ("tok_chargeDeclined", DeclineCode::GenericDecline),
        // No bank was asked: the processor knows no such card.
        ("tok_vista", DeclineCode::NotTaken),
    ] {
        let asked = shop.execute(sale(seller, 10_000, card)).idempotent(card);
        let paid = saga.charge(asked).await.unwrap();
        assert!(matches!(paid, Paid::Declined { code: declined, .. } if declined == code), "{paid:?}");
        // The same request again is the same charge, and not asked again.
        let again = shop.execute(sale(seller, 10_000, card)).idempotent(card);
        assert_eq!(saga.charge(again).await.unwrap(), paid);
    }
    let events = events(&shop).await;
    assert!(events.iter().all(|recorded| recorded.event.entry().is_none()));
    assert_eq!(told(&events).iter().filter(|told| told.contains("charge_declined")).count(), 4);
}

#[tokio::test]
async fn a_payout_that_comes_back_is_the_sellers_again() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let returned = onboard(&shop, "bakery", "bank_returned").await;
    let unknown = onboard(&shop, "florist", "999999999").await;
    let saga = simulated(&shop, Settings::seeded(7)).await;
    for (order, seller) in [("order-1", returned), ("order-2", unknown)] {
        let asked = shop.execute(sale(seller, 10_000, "tok_bypassPending")).idempotent(order).at(at(MONDAY));
        saga.charge(asked).await.unwrap();
    }
    saga.advance(at("2026-03-20")).await.unwrap();
    let told = told(&events(&shop).await);
    let payouts: Vec<&str> =
        told.iter().filter(|told| told.contains("payout_")).map(String::as_str).collect();
    // The florist's bank account is none: the bank does not take the ask. The bakery's takes the
    // payout and returns it three business days later; then neither is paid any more.
    assert_eq!(
        payouts,
        [
            "2026-03-03T00:00:00Z payout_created 8500",
            "2026-03-03T00:00:00Z payout_created 8500",
            "2026-03-03T00:00:00Z payout_failed 8500",
            "2026-03-04T00:00:00Z payout_paid 8500",
            "2026-03-09T00:00:00Z payout_failed 8500",
        ]
    );
}

/// Simulators in memory follow from the asks in the log: a new process has the same ones.
#[tokio::test]
async fn a_new_process_makes_the_same_rails_again() {
    let story = async |reopened: bool| {
        let folder = tempfile::tempdir().unwrap();
        let mut shop = open(folder.path()).await;
        let seller = onboard(&shop, "bakery", "bank_returned").await;
        let mut saga = simulated(&shop, Settings::seeded(7)).await;
        for day in 2..12 {
            let (order, when) = (format!("order-{day}"), format!("2026-03-{day:02}T11:00:00Z"));
            saga.advance(at(&when)).await.unwrap();
            let asked = shop.execute(sale(seller, 10_000, "tok_drawn")).idempotent(order).at(at(&when));
            saga.charge(asked).await.unwrap();
            if reopened {
                drop(saga);
                shop.close().await.unwrap();
                shop = open(folder.path()).await;
                saga = simulated(&shop, Settings::seeded(7)).await;
            }
        }
        saga.advance(at("2026-04-01")).await.unwrap();
        told(&events(&shop).await)
    };
    let (once, reopened) = (story(false).await, story(true).await);
    assert!(once.len() > 30, "{once:#?}");
    assert_eq!(once, reopened);
}

/// Refunds at the processor: one that is pending for five days, one that fails after ten, one that
/// the processor does not take because the payer disputes the payment.
#[tokio::test]
async fn a_refund_is_asked_for_and_goes_the_processors_way() {
    for (card, came) in [
        ("tok_visa", vec!["2026-03-02T10:00:00Z charge_refunded 10000"]),
        (
            "tok_pendingRefund",
            vec![
                "2026-03-02T10:00:00Z charge_refunded 10000",
                "2026-03-02T10:00:00Z refund_pending 0",
                "2026-03-07T10:00:00Z refund_succeeded 0",
            ],
        ),
        (
            "tok_refundFail",
            vec!["2026-03-02T10:00:00Z charge_refunded 10000", "2026-03-12T10:00:00Z refund_failed 10000"],
        ),
        (
            "tok_createDispute",
            vec!["2026-03-02T11:00:00Z charge_refunded 10000", "2026-03-02T11:00:00Z refund_failed 10000"],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let shop = open(folder.path()).await;
        let saga = simulated(&shop, Settings::seeded(7)).await;
        let asked = AskCharge { charge: Box::new(separate(10_000)), card: card.into() };
        let asked = shop.execute(asked).idempotent("order-1").at(at(MONDAY));
        let Paid::Captured { charge, .. } = saga.charge(asked).await.unwrap() else {
            panic!("the card is good");
        };
        let when = if card == "tok_createDispute" { at("2026-03-02T11:00:00Z") } else { at(MONDAY) };
        // Of the dispute nobody has heard yet.
        if card != "tok_createDispute" {
            saga.hear(when).await.unwrap();
        }
        let _receipt = shop.execute(Refund::full(charge)).idempotent("back").at(when).await.unwrap();
        saga.put().await.unwrap();
        saga.advance(at("2026-03-20")).await.unwrap();
        let told = told(&events(&shop).await);
        let refund: Vec<&str> =
            told.iter().filter(|told| told.contains("refund")).map(String::as_str).collect();
        assert_eq!(refund, came, "{card}");
    }
}

/// The seller changed banks after the payout was made and before anybody asked: it goes to the
/// bank account that it was made for, so that a second ask is the same one.
#[tokio::test]
async fn a_payout_goes_to_the_bank_account_that_it_was_made_for() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000000000002").await;
    let topup = CreateTopup::new(seller, usd(5_000));
    let topup = shop.execute(topup).await.unwrap().reply.object;
    let _arrived = shop.execute(MarkTopupSucceeded { topup }).await.unwrap();
    let request = RequestPayout { account: seller, currency: Currency::USD, amount: None };
    let _asked = shop.execute(request).await.unwrap();
    let number = shop.seal(KeyId([9; 16]), "000000000003").unwrap();
    let new = AttachBankAccount { account: seller, currency: Currency::USD, number, last4: *b"0003" };
    let _filed = shop.execute(Box::new(new)).await.unwrap();

    let steps: &'static Steps = Box::leak(Box::new(Steps::new(0)));
    for _ in 0..2 {
        let (cards, bank) = (Processor::new(folder.path(), steps), Bank::new(folder.path(), steps));
        let saga = Saga::builder(&shop, Arc::new(cards), Arc::new(bank)).patience(impatient());
        saga.open().await.unwrap();
    }
    let asked: Vec<String> =
        read(&folder.path().join("bank.asked")).into_iter().map(|[.., what]| what).collect();
    assert_eq!(asked, ["5000 2026-03-03 000000000002"], "asked once, and marked");
}

/// A bank that did something else under every key, and tells nothing of it.
struct Reused(RailName);

#[async_trait]
impl BankRail for Reused {
    fn name(&self) -> &RailName {
        &self.0
    }

    async fn ask(&self, _: Timestamp, ask: &BankAsk) -> Result<BankAnswer, RailError> {
        Ok(Answer::Refused(BankRefusal::KeyReused { key: ask.key }))
    }

    async fn facts(&self, _: Option<&Cursor>, _: Timestamp, _: usize) -> Result<Page<BankFact>, RailError> {
        Ok(Page { told: Vec::new(), next: None, more: false })
    }
}

/// The answer that a key was used for something else was recorded as a payout that failed: the
/// bank may have paid, and the next payday would have paid again. The payout stays on its way, and
/// is reported.
#[tokio::test]
async fn a_key_that_was_used_otherwise_is_no_failure() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000000000002").await;
    let topup = CreateTopup::new(seller, usd(5_000));
    let topup = shop.execute(topup).await.unwrap().reply.object;
    let _arrived = shop.execute(MarkTopupSucceeded { topup }).await.unwrap();
    let request = RequestPayout { account: seller, currency: Currency::USD, amount: None };
    let _asked = shop.execute(request).await.unwrap();

    let steps: &'static Steps = Box::leak(Box::new(Steps::new(0)));
    let cards = Processor::new(folder.path(), steps);
    let bank = Reused(RailName::new(RailName::BANK).unwrap());
    let saga = Saga::builder(&shop, Arc::new(cards), Arc::new(bank)).patience(impatient());
    let saga = saga.open().await.unwrap();
    let heard = saga.hear(at("2026-03-04")).await.unwrap();
    assert_eq!((heard.recorded, heard.unrecorded.len()), (0, 1), "{heard:?}");
    assert_eq!(heard.unrecorded[0].said.name(), "refused", "{heard:?}");
    let told = told(&events(&shop).await);
    assert!(!told.iter().any(|told| told.contains("payout_failed")), "{told:?}");
}

/// What was recorded as a fact is not the saga's: its refund is given back by whoever took it.
#[tokio::test]
async fn a_charge_that_was_not_asked_for_is_not_asked_back() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let saga = simulated(&shop, Settings::seeded(7)).await;
    let once = shop.execute(separate(10_000)).await.unwrap().reply.charge;
    let held = Authorise { charge: Box::new(separate(20_000)), capture_before: None };
    let held = shop.execute(held).await.unwrap().reply.object;
    let _captured = shop.execute(CaptureCharge::full(held)).await.unwrap();
    for charge in [once, held] {
        let _back = shop.execute(Refund::full(charge)).await.unwrap();
    }
    saga.put().await.unwrap();
    let heard = saga.hear(at("2026-04-01")).await.unwrap();
    assert_eq!((heard.recorded, heard.known, heard.unrecorded.len()), (0, 0, 0));
}
