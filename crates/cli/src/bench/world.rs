//! The bench's world: what its ledger is opened with, and which run this is.

use std::path::Path;

use counterfoil::Counterfoil;
use counterfoil::domain::Settings;
use counterfoil::domain::account::Country;
use counterfoil::domain::bookmark::SetBookmark;
use counterfoil::domain::calendar::{Day, Timestamp};
use counterfoil::domain::money::{Currency, Money};
use counterfoil::domain::payout::PayoutSchedule;
use counterfoil::domain::settings::{Clock, Mode};
use uuid::Uuid;

use crate::exit::Failure;

/// The currency of everything.
pub(super) const CURRENCY: Currency = Currency::BRL;

/// The country of everybody.
pub(super) const COUNTRY: Country = Country::BR;

/// Monday 2 February 2026, in days since 1970.
const MONDAY: i32 = 20_486;

/// The bookmark that counts runs.
const RUNS: &str = "bench runs";

/// A market: its ledger is one that every run with the same market may go on with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Market {
    /// How many sellers it has.
    pub(super) accounts: u32,
    /// When they are paid.
    pub(super) schedule: PayoutSchedule,
    /// Whether they owe, have plans or prefunding, and transfers wait (`strain.rs`).
    pub(super) strained: bool,
}

/// What the ledger of a market is opened with.
pub(super) fn settings(market: Market) -> Settings {
    let name =
        |what: &str| Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("counterfoil bench {what}").as_bytes());
    let paid = if market.schedule == PayoutSchedule::Manual { "on request" } else { "every day" };
    let strained = if market.strained { ", strained" } else { "" };
    let ledger = name(&format!("{} sellers paid {paid}{strained}", market.accounts));
    let settings = Settings::new(ledger, *name("ids").as_bytes(), COUNTRY, CURRENCY);
    Settings { mode: Mode::Test, clock: Clock::Simulated, operator: "counterfoil bench".into(), ..settings }
}

/// When the ledger opens.
pub(super) fn start() -> Timestamp {
    Day::from_days(MONDAY).start().plus_seconds(8 * 3_600)
}

/// Refuses the ledger of another market.
pub(super) fn refuse_other(ledger: &Counterfoil, market: Market, folder: &Path) -> Result<(), Failure> {
    if ledger.settings().ledger == settings(market).ledger {
        return Ok(());
    }
    Err(Failure::input(format!(
        "{} holds a bench with other accounts, or of payouts or strains where this is of none; \
         name another folder with --dir, or remove this one",
        folder.display()
    )))
}

/// Begins a run: its number, which no run before it had, and the ledger's time.
pub(super) async fn begin(ledger: &Counterfoil) -> Result<(u64, Timestamp), Failure> {
    let run = ledger.bookmark(RUNS).await?.map_or(1, |runs| runs.cursor + 1);
    let receipt = ledger.execute(bookmark(RUNS, run)).await?;
    Ok((run, receipt.time))
}

/// The command that sets a bookmark of the bench.
pub(super) fn bookmark(name: &str, cursor: u64) -> SetBookmark {
    SetBookmark { name: name.into(), source: [0; 32], cursor }
}

/// So many centavos.
pub(super) fn brl(minor: i64) -> Money {
    Money::new(CURRENCY, minor)
}
