//! `rebuild`: views built again from the first event, in the place of the old ones.

use counterfoil::View;
use serde_json::Value;

use crate::args;
use crate::exit::Failure;
use crate::ledger;
use crate::output::{Cell, Output, Table, number, text};

/// Build views again from the first event and put them in the place of the old ones.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// One view: balance, payouts, tax, statement or objects; all where absent
    #[arg(value_name = "VIEW", value_parser = view)]
    view: Option<View>,
}

/// Rebuilds beside the live views, compares, exchanges.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let ledger = ledger::open(args).await?;
    let mut table = Table::new(&[
        text("view", "view"),
        number("events", "events"),
        text("before", "difference"),
        text("snapshot", "damage"),
    ]);
    let views = asked.view.map_or_else(|| View::ALL.to_vec(), |view| vec![view]);
    for view in views {
        let rebuilt = ledger.rebuild(view).await?;
        let said = |what: Option<String>, otherwise: &str| {
            Cell::shown(
                what.clone().unwrap_or_else(|| otherwise.to_owned()),
                what.map_or(Value::Null, Value::from),
            )
        };
        table.row([
            Cell::plain(view.name()),
            Cell::plain(rebuilt.events),
            said(rebuilt.difference, "the same"),
            said(rebuilt.damage, "whole or none"),
        ]);
    }
    ledger::close(ledger, Output::done(table.write(args.format))).await
}

fn view(name: &str) -> Result<View, String> {
    let known = || View::ALL.map(View::name).join(", ");
    View::from_name(name).ok_or_else(|| format!("no view \"{name}\"; there are {}", known()))
}
