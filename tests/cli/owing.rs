//! A ledger of two sellers who owe, for the commands that tell of debts.
//!
//! | day of 2026 | what happens | bakery owes | florist owes |
//! |---|---|---|---|
//! | 2 January | the bakery tops up 60.00 and 40.00, the florist 30.00; the platform takes all of it | | |
//! | 10 January | the bakery's bank takes 60.00 back | 60.00 | |
//! | 1 March | and 40.00 | 100.00 | |
//! | 20 March | the bakery tops up 75.00 | 25.00 | |
//! | 1 April | the florist's bank takes 30.00 back | 25.00 | 30.00 |
//! | 10 April | nothing more | 25.00 | 30.00 |

use std::path::Path;

use counterfoil::Counterfoil;
use counterfoil::domain::account::{Country, Details, OnboardAccount};
use counterfoil::domain::calendar::{AdvanceTo, Timestamp};
use counterfoil::domain::debit::DebitAccount;
use counterfoil::domain::money::{Currency, Money};
use counterfoil::domain::settings::Clock;
use counterfoil::domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil::domain::{AccountId, Settings, TopupId};
use uuid::Uuid;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn brl(minor: i64) -> Money {
    Money::new(Currency::BRL, minor)
}

async fn onboard(ledger: &Counterfoil, external_id: &str) -> AccountId {
    let details = Details::external_id(external_id);
    let seller = OnboardAccount { details, ..OnboardAccount::new(Country::BR, Currency::BRL) };
    ledger.execute(Box::new(seller)).await.unwrap().reply
}

async fn top_up(ledger: &Counterfoil, account: AccountId, minor: i64, day: &str) -> TopupId {
    let topup = CreateTopup::new(account, brl(minor));
    let topup = ledger.execute(topup).at(at(day)).await.unwrap().reply.object;
    let _arrived = ledger.execute(MarkTopupSucceeded { topup }).at(at(day)).await.unwrap();
    topup
}

async fn take_back(ledger: &Counterfoil, topup: TopupId, day: &str) {
    let _reversed = ledger.execute(MarkTopupReversed { topup }).at(at(day)).await.unwrap();
}

/// Makes it in a folder.
pub(crate) async fn make(folder: &Path) {
    let settings = Settings::new(Uuid::from_u128(7), [7; 16], Country::BR, Currency::BRL);
    let settings = Settings { clock: Clock::Simulated, ..settings };
    let builder = Counterfoil::builder().path(folder).settings(settings);
    let ledger = builder.opened_at(at("2026-01-02T09:00:00Z")).open().await.unwrap();
    let (bakery, florist) = (onboard(&ledger, "bakery").await, onboard(&ledger, "florist").await);
    let day = "2026-01-02T10:00:00Z";
    let large = top_up(&ledger, bakery, 6_000, day).await;
    let small = top_up(&ledger, bakery, 4_000, day).await;
    let other = top_up(&ledger, florist, 3_000, day).await;
    for (account, minor) in [(bakery, 10_000), (florist, 3_000)] {
        let _taken = ledger.execute(DebitAccount::new(account, brl(minor))).at(at(day)).await.unwrap();
    }
    take_back(&ledger, large, "2026-01-10T12:00:00Z").await;
    take_back(&ledger, small, "2026-03-01T12:00:00Z").await;
    top_up(&ledger, bakery, 7_500, "2026-03-20T12:00:00Z").await;
    take_back(&ledger, other, "2026-04-01T12:00:00Z").await;
    let _passed = ledger.execute(AdvanceTo { to: at("2026-04-10") }).await.unwrap();
    ledger.close().await.unwrap();
}
