//! Every answer of a rail, in one table for cards and one for banks: what is recorded of it, what a
//! person is told, and whether a new process asks again (docs/decisions/rails-saga.md).

use counterfoil::Counterfoil;
use counterfoil::domain::account::AttachBankAccount;
use counterfoil::domain::account::KeyId;
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::charge::AskCharge;
use counterfoil::domain::money::Currency;
use counterfoil::domain::payout::{FailureCode, MarkPayoutFailed, RequestPayout};
use counterfoil::domain::refund::{CancelRefund, MarkRefundFailed, Refund, RefundFailure};
use counterfoil::domain::topup::{CreateTopup, MarkTopupSucceeded};
use counterfoil::domain::{ChargeId, ObjectId, PayoutId, RefundId};
use counterfoil::rails::bank::{BankDetails, Flow, OrderResult};
use counterfoil::rails::card::{CardOrder, Decline};
use counterfoil::rails::{
    Answer, AskKey, BankAnswer, BankFact, BankRefusal, CardAnswer, CardAsk, CardFact, CardRefusal,
    DisputeRef, FactId, RailError, Told,
};
use counterfoil::saga::{Saga, Why};

use crate::scripted::{bank, cards, quiet_bank, quiet_cards, silence};
use crate::shop::{MONDAY, at, events, impatient, onboard, open, separate, told, usd};

fn key(id: ObjectId) -> AskKey {
    AskKey::of(id)
}

fn at_once<F, R>(fact: F) -> Answer<F, R> {
    let now: Timestamp = at(MONDAY);
    Answer::Taken(vec![Told { id: FactId::new("fact").unwrap(), at: now, fact }])
}

fn taken(payment: AskKey) -> CardFact {
    CardFact::Captured { payment, capture: payment, amount: usd(10_000), last: true, available_on: None }
}

fn other<T>(refused: impl Fn(Box<str>, Box<str>) -> T) -> T {
    refused("no_such_thing".into(), "There is no such thing.".into())
}

