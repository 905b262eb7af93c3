//! A small shop in the United States, with simulated rails: the world that these tests share.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use counterfoil::Counterfoil;
use counterfoil::domain::account::{BankAccount, Country, Details, KeyId, OnboardAccount};
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::charge::{AskCharge, Charge, ChargeKind, DestinationShare};
use counterfoil::domain::money::{Currency, Minor, Money};
use counterfoil::domain::payout::PayoutSchedule;
use counterfoil::domain::rail::RailName;
use counterfoil::domain::settings::{Clock, Settings};
use counterfoil::domain::{AccountId, Event, Recorded};
use counterfoil::rails::bank::simulator::SimulatedBank;
use counterfoil::rails::card::simulator::SimulatedCards;
use counterfoil::rails::{self, BankSimulator, CardSimulator};
use counterfoil::saga::{Patience, Saga};
use uuid::Uuid;

/// Monday, ten in the morning.
pub(crate) const MONDAY: &str = "2026-03-02T10:00:00Z";

pub(crate) fn settings() -> Settings {
    let settings = Settings::new(Uuid::from_u128(7), [7; 16], Country::US, Currency::USD);
    Settings { clock: Clock::Simulated, ..settings }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn name(text: &str) -> RailName {
    RailName::new(text).unwrap()
}

/// A patience that does not wait.
pub(crate) fn impatient() -> Patience {
    let wait = Duration::from_millis(1);
    Patience { tries: 3, answer: Duration::from_millis(200), first_wait: wait, longest_wait: wait }
}

/// A shop in a folder, on its own log.
pub(crate) async fn open(folder: &Path) -> Counterfoil {
    let builder = Counterfoil::builder().path(folder).settings(settings()).opened_at(at(MONDAY));
    builder.open().await.unwrap()
}

/// Its saga with simulators that know nothing of an earlier process.
pub(crate) async fn simulated(shop: &Counterfoil, settings: rails::Settings) -> Saga {
    let cards = SimulatedCards::new(name("card"), CardSimulator::new(settings.clone()));
    let bank = SimulatedBank::new(name(RailName::BANK), BankSimulator::new(settings));
    let builder = Saga::builder(shop, Arc::new(cards), Arc::new(bank)).patience(impatient());
    builder.rails_forget().open().await.unwrap()
}

/// A seller who is paid daily, at this bank account.
pub(crate) async fn onboard(shop: &Counterfoil, seller: &str, bank: &str) -> AccountId {
    let number = shop.seal(KeyId([9; 16]), bank).unwrap();
    let bank_account = Some(BankAccount { number, last4: *b"6789" });
    let details = Details::external_id(seller);
    let onboarding = OnboardAccount::new(Country::US, Currency::USD);
    let onboarding = OnboardAccount { schedule: PayoutSchedule::Daily, bank_account, details, ..onboarding };
    let key = format!("onboard {seller}");
    shop.execute(Box::new(onboarding)).idempotent(key).at(at(MONDAY)).await.unwrap().reply
}

/// A destination charge for a seller, with a fee of 15.00, on this card.
pub(crate) fn sale(seller: AccountId, minor: Minor, card: &str) -> AskCharge {
    let share = DestinationShare::LessApplicationFee(1_500);
    let kind = ChargeKind::Destination { account: seller, share };
    let charge = Charge { kind, ..Charge::separate(Money::new(Currency::USD, minor), name("card")) };
    AskCharge { charge: Box::new(charge), card: card.into() }
}

/// Every event of a shop.
pub(crate) async fn events(shop: &Counterfoil) -> Vec<Recorded> {
    let (mut feed, mut events) = (shop.subscribe(0), Vec::new());
    while let Some(recorded) = feed.try_next().await.unwrap() {
        events.push(recorded);
    }
    events
}

/// The events in a word each, without those that only say how far something is.
pub(crate) fn told(events: &[Recorded]) -> Vec<String> {
    let plain = |recorded: &&Recorded| {
        !matches!(recorded.event, Event::TimeAdvanced { .. } | Event::BookmarkSet { .. })
    };
    let word = |recorded: &Recorded| {
        let entry = recorded
            .event
            .entry()
            .map_or(0, |entry| entry.postings().iter().map(|posting| posting.amount.max(0)).sum::<Minor>());
        format!("{} {} {entry}", recorded.time, recorded.event.name())
    };
    events.iter().filter(plain).map(word).collect()
}

/// A separate charge on a card.
pub(crate) fn separate(minor: Minor) -> Charge {
    Charge::separate(usd(minor), name("card"))
}

/// So many cents.
pub(crate) fn usd(minor: Minor) -> Money {
    Money::new(Currency::USD, minor)
}
