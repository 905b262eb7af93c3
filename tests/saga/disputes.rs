//! What nobody asked for: disputes and warnings of fraud, recorded once.

use std::sync::Arc;

use counterfoil::Counterfoil;
use counterfoil::domain::charge::{AskCharge, FraudType};
use counterfoil::domain::dispute::{DisputeReason, Recovery};
use counterfoil::domain::money::{Currency, Money};
use counterfoil::domain::record::RecordId;
use counterfoil::domain::{ChargeId, Record};
use counterfoil::rails::card::simulator::{SimulatedCards, WINNING_EVIDENCE};
use counterfoil::rails::card::{CardOrder, DisputeOutcome, DisputeStage};
use counterfoil::rails::{
    AskKey, CardAsk, CardFact, CardRail, CardSimulator, DisputeRef, Settings, WarningRef,
};
use counterfoil::saga::{Paid, Saga, Why};

use crate::scripted::{Cards, quiet_bank, quiet_cards};
use crate::shop::{MONDAY, at, events, impatient, name, onboard, open, sale, separate, told, usd};

/// The events of disputes and warnings, in a word each.
async fn troubles(shop: &Counterfoil) -> Vec<String> {
    let told = told(&events(shop).await);
    told.into_iter().filter(|told| told.contains("dispute") || told.contains("fraud")).collect()
}

/// A destination charge of 100.00, of which the seller has 85.00; what the platform disputes it takes
/// back from the seller, with the fee. Its processor is the simulator.
async fn disputed(card: &str, evidence: Option<(&str, &str)>, until: &str) -> (Vec<String>, [i64; 3]) {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000123456789").await;
    let processor = Arc::new(SimulatedCards::new(name("card"), CardSimulator::new(Settings::seeded(7))));
    let builder = Saga::builder(&shop, processor.clone(), quiet_bank()).patience(impatient());
    let builder = builder.recovering(|_| Recovery::OwnTransfer { with_fee: true });
    let saga = builder.rails_forget().open().await.unwrap();
    let asked = shop.execute(sale(seller, 10_000, card)).idempotent("order-1").at(at(MONDAY));
    let Paid::Captured { charge, .. } = saga.charge(asked).await.unwrap() else { panic!("the card is good") };
    if let Some((when, evidence)) = evidence {
        saga.advance(at(when)).await.unwrap();
        let dispute = DisputeRef::new(&format!("dp_{}", AskKey::of(charge.0))).unwrap();
        let order = CardOrder::SubmitEvidence { dispute, evidence: evidence.into() };
        let key = AskKey::of(counterfoil::domain::ObjectId::new(99, 0));
        processor.ask(at(when), &CardAsk { key, order }).await.unwrap();
    }
    let heard = saga.advance(at(until)).await.unwrap();
    assert_eq!(heard.unrecorded, []);
    let ledger = shop.ledger().await.unwrap();
    let held = |account: u32| {
        let account = ledger.account(counterfoil::domain::AccountId(account)).unwrap();
        let wallet = account.wallet(Currency::USD).cloned().unwrap_or_default();
        wallet.pending + wallet.available + wallet.in_transit + wallet.paid_out
    };
    let rail = ledger.rail(&name("card")).unwrap();
    let rail = ledger.tally(counterfoil::domain::books::Book::Rail(rail), Currency::USD).balance;
    (troubles(&shop).await, [held(0), held(1), rail as i64])
}

/// Nobody answers: 100.00 and the fee of 15.00 are gone; of the transfer all 100.00 come back, and the
/// fee of 15.00 to the seller with them.
#[tokio::test]
async fn a_dispute_that_nobody_answers_is_lost() {
    let (told, held) = disputed("tok_createDispute", None, "2026-04-01").await;
    assert_eq!(
        told,
        [
            "2026-03-02T10:01:00Z dispute_opened 11500",
            "2026-03-02T10:01:00Z dispute_recovered 11500",
            "2026-03-23T10:01:00Z dispute_lost 0",
        ]
    );
    // The platform had 15.00; it pays 115.00 and the fee of 15.00 back, and has 100.00 of the seller.
    assert_eq!(held, [-1_500, 0, -1_500]);
}

/// Answered with evidence that wins: the second fee comes back, the first does not; the seller has its
/// 85.00 again and the platform its fee of 15.00, less the 15.00 of the dispute.
#[tokio::test]
async fn a_dispute_that_is_won_gives_back() {
    let (told, held) =
        disputed("tok_createDispute", Some(("2026-03-10", WINNING_EVIDENCE)), "2026-06-01").await;
    assert_eq!(
        told,
        [
            "2026-03-02T10:01:00Z dispute_opened 11500",
            "2026-03-02T10:01:00Z dispute_recovered 11500",
            "2026-03-10T00:00:00Z dispute_evidence_submitted 1500",
            "2026-05-24T00:00:00Z dispute_won 11500",
            "2026-05-24T00:00:00Z dispute_given_back 11500",
        ]
    );
    assert_eq!(held, [0, 8_500, 8_500]);
}

