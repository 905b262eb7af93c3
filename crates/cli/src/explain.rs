//! `explain`: what each number of an account's balance consists of.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::views::Balance;
use counterfoil::views::explain::{Explanation, Held, Reader};
use serde_json::{Value, json};

use crate::args::{self, Format};
use crate::debts::written_off;
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{self, Cell, Output, Table, number, text};

/// What each number of an account's balance consists of: changes by object with a running total,
/// pending by day, what is in transit or held by its cause.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The account: an external id, an id, or `platform`
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// As it was at this business time, every event of that instant included
    #[arg(long, value_name = "TIME", value_parser = ledger::time)]
    as_of: Option<Timestamp>,
}

/// Answers from the statement and the events that it names.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let account = ledger::account(&ledger, &asked.account)?;
    // The platform's reserve is held for others, who are named.
    let names = Names::of(&ledger, Some(account).filter(|account| !account.is_platform()))?;
    let found = match ledger::past(&ledger, asked.as_of) {
        Some(time) => {
            let balance: Balance = ledger.view_as_of(time).await?;
            ledger.views(|views| Reader::at(views, &balance, time).of(account))?
        }
        None => ledger.views(|views| views.explain().of(account))?,
    };
    let text = match args.format {
        Format::Table => {
            let tables = found.iter().flat_map(|it| tables(&names, it));
            tables.map(|(_, table)| table.write(Format::Table)).collect::<Vec<_>>().join("\n")
        }
        Format::Json => output::json(&found.iter().map(|it| value(&names, it)).collect()),
        Format::Csv => {
            let mut all = changes();
            found.iter().for_each(|it| add_changes(&mut all, &names, it));
            all.write(Format::Csv)
        }
    };
    ledger::close(ledger, Output::done(text)).await
}

/// The tables of one currency that say something, each with its key.
fn tables(names: &Names, it: &Explanation) -> Vec<(&'static str, Table)> {
    let mut rows = changes();
    add_changes(&mut rows, names, it);
    let mut tables = vec![("numbers", numbers(it)), ("changes", rows)];
    if !it.pending.is_empty() {
        tables.push(("pending_by_day", pending(it)));
    }
    let held_for = [
        ("in transit", "in_transit_by_payout", &it.in_transit),
        ("reserved", "reserved_by_object", &it.reserved),
        ("prefunded", "prefunded_by_object", &it.prefunded),
    ];
    for (title, key, held) in held_for.into_iter().filter(|(.., held)| !held.is_empty()) {
        tables.push((key, by_object(names, it, title, held)));
    }
    if !it.debts.is_empty() {
        tables.push(("connect_reserved_by_debt", debts(names, it)));
    }
    if !it.written_off.is_empty() {
        tables.push(("written_off", written_off(names, &it.written_off)));
    }
    tables
}

fn value(names: &Names, it: &Explanation) -> Value {
    let (account, currency, at) = (names.id(it.account), it.currency.code(), it.now.to_string());
    let mut value = json!({ "account": account, "currency": currency, "as_of": at });
    for (key, table) in tables(names, it) {
        if let Value::Object(value) = &mut value {
            value.insert(key.to_owned(), table.value());
        }
    }
    value
}

/// The numbers themselves: each state that is not empty.
fn numbers(it: &Explanation) -> Table {
    let mut table = Table::new(&[
        text("state", "state"),
        number("amount", "amount"),
        text("currency", "currency"),
        text("is", ""),
    ]);
    for (state, amount) in it.funds.states() {
        let is = match state {
            "available" => "the last total, less pending and what is held",
            "pending" => "the days below",
            "in_transit" => "the payouts below",
            "connect_reserved" => "the debts below",
            _ => "the objects below",
        };
        if amount != 0 || state == "available" {
            table.row([
                Cell::shown(state.replace('_', " "), state),
                Cell::shown(it.currency.format(amount), amount),
                Cell::plain(it.currency.code()),
                Cell::plain(is),
            ]);
        }
    }
    table
}

/// An empty table of changes.
fn changes() -> Table {
    Table::new(&[
        text("source", "source"),
        text("time", "created"),
        text("type", "type"),
        text("balance", "balance_type"),
        number("amount", "amount"),
        number("fee", "fee"),
        number("net", "net"),
        number("total", "total"),
        text("", "currency"),
    ])
}

fn add_changes(table: &mut Table, names: &Names, it: &Explanation) {
    for change in &it.changes {
        let transaction = &change.transaction;
        let amount = |minor: i64| Cell::shown(it.currency.format(minor), minor);
        table.row([
            names.source(transaction.source),
            Cell::plain(transaction.created.to_string()),
            Cell::plain(transaction.kind.name()),
            Cell::plain(transaction.balance.name()),
            amount(transaction.amount),
            amount(transaction.fee),
            amount(transaction.net),
            output::sum(it.currency, change.total),
            Cell::plain(it.currency.code()),
        ]);
    }
}

fn pending(it: &Explanation) -> Table {
    let mut table = Table::new(&[text("pending until", "available_on"), number("amount", "amount")]);
    for (day, amount) in &it.pending {
        table.row([Cell::plain(day.to_string()), Cell::shown(it.currency.format(*amount), *amount)]);
    }
    table
}

fn by_object(names: &Names, it: &Explanation, title: &'static str, held: &[Held]) -> Table {
    let mut table = Table::new(&[text(title, "source"), number("amount", "amount")]);
    for Held { source, amount } in held {
        table.row([names.source(*source), Cell::shown(it.currency.format(*amount), *amount)]);
    }
    table
}

fn debts(names: &Names, it: &Explanation) -> Table {
    let mut table = Table::new(&[
        text("", "account"),
        text("held for the debt of", "external_id"),
        text("since", "since"),
        number("amount", "amount"),
    ]);
    for debt in &it.debts {
        let external = names.external(debt.account).map_or(Value::Null, Value::from);
        table.row([
            Cell::plain(names.id(debt.account)),
            Cell::shown(names.shown(debt.account), external),
            Cell::plain(debt.since.to_string()),
            Cell::shown(it.currency.format(debt.owed), debt.owed),
        ]);
    }
    table
}
