//! Rails that are silent: an unknown outcome is called unknown, and asked again under its key.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use async_trait::async_trait;
use counterfoil::Counterfoil;
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::rail::RailName;
use counterfoil::rails::bank::simulator::SimulatedBank;
use counterfoil::rails::card::Decline;
use counterfoil::rails::card::simulator::SimulatedCards;
use counterfoil::rails::{
    BankSimulator, CardAnswer, CardAsk, CardFact, CardRail, CardSimulator, Cursor, FactId, Page, RailError,
    Settings,
};
use counterfoil::saga::{Paid, Saga, SagaError, Why};

use crate::shop::{MONDAY, at, events, impatient, name, onboard, open, sale, told};

/// A processor whose answers are lost, so many times.
struct Lossy {
    processor: SimulatedCards,
    /// How many answers are still lost, after the processor did what was asked.
    lost: AtomicU32,
    /// Whether it never answers while answers are lost, instead of saying so.
    hangs: bool,
    asked: AtomicU32,
}

#[async_trait]
impl CardRail for Lossy {
    fn name(&self) -> &RailName {
        self.processor.name()
    }

    async fn ask(&self, at: Timestamp, ask: &CardAsk) -> Result<CardAnswer, RailError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.processor.ask(at, ask).await?;
        let lost = self.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        if lost.is_ok() {
            if self.hangs {
                std::future::pending::<()>().await;
            }
            return Err(RailError::OutOfReach { why: "the line broke".into(), wait_seconds: None });
        }
        Ok(answer)
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<CardFact>, RailError> {
        self.processor.facts(after, until, most).await
    }
}

fn lossy(lost: u32, hangs: bool) -> Arc<Lossy> {
    let processor = SimulatedCards::new(name("card"), CardSimulator::new(Settings::seeded(7)));
    Arc::new(Lossy { processor, lost: lost.into(), hangs, asked: 0.into() })
}

async fn story(lossy: Arc<Lossy>, paid_at_once: bool, tries: u32) {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000123456789").await;
    let bank = SimulatedBank::new(name(RailName::BANK), BankSimulator::new(Settings::seeded(7)));
    let builder = Saga::builder(&shop, lossy.clone(), Arc::new(bank)).patience(impatient());
    let saga = builder.open().await.unwrap();
    let asked = || shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1").at(at(MONDAY));
    let paid = saga.charge(asked()).await.unwrap();
    assert_eq!(matches!(paid, Paid::Captured { .. }), paid_at_once, "{paid:?}");
    assert_eq!(lossy.asked.load(Ordering::SeqCst), tries);

    // Asked again by the caller, it is the same charge; it is put until there is an answer.
    while !matches!(saga.charge(asked()).await.unwrap(), Paid::Captured { .. }) {}
    let captured = told(&events(&shop).await);
    assert_eq!(captured.iter().filter(|told| told.contains("charge_captured")).count(), 1);
    let page = lossy.facts(None, at("2027-01-01"), 100).await.unwrap();
    let taken = page.told.iter().filter(|told| matches!(told.fact, CardFact::Captured { .. })).count();
    assert_eq!(taken, 1, "the processor took the money once");
}

#[tokio::test]
async fn an_answer_that_was_lost_is_asked_for_again() {
    story(lossy(2, false), true, 3).await;
}

#[tokio::test]
async fn a_rail_that_stays_silent_leaves_the_charge_unknown() {
    story(lossy(7, false), false, 3).await;
}

#[tokio::test]
async fn a_rail_that_hangs_is_not_waited_for_for_ever() {
    story(lossy(4, true), false, 3).await;
}

#[tokio::test]
async fn what_is_told_without_an_answer_is_recorded_as_well() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000123456789").await;
    let bank = SimulatedBank::new(name(RailName::BANK), BankSimulator::new(Settings::seeded(7)));
    let lossy = lossy(3, false);
    let builder = Saga::builder(&shop, lossy.clone(), Arc::new(bank)).patience(impatient());
    let saga = builder.open().await.unwrap();
    let asked = shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1").at(at(MONDAY));
    let Paid::Unknown { charge } = saga.charge(asked).await.unwrap() else {
        panic!("the answers are lost");
    };
    let heard = saga.hear(at(MONDAY)).await.unwrap();
    assert_eq!((heard.recorded, heard.known, heard.unrecorded.len()), (1, 1, 0));
    assert!(matches!(saga.paid(charge).await.unwrap(), Paid::Captured { .. }));
}

#[tokio::test]
async fn time_passes_with_the_rails_on_a_simulated_clock_alone() {
    let folder = tempfile::tempdir().unwrap();
    let mut settings = crate::shop::settings();
    settings.clock = counterfoil::domain::settings::Clock::Wall;
    let shop = counterfoil::Counterfoil::builder().path(folder.path()).settings(settings);
    let shop = shop.open().await.unwrap();
    let saga = crate::shop::simulated(&shop, Settings::default()).await;
    let error = saga.advance(at("2030-01-01")).await.unwrap_err();
    assert!(matches!(error, SagaError::WallClock { .. }), "{error}");
}

/// A processor that never gets on: each page is its first, has no cursor and says there is more;
/// or it gives cursors that it then does not know.
struct Stuck {
    processor: SimulatedCards,
    forgets: bool,
}

