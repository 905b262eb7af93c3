//! `statement`: every balance entry of an account, with its cause.

use counterfoil::domain::calendar::Timestamp;
use counterfoil::views::statement::Line;
use counterfoil::views::{Statement, Unreadable};

use crate::args;
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{Cell, Output, Table, number, text};

/// Every balance entry of an account, with its cause.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The account: an external id, an id, or `platform`
    #[arg(value_name = "ACCOUNT")]
    account: String,
    /// Only the last so many entries in each currency
    #[arg(long, value_name = "COUNT")]
    last: Option<usize>,
    /// As it was at this business time, every event of that instant included
    #[arg(long, value_name = "TIME", value_parser = ledger::time)]
    as_of: Option<Timestamp>,
}

/// Answers from the view, or for a past time from the log.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let account = ledger::account(&ledger, &asked.account)?;
    let names = Names::of(&ledger, Some(account))?;
    let lines = |statement: &Statement| -> Result<Vec<Line>, Unreadable> {
        let count = asked.last.unwrap_or(usize::MAX);
        statement.currencies(account).flat_map(|currency| statement.last(account, currency, count)).collect()
    };
    let lines = match ledger::past(&ledger, asked.as_of) {
        Some(time) => lines(&ledger.view_as_of(time).await?)?,
        None => ledger.views(|views| lines(views.statement()))?,
    };
    let table = table(&names, &lines);
    ledger::close(ledger, Output::done(table.write(args.format))).await
}

/// The lines as a table: amounts add to what is owed, the balance is over all states.
pub(crate) fn table(names: &Names, lines: &[Line]) -> Table {
    let mut table = Table::new(&[
        number("entry", "entry"),
        text("time", "time"),
        text("kind", "kind"),
        text("state", "state"),
        number("amount", "amount"),
        number("balance", "balance"),
        text("currency", "currency"),
        text("source", "source"),
    ]);
    for line in lines {
        let amount = |minor: i64| Cell::shown(line.currency.format(minor), minor);
        table.row([
            Cell::plain(line.number),
            Cell::plain(line.time.to_string()),
            Cell::plain(line.kind.name()),
            Cell::plain(line.state.name()),
            amount(line.amount),
            amount(line.balance),
            Cell::plain(line.currency.code()),
            names.source(line.source),
        ]);
    }
    table
}