/// What came of answering so: the events, how often it was asked until then, what a person is told,
/// and how often a new process asked.
struct Came {
    last: String,
    asked: usize,
    unrecorded: Vec<(&'static str, Why)>,
    again: usize,
}

/// A charge, captured where a refund is to be asked for, and who answers each ask of that kind.
async fn of_cards(
    refunds: bool,
    answer: impl Fn(AskKey) -> Result<CardAnswer, RailError> + Clone + Send + Sync + 'static,
) -> Came {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let processor = cards(move |ask: &CardAsk| match &ask.order {
        CardOrder::Authorise { .. } if refunds => Ok(at_once(taken(ask.key))),
        _ => answer(ask.key),
    });
    let asked = AskCharge { charge: Box::new(separate(10_000)), card: "tok_visa".into() };
    let charge = shop.execute(asked).idempotent("order-1").await.unwrap().reply.object;
    let open = || Saga::builder(&shop, processor.clone(), quiet_bank()).patience(impatient()).open();
    if refunds {
        let _captured = open().await.unwrap();
        let _asked = shop.execute(Refund::full(charge)).await.unwrap();
    }
    let count = || {
        let asks = processor.asked();
        asks.iter().filter(|ask| matches!(ask.order, CardOrder::Refund { .. }) == refunds).count()
    };
    let (heard, asked, again) = twice(open, count).await;
    let last = told(&events(&shop).await).pop().unwrap();
    let unrecorded = heard.into_iter().map(|left| (left.said.name(), left.why)).collect();
    Came { last, asked, unrecorded, again }
}

/// A payout, and a bank that answers so.
async fn of_bank(answer: impl Fn(AskKey) -> Result<BankAnswer, RailError> + Send + Sync + 'static) -> Came {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let _payout = payout(&shop).await;
    let bank = bank(move |ask| answer(ask.key));
    let open = || Saga::builder(&shop, quiet_cards(), bank.clone()).patience(impatient()).open();
    let (heard, asked, again) = twice(open, || bank.asked().len()).await;
    let last = told(&events(&shop).await).pop().unwrap();
    let unrecorded = heard.into_iter().map(|left| (left.said.name(), left.why)).collect();
    Came { last, asked, unrecorded, again }
}

/// Opens a saga twice: what the first heard, how often it asked, and how often the second did.
async fn twice<O: Future<Output = Result<Saga, counterfoil::saga::SagaError>>>(
    open: impl Fn() -> O,
    count: impl Fn() -> usize,
) -> (Vec<counterfoil::saga::Unrecorded>, usize, usize) {
    let saga = open().await.unwrap();
    let asked = count();
    let heard = saga.hear(at(MONDAY)).await.map(|heard| heard.unrecorded).unwrap_or_default();
    drop(saga);
    let before = count();
    let saga = open().await.unwrap();
    let again = count() - before;
    if !heard.is_empty() {
        let reported = saga.hear(at(MONDAY)).await.map(|heard| heard.unrecorded.len()).unwrap_or_default();
        assert_eq!(reported, heard.len(), "what somebody must look at is reported by every process");
    }
    (heard, asked, again)
}

/// A seller with 50.00, and a payout of all of it.
async fn payout(shop: &Counterfoil) -> PayoutId {
    let seller = onboard(shop, "bakery", "000000000001").await;
    let topup = shop.execute(CreateTopup::new(seller, usd(5_000))).await.unwrap().reply.object;
    let _arrived = shop.execute(MarkTopupSucceeded { topup }).await.unwrap();
    let request = RequestPayout { account: seller, currency: Currency::USD, amount: None };
    shop.execute(request).await.unwrap().reply.payout
}

#[track_caller]
fn check(came: &Came, last: &str, asked: usize, unrecorded: &[(&'static str, Why)], again: usize) {
    let last_word = came.last.split_once(' ').unwrap().1;
    assert_eq!(
        (last_word, came.asked, came.again),
        (last, asked, again),
        "event, asks, asks of a new process"
    );
    assert_eq!(came.unrecorded, unrecorded);
}

#[tokio::test]
async fn every_answer_to_a_charge() {
    let came = of_cards(false, |key| Ok(at_once(taken(key)))).await;
    check(&came, "charge_captured 10000", 1, &[], 0);
    let declined = |payment| Ok(at_once(CardFact::Declined { payment, code: Decline::LostCard }));
    check(&of_cards(false, declined).await, "charge_declined 0", 1, &[], 0);
    // Taken, and nothing said: the fact comes when it comes, and a new process asks for it.
    check(&of_cards(false, |_| Ok(Answer::Taken(Vec::new()))).await, "charge_asked 0", 1, &[], 1);
    let refused = |_| Ok(Answer::Refused(other(|code, message| CardRefusal::Other { code, message })));
    check(&of_cards(false, refused).await, "charge_declined 0", 1, &[], 0);
    let reused = |key| Ok(Answer::Refused(CardRefusal::KeyReused { key }));
    check(&of_cards(false, reused).await, "charge_asked 0", 1, &[("refused", Why::NoCommand)], 1);
    // Three tries in one go; three more when somebody listens, and three of a new process.
    check(&of_cards(false, |_| silence()).await, "charge_asked 0", 3, &[], 3);
}

#[tokio::test]
async fn every_answer_to_a_refund() {
    let done = |refund| {
        let payment = key(ChargeId::new(2, 0).0);
        Ok(at_once(CardFact::RefundSucceeded { refund, payment, amount: usd(10_000) }))
    };
    check(&of_cards(true, done).await, "charge_refunded 10000", 1, &[], 0);
    let pending = |refund| {
        let payment = key(ChargeId::new(2, 0).0);
        Ok(at_once(CardFact::RefundPending { refund, payment, amount: usd(10_000) }))
    };
    check(&of_cards(true, pending).await, "refund_pending 0", 1, &[], 0);
    let disputed = |_| {
        let dispute = DisputeRef::new("dp_1").unwrap();
        Ok(Answer::Refused(CardRefusal::Disputed { dispute }))
    };
    check(&of_cards(true, disputed).await, "refund_failed 10000", 1, &[], 0);
    let refused = |_| Ok(Answer::Refused(other(|code, message| CardRefusal::Other { code, message })));
    check(&of_cards(true, refused).await, "refund_failed 10000", 1, &[], 0);
    let reused = |key| Ok(Answer::Refused(CardRefusal::KeyReused { key }));
    check(&of_cards(true, reused).await, "charge_refunded 10000", 1, &[("refused", Why::NoCommand)], 1);
    check(&of_cards(true, |_| silence()).await, "charge_refunded 10000", 3, &[], 3);
}

/// A refund whose payer had yet to act is called off, and the processor answers so: how often it was
/// asked, what a person is told, and how often a new process asked.
async fn called_off(
    answer: impl Fn(AskKey) -> Result<CardAnswer, RailError> + Clone + Send + Sync + 'static,
) -> Came {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let processor = cards(move |ask: &CardAsk| match &ask.order {
        CardOrder::Authorise { .. } => Ok(at_once(taken(ask.key))),
        CardOrder::Refund { .. } => Ok(at_once(CardFact::RefundRequiresAction { refund: ask.key })),
        _ => answer(ask.key),
    });
    let asked = AskCharge { charge: Box::new(separate(10_000)), card: "tok_visa".into() };
    let charge = shop.execute(asked).idempotent("order-1").await.unwrap().reply.object;
    let open = || Saga::builder(&shop, processor.clone(), quiet_bank()).patience(impatient()).open();
    let saga = open().await.unwrap();
    let refund = shop.execute(Refund::full(charge)).await.unwrap().reply.refund;
    saga.put().await.unwrap();
    let _off = shop.execute(CancelRefund { refund }).await.unwrap();
    let calls_back = |ask: &&CardAsk| matches!(ask.order, CardOrder::CancelRefund { .. });
    let count = || processor.asked().iter().filter(calls_back).count();
    let silent = saga.put().await.is_err();
    let asked = count();
    let heard = if silent { Vec::new() } else { saga.hear(at(MONDAY)).await.unwrap().unrecorded };
    drop(saga);
    let before = count();
    let _saga = open().await.unwrap();
    let unrecorded = heard.into_iter().map(|left| (left.said.name(), left.why)).collect();
    let last = told(&events(&shop).await).pop().unwrap();
    Came { last, asked, unrecorded, again: count() - before }
}

#[tokio::test]
async fn every_answer_to_a_refund_that_is_called_back() {
    let done = |key| Ok(at_once(CardFact::RefundCancelled { refund: key }));
    check(&called_off(done).await, "refund_canceled 10000", 1, &[], 0);
    let refused = |key| Ok(Answer::Refused(CardRefusal::RefundNotPending { refund: key }));
    check(&called_off(refused).await, "refund_canceled 10000", 1, &[("refused", Why::NoCommand)], 0);
    let reused = |key| Ok(Answer::Refused(CardRefusal::KeyReused { key }));
    check(&called_off(reused).await, "refund_canceled 10000", 1, &[("refused", Why::NoCommand)], 0);
    check(&called_off(|_| silence()).await, "refund_canceled 10000", 3, &[], 3);
}

#[tokio::test]
async fn every_answer_to_a_payout() {
    check(&of_bank(|_| Ok(Answer::Taken(Vec::new()))).await, "payout_created 5000", 1, &[], 0);
    let unknown = |_| {
        let details = BankDetails::new(counterfoil::domain::account::Country::US, None, "999");
        Ok(Answer::Refused(BankRefusal::UnknownBankAccount { details, known: String::new() }))
    };
    check(&of_bank(unknown).await, "payout_failed 5000", 1, &[], 0);
    let refused = |_| Ok(Answer::Refused(other(|code, message| BankRefusal::Other { code, message })));
    check(&of_bank(refused).await, "payout_failed 5000", 1, &[], 0);
    let reused = |key| Ok(Answer::Refused(BankRefusal::KeyReused { key }));
    check(&of_bank(reused).await, "payout_created 5000", 1, &[("refused", Why::NoCommand)], 1);
    check(&of_bank(|_| silence()).await, "payout_created 5000", 3, &[], 3);
}

/// A person finds out what came of a payout whose key was used otherwise, and records it: from then
/// on nobody asks for it.
#[tokio::test]
async fn what_a_person_has_settled_is_not_asked_again() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let payout = payout(&shop).await;
    let bank = bank(|ask| Ok(Answer::Refused(BankRefusal::KeyReused { key: ask.key })));
    let open = || Saga::builder(&shop, quiet_cards(), bank.clone()).patience(impatient()).open();
    let saga = open().await.unwrap();
    let failed = MarkPayoutFailed { payout, code: FailureCode::CouldNotProcess };
    let _settled = shop.execute(failed).await.unwrap();
    assert_eq!(saga.hear(at(MONDAY)).await.unwrap().unrecorded.len(), 1);
    drop(saga);
    let saga = open().await.unwrap();
    assert_eq!((bank.asked().len(), saga.hear(at(MONDAY)).await.unwrap().unrecorded.len()), (1, 0));
}

/// A bank refused a payout of 50.00, which went back to the seller, and said afterwards that it had
/// paid it: it was counted as known, nobody was told, and the next payday could pay 50.00 again. A
/// payout that came back after it was paid is no such thing.
#[tokio::test]
async fn a_payout_that_failed_and_is_said_to_be_paid_contradicts() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let payout = payout(&shop).await;
    let bank = bank(|_| Ok(Answer::Refused(other(|code, message| BankRefusal::Other { code, message }))));
    let open = || Saga::builder(&shop, quiet_cards(), bank.clone()).patience(impatient()).open();
    let saga = open().await.unwrap();
    let fact = |result| BankFact { order: key(payout.0), flow: Flow::Payout, amount: usd(5_000), result };
    bank.tell(MONDAY, fact(OrderResult::Done));
    let before = told(&events(&shop).await);
    for _ in 0..2 {
        let heard = open().await.unwrap().hear(at(MONDAY)).await.unwrap();
        let whys: Vec<&Why> = heard.unrecorded.iter().map(|left| &left.why).collect();
        assert_eq!(whys, [&Why::Contradicts { status: "failed, and was never paid" }], "{heard:?}");
    }
    assert_eq!(told(&events(&shop).await), before);
    // Nobody is paid there until a person has looked and put the bank account on file again.
    let seller = counterfoil::domain::AccountId(1);
    let request = RequestPayout { account: seller, currency: Currency::USD, amount: None };
    let error = shop.execute(request).await.unwrap_err();
    assert_eq!(error.refusal().unwrap().rule(), "payout_needs_a_usable_bank_account");
    drop(saga);
}

#[tokio::test]
async fn a_payout_that_came_back_was_paid_before() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let payout = payout(&shop).await;
    let bank = quiet_bank();
    let open = || Saga::builder(&shop, quiet_cards(), bank.clone()).patience(impatient()).open();
    let fact = |result| BankFact { order: key(payout.0), flow: Flow::Payout, amount: usd(5_000), result };
    bank.tell(MONDAY, fact(OrderResult::Done));
    bank.tell(MONDAY, fact(OrderResult::Returned(FailureCode::AccountClosed)));
    let heard = open().await.unwrap().hear(at(MONDAY)).await.unwrap();
    assert_eq!((heard.recorded, heard.known, heard.unrecorded.len()), (2, 0, 0));
    // A new process hears of both again, and knows them; under other ids as well.
    bank.tell(MONDAY, fact(OrderResult::Done));
    let heard = open().await.unwrap().hear(at(MONDAY)).await.unwrap();
    assert_eq!((heard.recorded, heard.known, heard.unrecorded.len()), (0, 3, 0), "{heard:?}");
}

