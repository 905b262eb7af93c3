//! `exposure`: what would be lost if a seller vanished today.

use std::collections::BTreeMap;

use counterfoil::domain::money::Currency;
use counterfoil::domain::policy;
use counterfoil::views::exposure::Exposure;
use serde_json::json;

use crate::args::{self, Format};
use crate::exit::Failure;
use crate::ledger::{self, Names};
use crate::output::{self, Cell, Output, Table, number, text};

/// What would be lost if a seller vanished today: debts and what payers may still be given back,
/// less the seller's own money.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One account: an external id or an id
    #[arg(value_name = "ACCOUNT")]
    account: Option<String>,
    /// For how many days after it was captured a payment may be given back
    #[arg(long, value_name = "DAYS", default_value_t = policy::RETURN_DAYS)]
    days: u16,
}

/// Answers from the views and the log.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let account = asked.account.as_deref().map(|text| ledger::account(&ledger, text)).transpose()?;
    let names = Names::of(&ledger, account)?;
    let found = ledger.views(|views| views.exposure().of(account, asked.days))?;
    let (rows, totals) = (table(&names, &found), totals(&found));
    let text = match args.format {
        Format::Table => format!("{}\n{}", rows.write(Format::Table), totals.write(Format::Table)),
        Format::Csv => rows.write(Format::Csv),
        Format::Json => {
            let (rows, totals) = (rows.value(), totals.value());
            output::json(&json!({ "days": asked.days, "exposures": rows, "totals": totals }))
        }
    };
    ledger::close(ledger, Output::done(text)).await
}

fn table(names: &Names, found: &[Exposure]) -> Table {
    let mut table = Table::new(&[
        text("account", "account"),
        text("external id", "external_id"),
        text("currency", "currency"),
        number("debt", "debt"),
        number("own charges", "own_charges"),
        number("transferred", "transferred"),
        number("own money", "own_money"),
        number("exposure", "exposure"),
        number("", "platform"),
        text("", "loss_bearer"),
    ]);
    for it in found {
        let amount = |minor: i64| Cell::shown(it.currency.format(minor), minor);
        let cells = names.cells(it.account).into_iter().chain([
            Cell::plain(it.currency.code()),
            amount(it.debt),
            amount(it.own_charges),
            amount(it.transferred),
            amount(it.own_money),
            amount(it.amount()),
            amount(it.of_platform()),
            Cell::plain(output::loss_bearer(it.loss_bearer)),
        ]);
        table.row(cells);
    }
    table
}

/// What would be lost if all of them vanished.
fn totals(found: &[Exposure]) -> Table {
    let mut table = Table::new(&[
        text("currency", "currency"),
        number("exposure", "exposure"),
        number("of the platform", "platform"),
    ]);
    let mut sums: BTreeMap<Currency, (i128, i128)> = BTreeMap::new();
    for it in found {
        let (all, platform) = sums.entry(it.currency).or_default();
        *all += i128::from(it.amount());
        *platform += i128::from(it.of_platform());
    }
    for (currency, (all, platform)) in sums {
        table.row([
            Cell::plain(currency.code()),
            output::sum(currency, all),
            output::sum(currency, platform),
        ]);
    }
    table
}
