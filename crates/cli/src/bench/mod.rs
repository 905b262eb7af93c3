//! `bench`: durable commands on this machine's disk, beside a plain file that is appended
//! and synced as often with as many bytes.
//!
//! Every command goes through the façade under an idempotency key of its own, with the
//! views attached, and counts once its answer is there. `docs/bench.md` says what each
//! figure means.

mod caller;
mod callers;
mod control;
mod decimal;
mod generator;
mod latencies;
mod measure;
mod payday;
mod process;
mod report;
mod setup;
mod sizes;
mod strain;
mod strained;
mod workload;
mod world;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use counterfoil::Counterfoil;

use crate::args;
use crate::claim::{self, Maker};
use crate::exit::Failure;
use crate::output::Output;
use measure::Measured;
use report::Report;
use setup::Setup;
use sizes::Sizes;
use workload::Workload;
use world::Market;

/// The folder of a bench that was given none.
const FOLDER: &str = "./counterfoil-bench";

/// The maker of that folder.
const BENCH: Maker = Maker {
    name: "bench",
    says: "This folder was made by `counterfoil bench`. Nothing in it is real; remove it when you like.\n",
};

/// Measure durable commands on this machine's disk.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Args {
    /// What is asked of the ledger
    #[arg(long, value_name = "WORKLOAD", default_value = "transfer")]
    workload: Workload,
    /// How many commands; a payout run makes one payout for each account instead
    #[arg(long, value_name = "N", default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    commands: u64,
    /// How many commands a caller hands over at once
    #[arg(long, value_name = "B", default_value_t = 8_190, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    batch: u64,
    /// How many callers there are, each with one submission in flight
    #[arg(long, value_name = "C", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=8_192))]
    callers: u64,
    /// How many sellers the market has
    #[arg(long, value_name = "A", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(5..=100_000_000))]
    accounts: u32,
    /// The share of commands that goes to one single seller
    #[arg(long, value_name = "PERCENT", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=100))]
    hot: u64,
}

/// A ledger that is set up, and how it was before the measured part.
struct Opened {
    ledger: Counterfoil,
    sizes: Sizes,
    opening: Duration,
}

/// Sets up, measures and reports.
pub(crate) async fn run(args: &args::Args, asked: &Args) -> Result<Output, Failure> {
    let folder = args.dir.clone().unwrap_or_else(|| PathBuf::from(FOLDER));
    claim::claim(&folder, BENCH)?;
    let Opened { ledger, sizes, opening } = open(&folder, asked).await?;
    let held = ledger.head().next_position;
    let measured = measure(&ledger, &folder, asked).await;
    let closed = ledger.close().await;
    let measured = measured?;
    closed?;
    let grown = Sizes::of(&folder)?;
    let report = Report { asked, folder: &folder, held, opening, measured, before: sizes, after: grown };
    Ok(Output::done(report.write(args.format)))
}

/// Opens the ledger. One that had to be set up is closed and opened again, so that the
/// folder is at rest before and after what is measured.
async fn open(folder: &Path, asked: &Args) -> Result<Opened, Failure> {
    let strained = asked.workload == Workload::Strained;
    let market = Market { accounts: asked.accounts, schedule: asked.workload.schedule(), strained };
    loop {
        let sizes = Sizes::of(folder)?;
        let started = Instant::now();
        let opening = Counterfoil::builder().path(folder).settings(world::settings(market));
        let ledger = opening.opened_at(world::start()).open().await?;
        let opening = started.elapsed();
        let changed = match world::refuse_other(&ledger, market, folder) {
            Ok(()) => Setup::new(&ledger, market).make(asked).await,
            Err(other) => Err(other),
        };
        if let Ok(false) = changed {
            return Ok(Opened { ledger, sizes, opening });
        }
        let closed = ledger.close().await;
        changed?;
        closed?;
    }
}

async fn measure(ledger: &Counterfoil, folder: &Path, asked: &Args) -> Result<Measured, Failure> {
    let (run, now) = world::begin(ledger).await?;
    ledger.caught_up().await?;
    measure::measure(ledger, folder, asked, run, now).await
}
