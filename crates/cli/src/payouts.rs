//! `payouts`: the payouts that were made, and those to come with what keeps the rest.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::payout::PayoutStatus;
use counterfoil::views::payouts::{Forecast, History, Payout, Reason};
use counterfoil::views::{Payouts, Unreadable};
use serde_json::{Value, json};

use crate::args;
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{Cell, Output, Table, number, text};

/// Payouts made; with --upcoming, what will be paid when, and why not sooner.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One account: an external id, an id, or `platform`
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
    /// What will be paid to whom on which day, and why not sooner
    #[arg(long)]
    upcoming: bool,
    /// As it was at this business time, every event of that instant included
    #[arg(long, value_name = "TIME", value_parser = ledger::time)]
    as_of: Option<Timestamp>,
}

/// Answers from the view.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let account = asked.account.as_deref().map(|text| ledger::account(&ledger, text)).transpose()?;
    let names = Names::of(&ledger, account)?;
    let table = match (ledger::past(&ledger, asked.as_of), asked.upcoming) {
        (Some(time), true) => {
            let payouts: Payouts = ledger.view_as_of(time).await?;
            upcoming(&names, payouts.forecasts(account))
        }
        (None, true) => ledger.views(|views| upcoming(&names, views.payouts().forecasts(account))),
        (Some(time), false) => {
            let history: History = ledger.view_as_of(time).await?;
            made(&names, history.made(account).cloned().map(Ok))?
        }
        (None, false) => ledger.views(|views| made(&names, views.payouts().made(account)))?,
    };
    ledger::close(ledger, Output::done(table.write(args.format))).await
}

/// The payouts that were made, the earliest first.
pub(crate) fn made(
    names: &Names,
    payouts: impl Iterator<Item = Result<Payout, Unreadable>>,
) -> Result<Table, Unreadable> {
    let mut table = Table::new(&[
        text("payout", "payout"),
        text("", "account"),
        text("account", "external_id"),
        text("currency", "currency"),
        number("amount", "amount"),
        text("status", "status"),
        text("created", "created"),
        text("arrives", "arrival_date"),
        text("entries", "entries"),
        text("", "automatic"),
        text("", "failure_code"),
    ]);
    for payout in payouts {
        let payout = payout?;
        let external = names.external(payout.account).map_or(Value::Null, Value::from);
        let ranges: Vec<Value> =
            payout.entries.iter().map(|range| json!({ "first": range.first, "last": range.last })).collect();
        let shown: Vec<String> =
            payout.entries.iter().map(|range| format!("{}-{}", range.first, range.last)).collect();
        let failure = match payout.status {
            PayoutStatus::Failed(code) => Some(code.name()),
            PayoutStatus::InTransit | PayoutStatus::Paid => None,
        };
        let status = match failure {
            Some(code) => format!("{}: {code}", payout.status.name()),
            None => payout.status.name().to_owned(),
        };
        table.row([
            Cell::plain(names.id(payout.id)),
            Cell::plain(names.id(payout.account)),
            Cell::shown(names.shown(payout.account), external),
            Cell::plain(payout.currency.code()),
            Cell::shown(payout.currency.format(payout.amount), payout.amount),
            Cell::shown(status, payout.status.name()),
            Cell::plain(payout.created.to_string()),
            Cell::plain(payout.arrival.to_string()),
            Cell::shown(shown.join(" "), ranges),
            Cell::plain(payout.automatic),
            Cell::plain(failure),
        ]);
    }
    Ok(table)
}

/// What will be paid, and for each amount what it waits for.
pub(crate) fn upcoming(names: &Names, forecasts: impl Iterator<Item = Forecast>) -> Table {
    let mut table = Table::new(&[
        text("", "account"),
        text("account", "external_id"),
        text("currency", "currency"),
        number("amount", "amount"),
        text("paid on", "paid_on"),
        text("arrives", "arrival_date"),
        text("waits for", "reasons"),
    ]);
    for forecast in forecasts {
        let external = names.external(forecast.account).map_or(Value::Null, Value::from);
        for withheld in &forecast.withheld {
            let planned = forecast.planned.iter().find(|planned| Some(planned.date) == withheld.paid_on);
            let date = |day: Option<counterfoil::domain::calendar::Day>| {
                day.map_or(Value::Null, |day| day.to_string().into())
            };
            let reasons: Vec<String> = withheld.reasons.iter().map(ToString::to_string).collect();
            table.row([
                Cell::plain(names.id(forecast.account)),
                Cell::shown(names.shown(forecast.account), external.clone()),
                Cell::plain(forecast.currency.code()),
                Cell::shown(forecast.currency.format(withheld.amount), withheld.amount),
                Cell::plain(date(withheld.paid_on)),
                Cell::plain(date(planned.map(|planned| planned.arrival))),
                Cell::shown(reasons.join(", "), withheld.reasons.iter().map(reason).collect::<Vec<Value>>()),
            ]);
        }
    }
    table
}

/// What an amount waits for: the reason's name, the day it passes by itself, and the
/// requirement that it is about, with the instant from which that holds the amount.
fn reason(reason: &Reason) -> Value {
    let requirement = if let Reason::Requirement { name, from } = reason { Some((name, from)) } else { None };
    json!({
        "reason": reason.name(),
        "until": reason.until().map(|day| day.to_string()),
        "requirement": requirement.map(|(name, _)| name.name()),
        "from": requirement.and_then(|(_, from)| from.map(|from| from.to_string())),
    })
}
