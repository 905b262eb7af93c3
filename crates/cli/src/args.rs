//! The command line: stable names, since tests and other tools rely on them.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::import;
use crate::{
    balance, bench, debts, explain, export, exposure, margin, payouts, rebuild, simulate, statement, tax,
    transactions,
};

/// The ledger a marketplace runs on.
///
/// Exit codes: 0 done, 1 refused or bad input, 2 usage, 3 the data is damaged.
#[derive(Debug, Parser)]
#[command(name = "counterfoil", version, max_term_width = 100)]
pub(crate) struct Args {
    /// The data folder [default: ./counterfoil-data]
    #[arg(long, global = true, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// How the result is written
    #[arg(long, global = true, value_name = "FORMAT", default_value = "table")]
    pub(crate) format: Format,
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How a result is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Columns for people
    Table,
    /// JSON; amounts are integers in minor units
    Json,
    /// Comma-separated values with a header; amounts are integers in minor units
    Csv,
}

/// What the command does.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Tell a marketplace's story in a ledger of its own [default folder: ./counterfoil-demo]
    Demo,
    /// Make a ledger from records that were kept elsewhere
    #[command(subcommand)]
    Import(import::Import),
    /// What each account is owed, by state
    Balance(balance::Args),
    /// Payouts made; with --upcoming, what will be paid when, and why not sooner
    Payouts(payouts::Args),
    /// What each seller sold in a year
    Tax(tax::Args),
    /// What the platform earned with each account, and in total
    Margin(margin::Args),
    /// Every balance entry of an account, with its cause
    Statement(statement::Args),
    /// Every change of an account's balance in Connect's terms
    Transactions(transactions::Args),
    /// What each seller owes, how old it is, and what is held against it
    Debts(debts::Args),
    /// What would be lost if a seller vanished today
    Exposure(exposure::Args),
    /// What each number of an account's balance consists of
    Explain(explain::Args),
    /// Build views again from the first event and put them in the place of the old ones
    Rebuild(rebuild::Args),
    /// Check files, chain, replay, books, views and keys; says what was checked
    Audit,
    /// Write the whole ledger in another form
    Export(export::Args),
    /// Measure durable commands on this machine's disk [default folder: ./counterfoil-bench]
    ///
    /// The ledger stays in its folder. A later run with as many accounts goes on with it, so
    /// that a log can be grown in steps; payouts need a folder of their own.
    Bench(bench::Args),
    /// Run a marketplace with simulated rails from a seed [default: in memory]
    Simulate(simulate::Args),
}

impl Args {
    /// The data folder.
    pub(crate) fn folder(&self) -> PathBuf {
        self.dir.clone().unwrap_or_else(|| PathBuf::from("counterfoil-data"))
    }
}
