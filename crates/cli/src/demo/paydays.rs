//! The paydays: what is paid and what stays, what the banks answer, and how it is mended.

use counterfoil::domain::account::{
    AttachBankAccount, ProvideRequirement, RequirementName, ResolveRequirement,
};
use counterfoil::domain::calendar::bank::BankCalendar;
use counterfoil::domain::calendar::{AdvanceTo, Day};
use counterfoil::domain::payout::{FailureCode, MarkPayoutFailed, MarkPayoutPaid, SetPayoutSchedule};
use counterfoil::domain::{AccountId, PayoutId};
use counterfoil::views::payouts::{Forecast, History, Payout, Reason};

use super::report::Chapter;
use super::story::{Cast, amount};
use super::teller::Teller;
use super::world::FLORIST;
use super::{sales, words, world};
use crate::exit::Failure;
use crate::ledger::Names;
use crate::output::{Cell, Table, number, text};

/// The first payday: two are paid, one is not.
pub(super) async fn first(teller: &mut Teller<'_>, names: &Names) -> Result<Chapter, Failure> {
    let table = payday(teller, names, 6).await?;
    Ok(Chapter::new(format!("{}: payday", words::long(world::february(6)))).table("payouts", table).words(
        "Monday's sales became payable on Wednesday and are paid today, to arrive on the next business day.",
    ))
}

/// The banks answer: one took its payout, one did not.
pub(super) async fn answers(teller: &mut Teller<'_>, cast: Cast) -> Result<Chapter, Failure> {
    let paid = payout(teller, cast.bakery, 6).await?;
    teller.ask("the bakery is paid", world::at(9, 14), MarkPayoutPaid { payout: paid }).await?;
    let (payout, code) = (payout(teller, cast.florist, 6).await?, FailureCode::AccountClosed);
    let failed = MarkPayoutFailed { payout, code };
    let told = teller.ask("the florist's bank refuses", world::at(9, 15), failed).await?;

    let view: History = teller.as_of(world::at(9, 15)).await?;
    let held = view.forecasts(Some(cast.florist)).find(|forecast| forecast.currency == world::CURRENCY);
    let held = held.map_or(0, |forecast| held_now(&forecast));
    Ok(Chapter::new(format!("{}: the banks answer", words::long(world::february(9)))).words(format!(
        "The bakery's bank takes her payout. The florist's bank refuses hers of {}: {}. The money is hers \
         again: {} wait, and nothing more goes to that bank account.",
        world::brl(told.reply.amount),
        code.name(),
        world::brl(held)
    )))
}

/// Both obstacles are removed, and the bakery's minimum balance too.
pub(super) async fn repairs(teller: &mut Teller<'_>, names: &Names, cast: Cast) -> Result<Chapter, Failure> {
    let mut table = sales::table();
    let cake = sales::direct(cast.bakery, 640);
    sales::sell(teller, names, "cake", (10, 10), 6_400, cake, &mut table).await?;
    let (account, name) = (cast.potter, RequirementName::Identity);
    teller.ask("the potter's papers", world::at(11, 9), ProvideRequirement { account, name }).await?;
    let verified = ResolveRequirement { account, name, verified: true };
    teller.ask("the potter is verified", world::at(11, 15), verified).await?;

    let number = teller.ledger.seal(world::subject(&FLORIST), world::NEW_BANK).map_err(Failure::input)?;
    let (account, currency, last4) = (cast.florist, world::CURRENCY, world::last4(world::NEW_BANK));
    let bank = Box::new(AttachBankAccount { account, currency, number, last4 });
    teller.ask("the florist's new bank", world::at(11, 16), bank).await?;

    let minimum_balance = Some(world::brl(0));
    let keep = SetPayoutSchedule { account: cast.bakery, schedule: None, delay: None, minimum_balance };
    teller.ask("bakery keeps nothing", world::at(12, 9), keep).await?;
    let vase = sales::destination(cast.potter, 1_500);
    sales::sell(teller, names, "vase", (12, 11), 15_000, vase, &mut table).await?;
    Ok(Chapter::new(format!(
        "{} to {}: repairs",
        words::long(world::february(10)),
        words::long(world::february(12))
    ))
    .table("charges", table)
    .words(
        "The potter's identity is verified. The florist puts a new bank account on file. The bakery lifts \
         her minimum balance. The vase is sold a day before payday, but payable only after Carnival.",
    ))
}

