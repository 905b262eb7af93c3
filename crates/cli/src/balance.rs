//! `balance`: what each account is owed, by state.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::views::Balance;
use counterfoil::views::balance::Funds;

use crate::args;
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{Cell, Output, Table, number, text};

/// What each account is owed, by state.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One account: an external id, an id, or `platform`
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
    /// As it was at this business time, every event of that instant included
    #[arg(long, value_name = "TIME", value_parser = ledger::time)]
    as_of: Option<Timestamp>,
}

/// Answers from the view, or for a past time from the log.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let account = asked.account.as_deref().map(|text| ledger::account(&ledger, text)).transpose()?;
    let balance: Balance = match ledger::past(&ledger, asked.as_of) {
        Some(time) => ledger.view_as_of(time).await?,
        None => ledger.views(|views| views.balance().clone()),
    };
    let names = Names::of(&ledger, account)?;
    // Few have any: a person sees the column where somebody does, a program always.
    let rare = |title: &'static str, key: &'static str, amount: fn(&Funds) -> i64| {
        let some = balance.rows(account).any(|row| amount(&row.funds) != 0);
        number(if some { title } else { "" }, key)
    };
    let mut table = Table::new(&[
        text("account", "account"),
        text("external id", "external_id"),
        text("currency", "currency"),
        number("pending", "pending"),
        number("available", "available"),
        number("in transit", "in_transit"),
        number("paid out", "paid_out"),
        rare("reserved", "reserved", |funds| funds.reserved),
        rare("connect reserved", "connect_reserved", |funds| funds.connect_reserved),
        rare("prefunding", "refund_and_dispute_prefunding", |funds| funds.prefunded),
    ]);
    for row in balance.rows(account) {
        let amount = |minor: i64| Cell::shown(row.currency.format(minor), minor);
        let Funds { pending, available, in_transit, paid_out, reserved, connect_reserved, prefunded } =
            row.funds;
        let amounts = [pending, available, in_transit, paid_out, reserved, connect_reserved, prefunded];
        let cells = names.cells(row.account).into_iter().chain([Cell::plain(row.currency.code())]);
        table.row(cells.chain(amounts.map(amount)));
    }
    ledger::close(ledger, Output::done(table.write(args.format))).await
}
