//! `tax`: what each seller sold in a year, by month, before any refund.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::views::Tax;

use crate::args;
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{self, Cell, Output, Table, minor_units, number, text};

/// What each seller sold in a year.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The year, in UTC
    #[arg(long, value_name = "YEAR", value_parser = year)]
    year: i16,
    /// One account: an external id, an id, or `platform`
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
    /// As it was at this business time, every event of that instant included
    #[arg(long, value_name = "TIME", value_parser = ledger::time)]
    as_of: Option<Timestamp>,
}

/// Answers from the view.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let account = asked.account.as_deref().map(|text| ledger::account(&ledger, text)).transpose()?;
    let names = Names::of(&ledger, account)?;
    let mut table = Table::new(&[
        text("account", "account"),
        text("external id", "external_id"),
        text("currency", "currency"),
        number("sales", "count"),
        number("gross", "gross"),
        number("fees", "fees"),
        number("", "months"),
    ]);
    let mut fill = |tax: &Tax| {
        for row in tax.rows(account, Some(asked.year)) {
            let months: Vec<serde_json::Value> =
                row.sold.months.iter().map(|month| minor_units(*month)).collect();
            let cells = names.cells(row.account).into_iter().chain([
                Cell::plain(row.currency.code()),
                Cell::plain(row.sold.sales()),
                output::sum(row.currency, row.sold.gross),
                output::sum(row.currency, row.sold.fees),
                Cell::plain(months),
            ]);
            table.row(cells);
        }
    };
    match ledger::past(&ledger, asked.as_of) {
        Some(time) => fill(&ledger.view_as_of(time).await?),
        None => ledger.views(|views| fill(views.tax())),
    }
    ledger::close(ledger, Output::done(table.write(args.format))).await
}

fn year(text: &str) -> Result<i16, String> {
    text.parse().map_err(|_| format!("\"{text}\" is no year; write 2017"))
}
