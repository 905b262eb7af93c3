//! A data folder with a little of everything in it, and ways to break its files.

use std::fs;
use std::path::{Path, PathBuf};

use counterfoil::Counterfoil;
use counterfoil::domain::account::{Country, Details, KeyId, OnboardAccount};
use counterfoil::domain::calendar::{AdvanceTo, Timestamp};
use counterfoil::domain::charge::{Charge, ChargeKind};
use counterfoil::domain::money::{Currency, Money};
use counterfoil::domain::payout::PayoutSchedule;
use counterfoil::domain::rail::RailName;
use counterfoil::domain::settings::Clock;
use counterfoil::domain::{Event, Settings};
use tempfile::TempDir;
use uuid::Uuid;

/// A way to break a file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Damage {
    Flip,
    FlipFirst,
    FlipLast,
    ZeroPage,
    Truncate,
    Delete,
}

impl Damage {
    pub(crate) const ALL: [Self; 6] =
        [Self::Flip, Self::FlipFirst, Self::FlipLast, Self::ZeroPage, Self::Truncate, Self::Delete];
}

/// A closed ledger: a seller with a sealed name, sales, time passed, payouts made, two volumes.
pub(crate) async fn ledger() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::new(Uuid::from_u128(7), [7; 16], Country::BR, Currency::BRL);
    let settings = Settings { clock: Clock::Simulated, ..settings };
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let opening = Counterfoil::builder().path(folder.path()).settings(settings).opened_at(at("2026-03-02"));
    let ledger = opening.open().await.unwrap();
    let holder = ledger.seal(KeyId([1; 16]), "Rosa Alves").unwrap();
    let rosa = OnboardAccount {
        holder: Some(holder),
        schedule: PayoutSchedule::Daily,
        details: Details::external_id("rosa"),
        ..OnboardAccount::new(Country::BR, Currency::BRL)
    };
    let rosa = ledger.execute(Box::new(rosa)).await.unwrap().reply;
    for minor in 1..400 {
        let kind = ChargeKind::Direct { account: rosa, application_fee: minor };
        let charge = Charge {
            kind,
            ..Charge::separate(Money::new(Currency::BRL, 1_000 + minor), RailName::new("card").unwrap())
        };
        let time = at("2026-03-02T08:00:00Z").plus_seconds(minor * 3_000);
        let _charged = ledger.execute(charge).at(time).await.unwrap();
    }
    let _time = ledger.execute(AdvanceTo { to: at("2026-04-01") }).await.unwrap();
    ledger.close().await.unwrap();
    finish_volume(folder.path()).await;
    folder
}

/// Ends the log's first volume, as the next open does after a failed sync, and has it read for its index.
async fn finish_volume(folder: &Path) {
    fs::write(folder.join("log/sync-failed"), b"so it is said").unwrap();
    for _ in 0..2 {
        let ledger = Counterfoil::builder().path(folder).open().await.unwrap();
        let first = ledger.subscribe(0).try_next().await.unwrap();
        assert_eq!(first.unwrap().position, 0, "the first volume is read");
        ledger.close().await.unwrap();
    }
    assert!(
        folder.join("log/volume-000002/origin").exists() && folder.join("log/volume-000001/index").exists()
    );
}

/// The seller's name, opened with the key outside the log.
pub(crate) async fn holder(ledger: &Counterfoil) -> Option<String> {
    let mut feed = ledger.subscribe(0);
    while let Some(recorded) = feed.try_next().await.unwrap() {
        if let Event::AccountOnboarded(onboarded) = &recorded.event {
            let sealed = onboarded.holder.as_ref().unwrap();
            return ledger.unseal(sealed).unwrap_or_else(|error| Some(error.to_string()));
        }
    }
    None
}

/// Every file of a folder, by its path inside it.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path.strip_prefix(folder).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// A copy of a folder.
pub(crate) fn copy(folder: &Path) -> TempDir {
    let copied = tempfile::tempdir().unwrap();
    for file in files(folder) {
        let target = copied.path().join(&file);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(folder.join(file), target).unwrap();
    }
    copied
}

/// Breaks a file; `false` where there is nothing to break.
pub(crate) fn damage(folder: &Path, file: &Path, kind: Damage) -> bool {
    let path = folder.join(file);
    let mut bytes = fs::read(&path).unwrap();
    if let Damage::Delete = kind {
        fs::remove_file(path).unwrap();
        return true;
    }
    if bytes.is_empty() {
        return false;
    }
    let (middle, last) = (bytes.len() / 2, bytes.len() - 1);
    match kind {
        Damage::Flip => bytes[middle] ^= 1,
        Damage::FlipFirst => bytes[0] ^= 1,
        Damage::FlipLast => bytes[last] ^= 1,
        Damage::ZeroPage => {
            let page = middle / 4_096 * 4_096;
            let end = (page + 4_096).min(bytes.len());
            bytes[page..end].fill(0);
        }
        Damage::Truncate => bytes.truncate(middle),
        Damage::Delete => {}
    }
    fs::write(path, bytes).unwrap();
    true
}

/// The bytes of every file of the log but its lock.
pub(crate) fn log_bytes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let log = folder.join("log");
    let all = files(&log).into_iter().filter(|file| !file.ends_with("lock"));
    all.map(|file| (file.clone(), fs::read(log.join(file)).unwrap())).collect()
}
