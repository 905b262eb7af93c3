//! `transactions`: every change of an account's balance in Connect's terms.

use counterfoil::domain::PayoutId;
use counterfoil::domain::calendar::Timestamp;
use counterfoil::views::transactions::BalanceTransaction;
use counterfoil::views::{ObjectRef, Unreadable};

use crate::args;
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{Cell, Output, Table, number, text};

/// Every change of an account's balance in Connect's terms: type, category, fees, net, source.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The account: an external id, an id, or `platform`
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// Only the last so many in each currency
    #[arg(long, value_name = "COUNT")]
    last: Option<usize>,
    /// Only those whose money this payout took; they sum to its amount
    #[arg(long, value_name = "PAYOUT", conflicts_with = "last")]
    payout: Option<String>,
}

/// Answers from the statement and the events that it names.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let account = ledger::account(&ledger, &asked.account)?;
    let names = Names::of(&ledger, Some(account))?;
    let payout = asked.payout.as_deref().map(|text| payout(&names, text)).transpose()?;
    let found = ledger.views(|views| -> Result<Vec<BalanceTransaction>, Unreadable> {
        let transactions = views.transactions();
        if let Some(payout) = payout {
            let mut members = transactions.paid_by(payout)?;
            members.retain(|member| member.account == account);
            return Ok(members);
        }
        let mut found = Vec::new();
        for currency in views.statement().currencies(account) {
            let newest = transactions.newest(account, currency, None);
            let mut some = newest.take(asked.last.unwrap_or(usize::MAX)).collect::<Result<Vec<_>, _>>()?;
            some.reverse();
            found.append(&mut some);
        }
        Ok(found)
    })?;
    let now = ledger.views(|views| views.payouts().now());
    let table = table(&names, &found, now);
    ledger::close(ledger, Output::done(table.write(args.format))).await
}

fn payout(names: &Names, text: &str) -> Result<PayoutId, Failure> {
    match names.parse(text) {
        Some(ObjectRef::Payout(payout)) => Ok(payout),
        Some(_) | None => Err(Failure::input(format!("{text} is no id of a payout; they begin with po_"))),
    }
}

/// The transactions as a table, with their status at a time: amounts add to the balance, and net
/// is amount less fee.
fn table(names: &Names, transactions: &[BalanceTransaction], now: Timestamp) -> Table {
    let mut table = Table::new(&[
        text("time", "created"),
        text("available on", "available_on"),
        text("status", "status"),
        text("type", "type"),
        text("category", "reporting_category"),
        number("amount", "amount"),
        number("fee", "fee"),
        number("net", "net"),
        text("currency", "currency"),
        text("balance", "balance_type"),
        text("source", "source"),
        number("entry", "entry"),
    ]);
    for it in transactions {
        let amount = |minor: i64| Cell::shown(it.currency.format(minor), minor);
        table.row([
            Cell::plain(it.created.to_string()),
            Cell::plain(it.available_on.to_string()),
            Cell::plain(it.status(now)),
            Cell::plain(it.kind.name()),
            Cell::plain(it.category.name()),
            amount(it.amount),
            amount(it.fee),
            amount(it.net),
            Cell::plain(it.currency.code()),
            Cell::plain(it.balance.name()),
            names.source(it.source),
            Cell::plain(it.entry),
        ]);
    }
    table
}