/// A processor refused a refund of 100.00, which the ledger took back, and said afterwards that its
/// payer has the money: it was counted as known, and nobody was told that the platform had lost it. One
/// that came back after it was done is no such thing.
#[tokio::test]
async fn a_refund_that_was_not_taken_and_is_said_to_be_done_contradicts() {
    let other_refusal = || other(|code, message| CardRefusal::Other { code, message });
    let dispute = || CardRefusal::Disputed { dispute: DisputeRef::new("dp_1").unwrap() };
    let cases: [(Option<CardRefusal>, usize); 3] =
        [(Some(other_refusal()), 2), (Some(dispute()), 1), (None, 0)];
    for (refusal, contradictions) in cases {
        let folder = tempfile::tempdir().unwrap();
        let shop = open(folder.path()).await;
        let processor = cards(move |ask: &CardAsk| match (&ask.order, &refusal) {
            (CardOrder::Authorise { .. }, _) => Ok(at_once(taken(ask.key))),
            (_, Some(refusal)) => Ok(Answer::Refused(refusal.clone())),
            (_, None) => Ok(Answer::Taken(Vec::new())),
        });
        let asked = AskCharge { charge: Box::new(separate(10_000)), card: "tok_visa".into() };
        let charge = shop.execute(asked).idempotent("order-1").await.unwrap().reply.object;
        let open = || Saga::builder(&shop, processor.clone(), quiet_bank()).patience(impatient()).open();
        let saga = open().await.unwrap();
        let refund = shop.execute(Refund::full(charge)).await.unwrap().reply.refund;
        saga.put().await.unwrap();
        if contradictions == 0 {
            let failure = RefundFailure::ExpiredOrCanceledCard;
            let _came_back = shop.execute(MarkRefundFailed { refund, failure }).await.unwrap();
        }
        let (refund, payment, amount) = (key(refund.0), key(charge.0), usd(10_000));
        processor.tell(MONDAY, CardFact::RefundPending { refund, payment, amount });
        processor.tell(MONDAY, CardFact::RefundSucceeded { refund, payment, amount });
        let before = told(&events(&shop).await);
        for _ in 0..2 {
            let heard = open().await.unwrap().hear(at(MONDAY)).await.unwrap();
            assert_eq!(heard.unrecorded.len(), contradictions, "{heard:?}");
            assert!(heard.unrecorded.iter().all(|left| left.why == Why::Contradicts { status: "failed" }));
        }
        assert_eq!(told(&events(&shop).await), before);
    }
}

