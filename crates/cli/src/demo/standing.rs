//! How the ledger stands at the story's end, from the views.

use counterfoil::domain::calendar::{Day, Timestamp};
use counterfoil::views::{Balance, Payouts, Statement, Tax, Unreadable};

use super::report::Chapter;
use super::story::{Cast, amount};
use super::teller::Teller;
use super::{words, world};
use crate::exit::Failure;
use crate::ledger::Names;
use crate::output::{self, Cell, Table, number, text};

/// A statement, the payouts to come, the year's sales, the balances.
pub(super) async fn chapters(
    teller: &Teller<'_>,
    names: &Names,
    cast: Cast,
) -> Result<Vec<Chapter>, Failure> {
    let end = world::at(19, 16);
    let year = end.day().year();
    let statement = statement(names, &teller.as_of(end).await?, cast)?;
    let upcoming = upcoming(names, &teller.as_of(end).await?);
    let tax = tax(names, &teller.as_of(end).await?, year);
    let balances = balances(names, &teller.as_of(end).await?);
    Ok(vec![
        Chapter::new(format!(
            "The {}'s statement from {} on",
            names.shown(cast.florist),
            words::long(world::february(6))
        ))
        .table("statement", statement),
        Chapter::new("What the sellers will be paid, and why not sooner").table("upcoming", upcoming),
        Chapter::new(format!("Sales of {year} for the tax office: refunds take nothing away"))
            .table("tax", tax),
        Chapter::new("What is owed to whom").table("balances", balances),
    ])
}

fn statement(names: &Names, view: &Statement, cast: Cast) -> Result<Table, Unreadable> {
    let mut table = Table::new(&[
        number("entry", "entry"),
        text("day", "time"),
        text("what", "kind"),
        text("state", "state"),
        number("amount", "amount"),
        number("owed then", "balance"),
        text("source", "source"),
    ]);
    for line in view.between(cast.florist, world::CURRENCY, world::february(6).start(), Timestamp::MAX)? {
        let line = line?;
        table.row([
            Cell::plain(line.number),
            Cell::shown(words::short(line.time.day()), line.time.to_string()),
            Cell::shown(line.kind.name().replace('_', " "), line.kind.name()),
            Cell::shown(line.state.name().replace('_', " "), line.state.name()),
            amount(line.amount),
            amount(line.balance),
            names.source(line.source),
        ]);
    }
    Ok(table)
}

fn upcoming(names: &Names, view: &Payouts) -> Table {
    let mut table = Table::new(&[
        text("seller", "seller"),
        number("amount", "amount"),
        text("paid on", "paid_on"),
        text("arrives", "arrival_date"),
        text("because", "reasons"),
    ]);
    let day = |day: Option<Day>, none: &str| {
        Cell::shown(day.map_or(none.to_owned(), words::short), day.map(|day| day.to_string()))
    };
    let sellers = view.forecasts(None).filter(|forecast| !forecast.account.is_platform());
    for forecast in sellers {
        for held in &forecast.withheld {
            let planned = forecast.planned.iter().find(|planned| Some(planned.date) == held.paid_on);
            let reasons: Vec<String> = held.reasons.iter().map(ToString::to_string).collect();
            table.row([
                Cell::plain(names.shown(forecast.account)),
                amount(held.amount),
                day(held.paid_on, "not yet"),
                day(planned.map(|planned| planned.arrival), ""),
                Cell::shown(words::reasons(&held.reasons), reasons),
            ]);
        }
    }
    table
}

fn tax(names: &Names, view: &Tax, year: i16) -> Table {
    let mut table = Table::new(&[
        text("seller", "account"),
        number("sales", "count"),
        number("gross", "gross"),
        number("fees", "fees"),
    ]);
    for row in view.rows(None, Some(year)) {
        table.row([
            Cell::plain(names.shown(row.account)),
            Cell::plain(row.sold.sales()),
            output::sum(world::CURRENCY, row.sold.gross),
            output::sum(world::CURRENCY, row.sold.fees),
        ]);
    }
    table
}

fn balances(names: &Names, view: &Balance) -> Table {
    let mut table = Table::new(&[
        text("account", "account"),
        number("pending", "pending"),
        number("available", "available"),
        number("in transit", "in_transit"),
        number("paid out", "paid_out"),
    ]);
    for row in view.rows(None) {
        let funds = row.funds;
        let amounts = [funds.pending, funds.available, funds.in_transit, funds.paid_out];
        table.row([Cell::plain(names.shown(row.account))].into_iter().chain(amounts.map(amount)));
    }
    table
}