/// An inquiry posts nothing until it is escalated.
#[tokio::test]
async fn an_inquiry_is_escalated_or_let_rest() {
    let (told, held) = disputed("tok_createDisputeInquiry", None, "2026-07-02").await;
    assert_eq!(
        told,
        ["2026-03-02T10:01:00Z dispute_opened 0", "2026-06-30T10:01:00Z dispute_inquiry_closed 0"]
    );
    assert_eq!(held, [1_500, 8_500, 10_000]);
    let escalated = Some(("2026-03-10", "escalate_inquiry_evidence"));
    let (told, held) = disputed("tok_createDisputeInquiry", escalated, "2026-05-01").await;
    assert_eq!(
        told,
        [
            "2026-03-02T10:01:00Z dispute_opened 0",
            "2026-03-10T00:00:00Z dispute_evidence_submitted 0",
            "2026-03-10T00:01:00Z dispute_escalated 11500",
            "2026-03-10T00:01:00Z dispute_recovered 11500",
            "2026-03-31T00:01:00Z dispute_lost 0",
        ]
    );
    // The seller was paid its 85.00 before; it owes them, and the platform reserves as much.
    assert_eq!(held, [-10_000, 0, -1_500]);
}

#[tokio::test]
async fn a_warning_of_fraud_moves_nothing() {
    let (told, held) = disputed("tok_createIssuerFraudRecord", None, "2026-03-03").await;
    assert_eq!(told, ["2026-03-02T10:01:00Z fraud_warning_received 0"]);
    assert_eq!(held, [1_500, 8_500, 10_000]);
}

/// A charge of 100.00 that was captured, with a processor that tells what a test hands it.
async fn captured(shop: &Counterfoil, processor: &Arc<Cards>) -> ChargeId {
    let asked = AskCharge { charge: Box::new(separate(10_000)), card: "tok_visa".into() };
    let charge = shop.execute(asked).idempotent("order-1").await.unwrap().reply.object;
    let (payment, amount) = (AskKey::of(charge.0), usd(10_000));
    let fact = CardFact::Captured { payment, capture: payment, amount, last: true, available_on: None };
    processor.tell(MONDAY, fact);
    charge
}

/// A whole dispute, with the processor's own fees, and a warning of fraud.
fn whole_story(payment: AskKey) -> [CardFact; 8] {
    let dispute = || DisputeRef::new("du_1MtJUT2e").unwrap();
    let fee = Some(usd(2_000));
    [
        CardFact::DisputeOpened {
            dispute: dispute(),
            payment,
            amount: usd(10_000),
            reason: DisputeReason::Fraudulent,
            stage: DisputeStage::Inquiry,
            due_by: at("2026-03-20"),
            fee: None,
        },
        CardFact::EvidenceReceived {
            dispute: dispute(),
            payment,
            stage: DisputeStage::InquiryUnderReview,
            fee: None,
        },
        CardFact::DisputeEscalated { dispute: dispute(), payment, due_by: at("2026-03-25"), fee },
        CardFact::FundsWithdrawn { dispute: dispute(), payment, amount: usd(10_000) },
        CardFact::EvidenceReceived {
            dispute: dispute(),
            payment,
            stage: DisputeStage::UnderReview,
            fee: Some(usd(500)),
        },
        CardFact::FundsReinstated { dispute: dispute(), payment, amount: usd(10_000) },
        CardFact::DisputeClosed {
            dispute: dispute(),
            payment,
            outcome: DisputeOutcome::Won,
            fees_returned: Some(usd(700)),
        },
        CardFact::FraudWarning {
            warning: WarningRef::new("issfr_1").unwrap(),
            payment,
            fraud_type: FraudType::MadeWithLostCard,
        },
    ]
}

