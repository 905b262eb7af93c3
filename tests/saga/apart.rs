//! What one rail does, or time, keeps nobody else waiting.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use counterfoil::Counterfoil;
use counterfoil::domain::PayoutId;
use counterfoil::domain::account::{AttachBankAccount, KeyId, Sealed};
use counterfoil::domain::calendar::AdvanceTo;
use counterfoil::domain::money::Currency;
use counterfoil::domain::payout::RequestPayout;
use counterfoil::domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil::log::memory::MemoryLog;
use counterfoil::log::{AppendError, EventLog, Frame, Head, LedgerId, ReadError};
use counterfoil::rails::bank::{BankOrder, Flow, OrderResult};
use counterfoil::rails::{Answer, AskKey, BankFact, CardFact, FactId, Settings, Told};
use counterfoil::saga::{Paid, Patience, Saga, SagaError};

use crate::scripted::{bank, cards, quiet_bank, silence};
use crate::shop::{MONDAY, at, events, impatient, onboard, open, sale, settings, simulated, told, usd};

/// Money that a seller can be paid at once, and a payout of it.
async fn payout(shop: &Counterfoil, seller: counterfoil::domain::AccountId) -> PayoutId {
    let topup = shop.execute(CreateTopup::new(seller, usd(5_000))).await.unwrap().reply.object;
    let _arrived = shop.execute(MarkTopupSucceeded { topup }).await.unwrap();
    let request = RequestPayout { account: seller, currency: Currency::USD, amount: None };
    shop.execute(request).await.unwrap().reply.payout
}

/// A processor that captures at once.
fn capturing() -> Arc<crate::scripted::Cards> {
    cards(|ask| {
        let counterfoil::rails::card::CardOrder::Authorise { amount, .. } = &ask.order else {
            return Ok(Answer::Taken(Vec::new()));
        };
        let (payment, amount) = (ask.key, *amount);
        let fact = CardFact::Captured { payment, capture: payment, amount, last: true, available_on: None };
        let id = FactId::new(&format!("captured_{payment}")).unwrap();
        Ok(Answer::Taken(vec![Told { id, at: at(MONDAY), fact }]))
    })
}

/// A bank account that nobody can open.
fn altered() -> Sealed {
    Sealed { key: KeyId([9; 16]), fingerprint: [1; 8], ciphertext: Box::new([7; 60]) }
}

/// A seller's bank account that cannot be opened (a sealed number that was altered) stopped every
/// card charge with an error, and every other seller's payout behind it for ever. The payout waits,
/// is reported, and is put again; cards and other payouts go on.
#[tokio::test]
async fn a_bad_payee_stops_neither_charges_nor_the_payouts_of_others() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let (good, bad) =
        (onboard(&shop, "bakery", "000000000001").await, onboard(&shop, "florist", "000000000002").await);
    let file =
        AttachBankAccount { account: bad, currency: Currency::USD, number: altered(), last4: *b"0002" };
    let _filed = shop.execute(Box::new(file)).await.unwrap();
    let _bad = payout(&shop, bad).await;
    let paid = payout(&shop, good).await;
    let (processor, bank) = (capturing(), quiet_bank());
    let builder = || Saga::builder(&shop, processor.clone(), bank.clone()).patience(impatient());
    let saga = builder().open().await.unwrap();
    let asked = shop.execute(sale(good, 10_000, "tok_visa")).idempotent("order-1");
    assert!(matches!(saga.charge(asked).await.unwrap(), Paid::Captured { .. }));
    let keys: Vec<AskKey> = bank.asked().iter().map(|ask| ask.key).collect();
    assert_eq!(keys, [AskKey::of(paid.0)], "the bakery is paid, the florist waits");
    for _ in 0..2 {
        let heard = saga.hear(at(MONDAY)).await.unwrap();
        assert_eq!(heard.unrecorded.len(), 1, "{heard:?}");
        assert!(heard.unrecorded[0].to_string().contains("where to pay"), "{heard:?}");
    }
    // Nor does a new process forget it.
    drop(saga);
    let saga = builder().open().await.unwrap();
    assert_eq!(saga.hear(at(MONDAY)).await.unwrap().unrecorded.len(), 1);
}

