//! A ledger of two sellers who owe, for the commands that tell of debts, and one of whom 5.00 are
//! held.
//!
//! | day of 2026 | what happens | bakery owes | florist owes |
//! |---|---|---|---|
//! | 2 January | the bakery tops up 60.00 and 40.00, the florist 30.00; the platform takes all of it | | |
//! | 10 January | the bakery's bank takes 60.00 back | 60.00 | |
//! | 1 March | and 40.00 | 100.00 | |
//! | 20 March | the bakery tops up 75.00 | 25.00 | |
//! | 1 April | the florist's bank takes 30.00 back | 25.00 | 30.00 |
//! | 5 April | the potter tops up 20.00, of which 5.00 are held; of its sales 10 % are to be | 25.00 | 30.00 |
//! | 10 April | nothing more | 25.00 | 30.00 |

use std::path::Path;

use counterfoil::Counterfoil;
use counterfoil::domain::account::{Country, Details, OnboardAccount};
use counterfoil::domain::calendar::{AdvanceTo, Timestamp};
use counterfoil::domain::debit::DebitAccount;
use counterfoil::domain::money::{Currency, Money, Rate};
use counterfoil::domain::reserve::{CreateReserveHold, PlanSchedule, SetReservePlan};
use counterfoil::domain::settings::Clock;
use counterfoil::domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded};
use counterfoil::domain::{AccountId, Settings, TopupId};
use uuid::Uuid;

use crate::program::printed;

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

/// A third seller, under a reserve plan and with a hold.
async fn hold(ledger: &Counterfoil, day: &str) {
    let details = Details::external_id("potter");
    let potter = OnboardAccount { details, ..OnboardAccount::new(Country::BR, Currency::BRL) };
    let account = ledger.execute(Box::new(potter)).at(at(day)).await.unwrap().reply;
    top_up(ledger, account, 2_000, day).await;
    let rate = Rate::from_basis_points(1_000).unwrap();
    let schedule = PlanSchedule::Rolling { days: 30, expires_on: None };
    let plan = SetReservePlan { account, currency: Currency::BRL, rate, schedule, details: None };
    let _set = ledger.execute(plan).at(at(day)).await.unwrap();
    let release_after = at("2026-05-01");
    let hold = CreateReserveHold { account, amount: brl(500), source: None, release_after, details: None };
    let _held = ledger.execute(hold).at(at(day)).await.unwrap();
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
    hold(&ledger, "2026-04-05T12:00:00Z").await;
    let _passed = ledger.execute(AdvanceTo { to: at("2026-04-10") }).await.unwrap();
    ledger.close().await.unwrap();
}

/// Symptom: of all rates in an export a reserve plan's alone was no number, "10 %". Cause: it was
/// written as people read it.
#[test]
fn a_rate_in_an_export_is_a_share() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("ledger");
    tokio::runtime::Runtime::new().unwrap().block_on(make(&ledger));
    let exported = printed(folder.path(), &["export", "--as", "jsonl", "--dir", "ledger"]);
    let events = exported.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let plans: Vec<_> = events.filter(|event| event["event"] == "reserve_plan_set").collect();
    assert_eq!(plans.len(), 1);
    assert_eq!(plans[0]["reserve_plan"]["rate"], "0.1", "{}", plans[0]);
    assert!(!exported.contains(" %"), "a rate as people read it");
}
