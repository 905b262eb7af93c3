//! `debts`: what each seller owes, how old it is, and what made it so; what was written off, and
//! what came back of it.

use std::collections::BTreeMap;

use counterfoil::domain::AccountId;
use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::money::Currency;
use counterfoil::domain::settings::LossBearer;
use counterfoil::views::debts::{Age, Debt, DebtPart, Reader, WrittenOff};
use counterfoil::views::{Balance, Reading, Unreadable};
use serde_json::{Value, json};

use crate::args::{self, Format};
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{self, Cell, Column, Output, Table, number, text};

/// What sellers owe by age, and what the platform holds against it; of one account, what made it so.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One account, with everything that moved its balance since it owes: an external id or an id
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
    /// As it was at this business time, every event of that instant included
    #[arg(long, value_name = "TIME", value_parser = ledger::time)]
    as_of: Option<Timestamp>,
}

/// What is told of debts, and of what is held against them.
struct Told {
    now: Timestamp,
    debts: Vec<Debt>,
    written_off: Vec<WrittenOff>,
    /// By currency; of all accounts alone.
    totals: Option<BTreeMap<Currency, Total>>,
}

/// What all owe together, what of it the platform bears, and what it holds.
#[derive(Default)]
struct Total {
    owed: i128,
    borne: i128,
    held: i64,
}

/// Answers from the views, or for a past time from the log.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let account = asked.account.as_deref().map(|text| ledger::account(&ledger, text)).transpose()?;
    let names = Names::of(&ledger, account)?;
    let told = match ledger::past(&ledger, asked.as_of) {
        Some(time) => {
            let balance: Balance = ledger.view_as_of(time).await?;
            ledger.views(|views| told(Reader::at(views, &balance, time), account))?
        }
        None => ledger.views(|views: Reading<'_>| told(views.debts(), account))?,
    };
    let text = match (args.format, &told.totals) {
        (Format::Json, _) => output::json(&value(&names, &told)),
        (Format::Csv, _) => summary(&names, &told).write(Format::Csv),
        (Format::Table, Some(sums)) => {
            let sums = totals(sums).write(Format::Table);
            format!("{}\n{sums}{}", summary(&names, &told).write(Format::Table), lost(&names, &told))
        }
        (Format::Table, None) => {
            let summary = summary(&names, &told).write(Format::Table);
            let debts = told.debts.iter();
            let text =
                debts.fold(summary, |text, debt| text + "\n" + &parts(&names, debt).write(Format::Table));
            text + &lost(&names, &told)
        }
    };
    ledger::close(ledger, Output::done(text)).await
}

fn told(reader: Reader<'_>, account: Option<AccountId>) -> Result<Told, Unreadable> {
    let debts = reader.of(account)?;
    let totals = account.is_none().then(|| sums(reader, &debts));
    let written_off = reader.written_off(account)?;
    Ok(Told { now: reader.now(), debts, written_off, totals })
}

/// What all owe together, and what is held against it.
fn sums(reader: Reader<'_>, debts: &[Debt]) -> BTreeMap<Currency, Total> {
    let mut totals: BTreeMap<Currency, Total> = BTreeMap::new();
    for (currency, held) in reader.held() {
        totals.entry(currency).or_default().held = held;
    }
    for debt in debts {
        let total = totals.entry(debt.currency).or_default();
        total.owed += i128::from(debt.owed);
        if debt.loss_bearer == LossBearer::Platform {
            total.borne += i128::from(debt.owed);
        }
    }
    totals
}

/// One row for each debt.
fn summary(names: &Names, told: &Told) -> Table {
    let mut columns: Vec<Column> = vec![
        text("account", "account"),
        text("external id", "external_id"),
        text("currency", "currency"),
        number("owed", "owed"),
        text("since", "since"),
        text("written off", "written_off_on"),
        text("borne by", "loss_bearer"),
    ];
    columns.extend(Age::ALL.map(|age| number(age.name(), age.key())));
    let mut table = Table::new(&columns);
    for debt in &told.debts {
        let amount = |minor: i64| Cell::shown(debt.currency.format(minor), minor);
        let ages = debt.by_age(told.now).map(|(_, open)| amount(open));
        let cells = names.cells(debt.account).into_iter().chain([
            Cell::plain(debt.currency.code()),
            amount(debt.owed),
            Cell::plain(debt.since.to_string()),
            Cell::plain(debt.written_off_on().to_string()),
            Cell::plain(output::loss_bearer(debt.loss_bearer)),
        ]);
        table.row(cells.chain(ages));
    }
    table
}

fn totals(sums: &BTreeMap<Currency, Total>) -> Table {
    let mut table = Table::new(&[
        text("currency", "currency"),
        number("owed", "owed"),
        number("the platform bears", "platform"),
        number("and holds", "held"),
    ]);
    for (currency, Total { owed, borne, held }) in sums {
        table.row([
            Cell::plain(currency.code()),
            output::sum(*currency, *owed),
            output::sum(*currency, *borne),
            Cell::shown(currency.format(*held), *held),
        ]);
    }
    table
}

/// What was written off, where anything was, below other tables.
fn lost(names: &Names, told: &Told) -> String {
    if told.written_off.is_empty() {
        return String::new();
    }
    format!("\n{}", written_off(names, &told.written_off).write(Format::Table))
}

/// Debts that were written off, and what came back of them.
pub(crate) fn written_off(names: &Names, written_off: &[WrittenOff]) -> Table {
    let mut table = Table::new(&[
        text("account", "account"),
        text("external id", "external_id"),
        text("write-off", "write_off"),
        text("currency", "currency"),
        number("written off", "amount"),
        text("at", "written_off_at"),
        number("came back", "recovered"),
        number("lost", "left"),
        text("borne by", "loss_bearer"),
    ]);
    for it in written_off {
        let amount = |minor: i64| Cell::shown(it.currency.format(minor), minor);
        let cells = names.cells(it.account).into_iter().chain([
            Cell::plain(names.id(it.id)),
            Cell::plain(it.currency.code()),
            amount(it.amount),
            Cell::plain(it.at.to_string()),
            amount(it.recovered),
            amount(it.left()),
            Cell::plain(output::loss_bearer(it.loss_bearer)),
        ]);
        table.row(cells);
    }
    table
}

/// What made a debt and moved it since.
fn parts(names: &Names, debt: &Debt) -> Table {
    let mut table = Table::new(&[
        number("entry", "entry"),
        text("time", "time"),
        text("kind", "kind"),
        text("source", "source"),
        number("amount", "amount"),
        number("open", "open"),
    ]);
    for part in &debt.parts {
        let DebtPart { entry, time, kind, amount, open, .. } = *part;
        let shown = |minor: i64| Cell::shown(debt.currency.format(minor), minor);
        table.row([
            Cell::plain(entry),
            Cell::plain(time.to_string()),
            Cell::plain(kind.name()),
            names.source(part.source),
            shown(amount),
            shown(open),
        ]);
    }
    table
}

fn value(names: &Names, told: &Told) -> Value {
    let rows = summary(names, told).value();
    let mut debts = rows.as_array().cloned().unwrap_or_default();
    for (row, debt) in debts.iter_mut().zip(&told.debts) {
        if let Value::Object(row) = row {
            row.insert("parts".to_owned(), parts(names, debt).value());
        }
    }
    let mut value = json!({
        "as_of": told.now.to_string(), "debts": debts,
        "written_off": written_off(names, &told.written_off).value(),
    });
    if let (Some(sums), Value::Object(value)) = (&told.totals, &mut value) {
        value.insert("totals".to_owned(), totals(sums).value());
    }
    value
}
