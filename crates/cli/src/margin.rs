//! `margin`: what the platform earned with each account, and with all of them.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::domain::money::Currency;
use counterfoil::views::Margin;
use counterfoil::views::margin::Earned;
use serde_json::Value;

use crate::args;
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{self, Cell, Output, Table, number, text};

/// What the platform earned: fees and commission, less processing fees and losses.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One account: an external id, an id, or `platform` for what is earned with nobody
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
    /// As it was at this business time, every event of that instant included
    #[arg(long, value_name = "TIME", value_parser = ledger::time)]
    as_of: Option<Timestamp>,
}

/// Folds the log: there is no live view of it.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let account = asked.account.as_deref().map(|text| ledger::account(&ledger, text)).transpose()?;
    let names = Names::of(&ledger, account)?;
    let margin: Margin = ledger.view_as_of(asked.as_of.unwrap_or(Timestamp::MAX)).await?;
    let mut table = Table::new(&[
        text("account", "account"),
        text("external id", "external_id"),
        text("currency", "currency"),
        number("application fees", "application_fees"),
        number("commission", "commission"),
        number("recovered", "recovered"),
        number("processing fees", "processing_fees"),
        number("losses", "losses"),
        number("margin", "margin"),
    ]);
    for row in margin.rows(account) {
        table.row(names.cells(row.account).into_iter().chain(cells(row.currency, &row.earned)));
    }
    if account.is_none() {
        for (currency, total) in margin.totals() {
            let all = [Cell::plain("total"), Cell::shown("", Value::Null)];
            table.row(all.into_iter().chain(cells(currency, &total)));
        }
    }
    ledger::close(ledger, Output::done(table.write(args.format))).await
}

fn cells(currency: Currency, earned: &Earned) -> Vec<Cell> {
    let amounts = [
        earned.application_fees,
        earned.commission,
        earned.recovered,
        earned.processing_fees,
        earned.losses,
        earned.margin(),
    ];
    let amounts = amounts.map(|minor| output::sum(currency, minor));
    std::iter::once(Cell::plain(currency.code())).chain(amounts).collect()
}