/// A refund whose ask the processor refused, and of which it then tells: its fact names another
/// payment, which is no fact of this refund.
#[tokio::test]
async fn a_refund_of_another_payment_is_not_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let processor = cards(|ask: &CardAsk| match &ask.order {
        CardOrder::Authorise { .. } => Ok(at_once(taken(ask.key))),
        _ => Ok(Answer::Taken(Vec::new())),
    });
    let asked = AskCharge { charge: Box::new(separate(10_000)), card: "tok_visa".into() };
    let charge = shop.execute(asked).idempotent("order-1").await.unwrap().reply.object;
    let saga =
        Saga::builder(&shop, processor.clone(), quiet_bank()).patience(impatient()).open().await.unwrap();
    let refund: RefundId = shop.execute(Refund::full(charge)).await.unwrap().reply.refund;
    let (refund, payment) = (key(refund.0), key(ObjectId::new(77, 0)));
    processor.tell(MONDAY, CardFact::RefundPending { refund, payment, amount: usd(10_000) });
    processor.tell(MONDAY, CardFact::RefundPending { refund, payment: key(charge.0), amount: usd(9_999) });
    let whys: Vec<Why> =
        saga.hear(at(MONDAY)).await.unwrap().unrecorded.into_iter().map(|left| left.why).collect();
    assert_eq!(whys, [Why::NotAskedHere, Why::OtherAmount { asked: usd(10_000), told: usd(9_999) }]);
}

