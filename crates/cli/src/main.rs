//! The `counterfoil` command: a ledger's data folder on a terminal.

mod args;
mod audit;
mod balance;
mod bench;
mod claim;
mod debts;
mod demo;
mod draw;
mod exit;
mod explain;
mod export;
mod exposure;
mod import;
mod ledger;
mod margin;
mod output;
mod payouts;
mod rebuild;
mod simulate;
mod statement;
mod tax;
mod transactions;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::Failure;
use output::Output;

/// Threads hand each other memory here, which the system's allocator keeps in pieces:
/// with this one the process is a tenth faster (`docs/decisions/dependencies.md`).
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => return output::usage(&error),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return output::fail(&Failure::input(format!("no threads to run on: {error}"))),
    };
    match runtime.block_on(run(&args)) {
        Ok(output) => output::print(&output),
        Err(failure) => output::fail(&failure),
    }
}

async fn run(args: &Args) -> Result<Output, Failure> {
    match &args.command {
        Command::Demo => demo::run(args).await,
        Command::Import(import) => import::run(args, import).await,
        Command::Balance(balance) => balance::run(args, balance).await,
        Command::Payouts(payouts) => payouts::run(args, payouts).await,
        Command::Tax(tax) => tax::run(args, tax).await,
        Command::Margin(margin) => margin::run(args, margin).await,
        Command::Statement(statement) => statement::run(args, statement).await,
        Command::Transactions(transactions) => transactions::run(args, transactions).await,
        Command::Debts(debts) => debts::run(args, debts).await,
        Command::Exposure(exposure) => exposure::run(args, exposure).await,
        Command::Explain(explain) => explain::run(args, explain).await,
        Command::Rebuild(rebuild) => rebuild::run(args, rebuild).await,
        Command::Audit => audit::run(args).await,
        Command::Export(export) => export::run(args, export).await,
        Command::Bench(bench) => bench::run(args, bench).await,
        Command::Simulate(simulate) => simulate::run(args, simulate).await,
    }
}