/// The second payday: all three, and a holiday in between.
pub(super) async fn second(teller: &mut Teller<'_>, names: &Names) -> Result<Chapter, Failure> {
    let table = payday(teller, names, 13).await?;
    let view: History = teller.as_of(world::at(13, 12)).await?;
    let arrival = view.made(None).next_back().map_or(world::february(13), |payout| payout.arrival);
    let rest: Vec<String> = holidays(world::february(13), arrival).map(words::short).collect();
    Ok(Chapter::new(format!("{}: payday before Carnival", words::long(world::february(13))))
        .table("payouts", table)
        .words(format!(
            "The bakery gets what was held back, the florist what came back, the potter what waited. But \
             banks rest on {} and at the weekend: it arrives on {}.",
            words::list(&rest),
            words::short(arrival)
        )))
}

/// Everything arrives, and two more sales are made.
pub(super) async fn last(teller: &mut Teller<'_>, names: &Names, cast: Cast) -> Result<Chapter, Failure> {
    let mut table = sales::table();
    let roses = sales::destination(cast.florist, 1_190);
    sales::sell(teller, names, "roses", (18, 10), 11_900, roses, &mut table).await?;
    let settled = world::brl(teller.settle("second settlement", world::at(19, 9)).await?);
    for (account, key) in
        [(cast.bakery, "bakery paid"), (cast.florist, "florist paid"), (cast.potter, "potter paid")]
    {
        let payout = payout(teller, account, 13).await?;
        teller.ask(key, world::at(19, 14), MarkPayoutPaid { payout }).await?;
    }
    let rolls = sales::direct(cast.bakery, 850);
    sales::sell(teller, names, "rolls", (19, 16), 8_500, rolls, &mut table).await?;
    Ok(Chapter::new(format!("{}: all is paid", words::long(world::february(19))))
        .table("charges", table)
        .words(format!(
            "The card network pays {settled} to the platform's bank, and the banks take all three payouts."
        )))
}

/// Lets a Friday pass, and tells who was paid, who was not and what stayed behind.
async fn payday(teller: &mut Teller<'_>, names: &Names, friday: i32) -> Result<Table, Failure> {
    let noon = world::at(friday, 12);
    teller.ask(&format!("payday {friday} February"), noon, AdvanceTo { to: noon }).await?;
    let view: History = teller.as_of(noon).await?;
    let mut table = Table::new(&[
        text("seller", "seller"),
        number("paid out", "amount"),
        text("arrives", "arrival_date"),
        number("stays", "stays"),
        text("because", "reasons"),
    ]);
    for account in names.accounts().filter(|account| !account.is_platform()) {
        let paid = view.made(Some(account)).find(|payout| payout.created.day() == noon.day());
        let forecast = view.forecasts(Some(account)).find(|forecast| forecast.currency == world::CURRENCY);
        table.row(row(names.shown(account), paid, forecast.as_ref()));
    }
    Ok(table)
}

fn row(seller: String, paid: Option<&Payout>, forecast: Option<&Forecast>) -> [Cell; 5] {
    let arrival = paid.map(|payout| payout.arrival);
    let held = forecast.into_iter().flat_map(|forecast| &forecast.withheld);
    let reasons: Vec<Reason> =
        held.filter(|held| is_held_now(&held.reasons)).flat_map(|held| held.reasons.clone()).collect();
    [
        Cell::plain(seller),
        amount(paid.map_or(0, |payout| payout.amount)),
        Cell::shown(arrival.map_or(String::new(), words::short), arrival.map(|day| day.to_string())),
        amount(forecast.map_or(0, held_now)),
        Cell::shown(words::reasons(&reasons), reasons.iter().map(ToString::to_string).collect::<Vec<_>>()),
    ]
}

/// What is payable and not paid.
fn held_now(forecast: &Forecast) -> i64 {
    let held = forecast.withheld.iter().filter(|held| is_held_now(&held.reasons));
    held.map(|held| held.amount).sum()
}

fn is_held_now(reasons: &[Reason]) -> bool {
    !reasons.iter().any(|reason| matches!(reason, Reason::PendingUntil(_)))
}

/// The payout that an account's schedule made on a day.
async fn payout(teller: &Teller<'_>, account: AccountId, day: i32) -> Result<PayoutId, Failure> {
    let view: History = teller.as_of(world::at(day, 12)).await?;
    let payout = view.made(Some(account)).find(|payout| payout.created == world::february(day).start());
    payout.map(|payout| payout.id).ok_or_else(|| Failure::integrity("a payout of the demo was not made"))
}

/// The bank holidays between two days.
fn holidays(after: Day, before: Day) -> impl Iterator<Item = Day> {
    let days = (after.days() + 1..before.days()).map(Day::from_days);
    days.filter(|day| BankCalendar::of(world::CURRENCY).is_holiday(*day))
}
