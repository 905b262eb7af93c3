//! A little shop: a ledger that sells and gives back, and copies of its folders.

use std::fs;
use std::path::Path;

use counterfoil::Counterfoil;
use counterfoil::domain::charge::Charge;
use counterfoil::domain::money::{Currency, Money};
use counterfoil::domain::rail::RailName;
use counterfoil::domain::refund::Refund;
use counterfoil::domain::settings::Clock;
use counterfoil::domain::{ChargeId, Settings};
use uuid::Uuid;

/// A sale.
pub(crate) fn charge(minor: i64) -> Charge {
    Charge::separate(Money::new(Currency::BRL, minor), RailName::new("card").unwrap())
}

/// The ledger of this number in a folder, which is made where it is new.
pub(crate) async fn open(folder: &Path, ledger: u128) -> Counterfoil {
    let country = counterfoil::domain::account::Country::BR;
    let settings = Settings::new(Uuid::from_u128(ledger), [7; 16], country, Currency::BRL);
    let settings = Settings { clock: Clock::Simulated, ..settings };
    Counterfoil::builder().path(folder).settings(settings).open().await.unwrap()
}

/// A sale that was refunded in full, both with keys.
pub(crate) async fn refunded(folder: &Path, ledger: u128) -> ChargeId {
    let ledger = open(folder, ledger).await;
    let sale = ledger.execute(charge(1_000)).idempotent("sale").await.unwrap().reply.charge;
    let _back = ledger.execute(Refund::full(sale)).idempotent("back").await.unwrap();
    ledger.close().await.unwrap();
    sale
}

/// Sales, one frame each.
pub(crate) async fn sell(folder: &Path, ledger: u128, sales: u64) {
    let ledger = open(folder, ledger).await;
    for _ in 0..sales {
        let _sold = ledger.execute(charge(100)).await.unwrap();
    }
    ledger.close().await.unwrap();
}

/// Two histories of a ledger that parted late; the other is longer. Gives the first's
/// refunded sale.
pub(crate) async fn parted(folder: &Path, other: &Path) -> ChargeId {
    sell(folder, 7, 100).await;
    copy_folder(folder, other, "log");
    sell(other, 7, 200).await;
    let sale = refunded(folder, 7).await;
    sell(folder, 7, 30).await;
    sale
}

/// A copy of a folder's folder in another.
pub(crate) fn copy_folder(from: &Path, to: &Path, name: &str) {
    let _ = fs::remove_dir_all(to.join(name));
    fs::create_dir_all(to.join(name)).unwrap();
    for entry in fs::read_dir(from.join(name)).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            copy_folder(&from.join(name), &to.join(name), &path.file_name().unwrap().to_string_lossy());
        } else {
            fs::copy(&path, to.join(name).join(path.file_name().unwrap())).unwrap();
        }
    }
}