/// A bank that was silent held a card charge for five tries of up to thirty seconds, although the
/// processor had answered.
#[tokio::test]
async fn a_silent_bank_does_not_hold_up_a_card() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000000000001").await;
    let (processor, silent) = (capturing(), bank(|_| silence()));
    let saga = Saga::builder(&shop, processor, silent.clone()).patience(impatient()).open().await.unwrap();
    let _payout = payout(&shop, seller).await;
    let asked = shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1");
    let paid = saga.charge(asked).await.unwrap();
    assert!(matches!(paid, Paid::Captured { .. }), "{paid:?}");
    assert_eq!(silent.asked().len(), 0, "the bank has no part in it");
}

/// While somebody listened to a silent bank, nobody could charge a card: both wait for the rails by
/// turns, and each rail is served by itself.
#[tokio::test]
async fn cards_are_charged_while_somebody_waits_for_the_bank() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000000000001").await;
    let wait = Duration::from_secs(2);
    let patience = Patience { tries: 2, first_wait: wait, longest_wait: wait, ..impatient() };
    let silent = bank(|_| silence());
    let saga = Saga::builder(&shop, capturing(), silent.clone()).patience(patience).open().await.unwrap();
    let _payout = payout(&shop, seller).await;
    let order = Mutex::new(Vec::new());
    let listening = async {
        let error = saga.hear(at(MONDAY)).await.unwrap_err();
        assert!(matches!(error, SagaError::OutOfReach { tries: 2, .. }), "{error}");
        order.lock().unwrap().push("listened");
    };
    let charging = async {
        while silent.asked().is_empty() {
            tokio::task::yield_now().await;
        }
        let asked = shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1");
        assert!(matches!(saga.charge(asked).await.unwrap(), Paid::Captured { .. }));
        order.lock().unwrap().push("charged");
    };
    tokio::join!(listening, charging);
    assert_eq!(order.into_inner().unwrap(), ["charged", "listened"]);
    assert_eq!(silent.asked().len(), 2, "it is asked no more in the same call");
}

/// The caller moved a simulated clock on by its own command; the saga went on from where it had
/// seen time last, was refused because time does not go back, and was so at every later call.
#[tokio::test]
async fn time_that_somebody_else_moved_on_is_no_obstacle() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000123456789").await;
    let saga = simulated(&shop, Settings::seeded(7)).await;
    let asked = shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1").at(at(MONDAY));
    saga.charge(asked).await.unwrap();
    let _moved = shop.execute(AdvanceTo { to: at("2026-03-05T12:00:00Z") }).await.unwrap();
    saga.advance(at("2026-03-10")).await.unwrap();
    let told = told(&events(&shop).await);
    assert_eq!(told.last().unwrap(), "2026-03-05T12:00:00Z payout_paid 8500", "{told:#?}");
}

/// A log that counts how often somebody reads its first frame.
struct Counted {
    log: Arc<dyn EventLog>,
    began: AtomicU32,
}

#[async_trait]
impl EventLog for Counted {
    fn ledger(&self) -> LedgerId {
        self.log.ledger()
    }

    fn head(&self) -> Head {
        self.log.head()
    }

    async fn append(&self, expected: Head, frames: &[Frame]) -> Result<Head, AppendError> {
        self.log.append(expected, frames).await
    }

    async fn read(&self, from_frame: u64, max_bytes: usize) -> Result<Vec<Frame>, ReadError> {
        self.log.read(from_frame, max_bytes).await
    }

    async fn frame_of(&self, position: u64) -> Result<Option<Frame>, ReadError> {
        if position == 0 {
            self.began.fetch_add(1, Ordering::SeqCst);
        }
        self.log.frame_of(position).await
    }