/// The processor's own fees are booked where it tells them, and a dispute is known by its reference:
/// whatever is told again, after the keys of a year ago were forgotten, is known and booked once.
#[tokio::test]
async fn facts_are_recorded_once_by_their_reference() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let processor = quiet_cards();
    let payment = AskKey::of(captured(&shop, &processor).await.0);
    let facts = whole_story(payment);
    let open = || Saga::builder(&shop, processor.clone(), quiet_bank()).patience(impatient()).open();
    let saga = open().await.unwrap();
    saga.hear(at(MONDAY)).await.unwrap();
    // One more fact at a time, each told twice under ids of its own.
    for fact in &facts {
        processor.tell(MONDAY, fact.clone());
        processor.tell(MONDAY, fact.clone());
        assert_eq!(saga.hear(at(MONDAY)).await.unwrap().unrecorded, [], "{fact}");
    }
    let first = troubles(&shop).await;
    assert_eq!(
        first,
        [
            "2026-03-02T10:00:00Z dispute_opened 0",
            "2026-03-02T10:00:00Z dispute_evidence_submitted 0",
            // 100.00 and the processor's 20.00; its 5.00; 100.00 with 7.00 of both.
            "2026-03-02T10:00:00Z dispute_escalated 12000",
            "2026-03-02T10:00:00Z dispute_evidence_submitted 500",
            "2026-03-02T10:00:00Z dispute_won 10700",
            "2026-03-02T10:00:00Z fraud_warning_received 0",
        ]
    );
    // A year later no key is remembered; all is told again.
    drop(saga);
    let saga = open().await.unwrap();
    saga.advance(at("2027-03-02")).await.unwrap();
    for fact in &facts {
        processor.tell("2027-03-02", fact.clone());
    }
    let heard = saga.hear(at("2027-03-02")).await.unwrap();
    assert_eq!((heard.recorded, heard.unrecorded.len()), (0, 0), "{heard:?}");
    assert_eq!(troubles(&shop).await, first);
    let warned = events(&shop).await.into_iter().rev().find_map(|recorded| {
        let charge = RecordId::Charge(ChargeId(payment.id()));
        recorded.record(charge)
    });
    let Some(Record::Charge(_, charge)) = warned else { panic!("the charge is there") };
    let types: Vec<FraudType> = charge.fraud_warnings().iter().map(|warning| warning.fraud_type).collect();
    assert_eq!((types, charge.fraud_warning_is_actionable()), (vec![FraudType::MadeWithLostCard], false));
}

/// What does not fit is reported, and in no book: a dispute in another currency, of a charge that
/// nobody knows, one that is lost after it was won, money of another amount, and news of a dispute
/// that was never opened.
#[tokio::test]
async fn what_does_not_fit_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let processor = quiet_cards();
    let payment = AskKey::of(captured(&shop, &processor).await.0);
    let nobody = AskKey::of(counterfoil::domain::ObjectId::new(777, 0));
    let opened = |dispute: &str, payment, currency| CardFact::DisputeOpened {
        dispute: DisputeRef::new(dispute).unwrap(),
        payment,
        amount: Money::new(currency, 10_000),
        reason: DisputeReason::General,
        stage: DisputeStage::NeedsResponse,
        due_by: at("2026-03-20"),
        fee: None,
    };
    let closed = |dispute: &str, outcome| CardFact::DisputeClosed {
        dispute: DisputeRef::new(dispute).unwrap(),
        payment,
        outcome,
        fees_returned: None,
    };
    processor.tell(MONDAY, opened("du_euro", payment, Currency::EUR));
    processor.tell(MONDAY, opened("du_nobody", nobody, Currency::USD));
    processor.tell(MONDAY, closed("du_never", DisputeOutcome::Won));
    processor.tell(MONDAY, opened("du_1", payment, Currency::USD));
    let dispute = DisputeRef::new("du_1").unwrap();
    processor.tell(MONDAY, CardFact::FundsWithdrawn { dispute, payment, amount: usd(9_999) });
    processor.tell(MONDAY, closed("du_1", DisputeOutcome::Won));
    processor.tell(MONDAY, closed("du_1", DisputeOutcome::Lost));
    processor.tell(MONDAY, closed("du_1", DisputeOutcome::WarningClosed));
    let saga = Saga::builder(&shop, processor, quiet_bank()).patience(impatient()).open().await.unwrap();
    let heard = saga.hear(at(MONDAY)).await.unwrap();
    let whys: Vec<String> = heard
        .unrecorded
        .iter()
        .map(|left| match &left.why {
            Why::Refused(refusal) => refusal.rule().to_owned(),
            why => why.to_string(),
        })
        .collect();
    assert_eq!(
        whys,
        [
            "EUR 100.00 was told, where USD 100.00 was asked",
            "charge_must_exist",
            "the ledger knows no dispute that is called so",
            "USD 99.99 was told, where USD 100.00 was asked",
            "the object is won",
            "the object is won",
        ]
    );
    assert_eq!(heard.recorded, 3, "the capture, a dispute and that it was won");
}