#[async_trait]
impl CardRail for Stuck {
    fn name(&self) -> &RailName {
        self.processor.name()
    }

    async fn ask(&self, at: Timestamp, ask: &CardAsk) -> Result<CardAnswer, RailError> {
        self.processor.ask(at, ask).await
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<CardFact>, RailError> {
        if let Some(cursor) = after {
            return Err(RailError::UnknownCursor { cursor: cursor.clone() });
        }
        let page = self.processor.facts(None, until, most).await?;
        let next = if self.forgets { page.next } else { None };
        Ok(Page { told: page.told, next, more: true })
    }
}

#[tokio::test]
async fn a_rail_that_never_gets_on_is_not_followed_for_ever() {
    for forgets in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let shop = open(folder.path()).await;
        let seller = onboard(&shop, "bakery", "000123456789").await;
        let bank = SimulatedBank::new(name(RailName::BANK), BankSimulator::new(Settings::seeded(7)));
        let processor = SimulatedCards::new(name("card"), CardSimulator::new(Settings::seeded(7)));
        let stuck = Arc::new(Stuck { processor, forgets });
        let builder = Saga::builder(&shop, stuck, Arc::new(bank)).patience(impatient());
        let saga = builder.open().await.unwrap();
        let asked = || shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1").at(at(MONDAY));
        saga.charge(asked()).await.unwrap();
        let heard = saga.hear(at(MONDAY)).await;
        assert_eq!(heard.is_err(), forgets, "{heard:?}");
        let again = saga.charge(asked()).await.unwrap();
        assert!(matches!(again, Paid::Captured { .. }));
        let preview = saga.charge(shop.preview(sale(seller, 10_000, "tok_visa"))).await.unwrap_err();
        assert_eq!(preview.to_string(), "a preview asks nobody; execute it");
    }
}

/// A processor that says of every payment it took that it was declined as well.
struct Liar {
    processor: SimulatedCards,
    /// From when on it tells nothing, while it is silent.
    silent_from: Timestamp,
    silent: AtomicBool,
}

#[async_trait]
impl CardRail for Liar {
    fn name(&self) -> &RailName {
        self.processor.name()
    }

    async fn ask(&self, at: Timestamp, ask: &CardAsk) -> Result<CardAnswer, RailError> {
        self.processor.ask(at, ask).await
    }

    async fn facts(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<CardFact>, RailError> {
        if until >= self.silent_from && self.silent.load(Ordering::SeqCst) {
            return Err(RailError::OutOfReach { why: "the line broke".into(), wait_seconds: None });
        }
        let mut page = self.processor.facts(after, until, most).await?;
        for told in &mut page.told {
            if let CardFact::Captured { payment, .. } = told.fact {
                told.id = FactId::new(&format!("{}_lie", told.id)).unwrap();
                told.fact = CardFact::Declined { payment, code: Decline::LostCard };
            }
        }
        Ok(page)
    }
}

/// The saga of a shop whose card processor lies, with the processor.
async fn lied_to(shop: &Counterfoil, silent_from: Timestamp) -> (Saga, Arc<Liar>) {
    let bank = SimulatedBank::new(name(RailName::BANK), BankSimulator::new(Settings::seeded(7)));
    let processor = SimulatedCards::new(name("card"), CardSimulator::new(Settings::seeded(7)));
    let liar = Arc::new(Liar { processor, silent_from, silent: AtomicBool::new(true) });
    let builder = Saga::builder(shop, liar.clone(), Arc::new(bank)).patience(impatient());
    (builder.open().await.unwrap(), liar)
}

/// What a rail had told was lost with the error of a later day: a fact that the ledger could not
/// record was never reported, and not told again.
#[tokio::test]
async fn what_was_heard_before_a_rail_fell_silent_is_reported_later() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000123456789").await;
    let (saga, liar) = lied_to(&shop, at("2026-03-04")).await;
    let asked = shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1").at(at(MONDAY));
    saga.charge(asked).await.unwrap();
    let error = saga.advance(at("2026-03-06")).await.unwrap_err();
    assert!(matches!(error, SagaError::OutOfReach { .. }), "{error:?}");
    liar.silent.store(false, Ordering::SeqCst);
    let heard = saga.advance(at("2026-03-06")).await.unwrap();
    assert_eq!(heard.unrecorded.len(), 1, "{heard:?}");
}

#[tokio::test]
async fn a_rail_that_contradicts_itself_is_reported_and_books_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let shop = open(folder.path()).await;
    let seller = onboard(&shop, "bakery", "000123456789").await;
    let (saga, _) = lied_to(&shop, Timestamp::MAX).await;
    let asked = shop.execute(sale(seller, 10_000, "tok_visa")).idempotent("order-1").at(at(MONDAY));
    let paid = saga.charge(asked).await.unwrap();
    let before = told(&events(&shop).await);
    let heard = saga.hear(at(MONDAY)).await.unwrap();
    let whys: Vec<&Why> = heard.unrecorded.iter().map(|left| &left.why).collect();
    assert_eq!(whys, [&Why::Contradicts { status: "succeeded" }]);
    assert_eq!(told(&events(&shop).await), before);
    let Paid::Captured { charge, .. } = paid else { panic!("{paid:?}") };
    assert_eq!(saga.paid(charge).await.unwrap(), paid);
}