    async fn take_epoch(&self, recorded_at: i64) -> Result<Head, AppendError> {
        self.log.take_epoch(recorded_at).await
    }

    async fn close(&self) -> Result<(), AppendError> {
        self.log.close().await
    }
}

/// After every reopening the whole log was read once for each payout that was put: nine payouts read
/// it ten times. What is on file is asked of the ledger, and the log is begun by each desk alone.
#[tokio::test]
async fn a_payee_is_looked_up_in_the_ledger() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = LedgerId(*settings().ledger.as_bytes());
    let log = MemoryLog::new(ledger).unwrap().log();
    let log = Arc::new(Counted { log, began: AtomicU32::new(0) });
    let builder = Counterfoil::builder().path(folder.path()).log(log.clone());
    let shop = builder.settings(settings()).opened_at(at(MONDAY)).open().await.unwrap();
    let bank = quiet_bank();
    let number = |seller: u32| format!("00000000000{seller}");
    let mut payouts = Vec::new();
    for seller in 1..=9 {
        let account = onboard(&shop, &format!("seller-{seller}"), &number(seller)).await;
        payouts.push(payout(&shop, account).await);
    }
    let before = log.began.load(Ordering::SeqCst);
    let _saga = Saga::builder(&shop, capturing(), bank.clone()).patience(impatient()).open().await.unwrap();
    assert_eq!(log.began.load(Ordering::SeqCst) - before, 2, "once for cards, and once for the bank");
    let asked: Vec<(AskKey, String)> = bank
        .asked()
        .iter()
        .map(|ask| {
            let BankOrder::PayOut { to, .. } = &ask.order else { panic!("{ask:?}") };
            (ask.key, to.details.as_ref().unwrap().number().to_owned())
        })
        .collect();
    let filed: Vec<(AskKey, String)> =
        payouts.iter().zip(1..).map(|(payout, seller)| (AskKey::of(payout.0), number(seller))).collect();
    assert_eq!(asked, filed);
}

/// A processor said 1.00 for a charge of 100.00, and 100.00 were booked; a bank 1.00 for a payout
/// of 50.00. A fact that says another amount than was asked is no answer: nothing is recorded.
#[tokio::test]
async fn a_fact_of_another_amount_is_a_contradiction() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000000000001").await;
    let (processor, bank) = (crate::scripted::quiet_cards(), quiet_bank());
    let payout = payout(&shop, seller).await;
    let builder = Saga::builder(&shop, processor.clone(), bank.clone()).patience(impatient());
    let saga = builder.open().await.unwrap();
    let Paid::Unknown { charge } =
        saga.charge(shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1")).await.unwrap()
    else {
        panic!("nothing was told yet");
    };
    let (payment, order) = (AskKey::of(charge.0), AskKey::of(payout.0));
    let captured = |minor| CardFact::Captured {
        payment,
        capture: payment,
        amount: usd(minor),
        last: true,
        available_on: None,
    };
    let done = |minor| BankFact { order, flow: Flow::Payout, amount: usd(minor), result: OrderResult::Done };
    processor.tell(MONDAY, captured(100));
    bank.tell(MONDAY, done(100));
    let before = told(&events(&shop).await);
    let heard = saga.hear(at(MONDAY)).await.unwrap();
    let whys: Vec<String> = heard.unrecorded.iter().map(|left| left.why.to_string()).collect();
    assert_eq!(
        whys,
        ["USD 1.00 was told, where USD 100.00 was asked", "USD 1.00 was told, where USD 50.00 was asked"]
    );
    assert_eq!(told(&events(&shop).await), before);

    // The amounts that were asked are recorded.
    processor.tell(MONDAY, captured(10_000));
    bank.tell(MONDAY, done(5_000));
    let heard = saga.hear(at(MONDAY)).await.unwrap();
    assert_eq!((heard.recorded, heard.unrecorded.len()), (2, 0), "{heard:?}");
}