/// The seller put another bank account on file between the payout and its ask; each of the sealed
/// ones is asked by its own fingerprint (`stories.rs`), and one that nobody has is held.
#[tokio::test]
async fn a_payee_whose_number_cannot_be_opened_is_held_and_settled_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000000000001").await;
    let number = counterfoil::domain::account::Sealed {
        key: KeyId([9; 16]),
        fingerprint: [1; 8],
        ciphertext: Box::new([7; 60]),
    };
    let file = AttachBankAccount { account: seller, currency: Currency::USD, number, last4: *b"0002" };
    let _filed = shop.execute(Box::new(file)).await.unwrap();
    let topup = shop.execute(CreateTopup::new(seller, usd(5_000))).await.unwrap().reply.object;
    let _arrived = shop.execute(MarkTopupSucceeded { topup }).await.unwrap();
    let request = RequestPayout { account: seller, currency: Currency::USD, amount: None };
    let payout = shop.execute(request).await.unwrap().reply.payout;
    let bank = quiet_bank();
    let saga = Saga::builder(&shop, quiet_cards(), bank.clone()).patience(impatient()).open().await.unwrap();
    let heard = saga.hear(at(MONDAY)).await.unwrap();
    assert_eq!(heard.unrecorded.len(), 1, "{heard:?}");
    let failed = MarkPayoutFailed { payout, code: FailureCode::InvalidAccountNumber };
    let _settled = shop.execute(failed).await.unwrap();
    saga.put().await.unwrap();
    assert_eq!(saga.hear(at(MONDAY)).await.unwrap().unrecorded.len(), 0);
    assert_eq!(bank.asked().len(), 0);
}
