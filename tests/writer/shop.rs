//! A small shop on a log in memory: the world that these tests share.

use std::path::Path;
use std::sync::Arc;

use counterfoil::Counterfoil;
use counterfoil::domain::account::{Country, Details, OnboardAccount};
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::charge::Charge;
use counterfoil::domain::money::{Currency, Money};
use counterfoil::domain::rail::RailName;
use counterfoil::domain::settings::Clock;
use counterfoil::domain::{AccountId, Settings};
use counterfoil::log::faulty::FaultyDisk;
use counterfoil::log::{EventLog, LedgerId};
use uuid::Uuid;

/// The settings of a shop in Brazil on a simulated clock.
pub(crate) fn settings() -> Settings {
    let settings = Settings::new(Uuid::from_u128(7), [7; 16], Country::BR, Currency::BRL);
    Settings { clock: Clock::Simulated, ..settings }
}

/// A new shop, and the disk under its log.
pub(crate) async fn shop() -> (Counterfoil, FaultyDisk) {
    let disk = FaultyDisk::new();
    let log =
        disk.create(LedgerId(*settings().ledger.as_bytes()), counterfoil::log::Settings::default()).unwrap();
    (open(Arc::new(log)).await, disk)
}

/// A shop on this log.
pub(crate) async fn open(log: Arc<dyn EventLog>) -> Counterfoil {
    Counterfoil::builder().log(log).settings(settings()).opened_at(at("2026-03-01")).open().await.unwrap()
}

/// A shop in a folder.
pub(crate) async fn open_in(folder: &Path) -> Counterfoil {
    Counterfoil::builder().path(folder).settings(settings()).opened_at(at("2026-03-01")).open().await.unwrap()
}

/// The shop on the disk as it is now.
pub(crate) async fn reopen(disk: &FaultyDisk) -> Counterfoil {
    open(Arc::new(disk.open(counterfoil::log::Settings::default()).unwrap())).await
}

/// An instant.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// So many centavos.
pub(crate) fn brl(minor: i64) -> Money {
    Money::new(Currency::BRL, minor)
}

/// A seller with that external id.
pub(crate) fn seller(external_id: &str) -> Box<OnboardAccount> {
    let details = Details::external_id(external_id);
    Box::new(OnboardAccount { details, ..OnboardAccount::new(Country::BR, Currency::BRL) })
}

/// A separate charge on a card.
pub(crate) fn charge(minor: i64) -> Charge {
    Charge::separate(brl(minor), RailName::new("card").unwrap())
}

/// Onboards a seller.
pub(crate) async fn onboard(shop: &Counterfoil, external_id: &str) -> AccountId {
    shop.execute(seller(external_id)).await.unwrap().reply
}
