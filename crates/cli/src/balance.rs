//! `balance`: what each account is owed, by state.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::views::Balance;

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
    let balance: Balance = match asked.as_of {
        Some(time) => ledger.view_as_of(time).await?,
        None => ledger.views(|views| views.balance().clone()),
    };
    let names = Names::of(&ledger, account)?;
    // Few have any: a person sees the column where somebody does, a program always.
    let prefunded = balance.rows(account).any(|row| row.funds.prefunded != 0);
    let mut table = Table::new(&[
        text("account", "account"),
        text("external id", "external_id"),
        text("currency", "currency"),
        number("pending", "pending"),
        number("available", "available"),
        number("in transit", "in_transit"),
        number("paid out", "paid_out"),
        number(if prefunded { "prefunding" } else { "" }, "refund_and_dispute_prefunding"),
    ]);
    for row in balance.rows(account) {
        let amount = |minor: i64| Cell::shown(row.currency.format(minor), minor);
        let funds = row.funds;
        let amounts = [funds.pending, funds.available, funds.in_transit, funds.paid_out, funds.prefunded];
        let cells = names.cells(row.account).into_iter().chain([Cell::plain(row.currency.code())]);
        table.row(cells.chain(amounts.map(amount)));
    }
    ledger::close(ledger, Output::done(table.write(args.format))).await
}
