//! `simulate`: a marketplace with simulated rails, from a seed.
//!
//! Whatever looks like chance follows from the seed, and there is no other clock than the
//! ledger's: the same seed, days, sellers and steps give the same log, byte for byte, on every
//! machine. Every event is held to the laws; one that breaks a law ends the run and names the
//! seed and the step, with which anybody can have it again.

mod answer;
mod books;
mod count;
mod market;
mod payees;
mod report;
mod sale;
mod watch;
mod world;

use std::path::Path;
use std::sync::Arc;

use counterfoil::Counterfoil;
use counterfoil::domain::dispute::Recovery;
use counterfoil::domain::rail::RailName;
use counterfoil::log::LedgerId;
use counterfoil::log::memory::MemoryLog;
use counterfoil::rails::bank::simulator::SimulatedBank;
use counterfoil::rails::card::simulator::SimulatedCards;
use counterfoil::rails::{BankSimulator, CardSimulator};
use counterfoil::saga::Saga;

use crate::args;
use crate::claim::{self, Maker};
use crate::exit::Failure;
use crate::output::{Output, ProgressLine};
use market::{Market, Rails};
use payees::SimulatedPayees;
use report::Report;

/// The maker of a folder that was given.
const SIMULATE: Maker = Maker {
    name: "simulate",
    says: "This folder was made by `counterfoil simulate`. Nothing in it is real; remove it when you like.\n",
};

/// Run a marketplace with simulated rails from a seed.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Args {
    /// What everything follows from that looks like chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// How many days pass
    #[arg(long, value_name = "DAYS", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=3_650))]
    days: u32,
    /// How many sellers there are
    #[arg(long, value_name = "N", default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    sellers: u32,
    /// How many things happen on a day: sales, refunds, transfers, payouts
    #[arg(long, value_name = "N", default_value_t = 25, value_parser = clap::value_parser!(u32).range(0..=10_000))]
    steps: u32,
}

/// Runs the marketplace to its end.
pub(crate) async fn run(args: &args::Args, simulate: &Args) -> Result<Output, Failure> {
    let ledger = open(args.dir.as_deref(), simulate).await?;
    let market = market(&ledger, simulate).await;
    let ran = match market {
        Ok(mut market) => run_days(&mut market, simulate).await.map(|()| market.counted()),
        Err(failure) => Err(failure),
    };
    let head = ledger.head();
    let closed = ledger.close().await;
    let counts = ran?;
    closed?;
    let folder = args.dir.as_deref();
    Ok(Output::done(Report { asked: *simulate, folder, head, counts }.write(args.format)))
}

async fn run_days(market: &mut Market<'_>, simulate: &Args) -> Result<(), Failure> {
    let mut progress = ProgressLine::new("simulated days");
    market.onboard(simulate.sellers).await?;
    for day in 0..simulate.days {
        market.day(day, simulate.steps).await?;
        progress.at(u64::from(day) + 1, simulate.days.into());
    }
    market.end().await
}

/// A new ledger: in a folder that was made for it, or in memory.
async fn open(folder: Option<&Path>, simulate: &Args) -> Result<Counterfoil, Failure> {
    let settings = world::settings(simulate.seed)?;
    let builder = Counterfoil::builder().opened_at(world::opening());
    let Some(folder) = folder else {
        let log = MemoryLog::new(LedgerId(*settings.ledger.as_bytes())).map_err(Failure::input)?;
        return Ok(builder.log(log.log()).settings(settings).open().await?);
    };
    claim::claim(folder, SIMULATE)?;
    if counterfoil::exists(folder) {
        let folder = folder.display();
        return Err(Failure::input(format!(
            "{folder} holds a simulation that ran before; name another folder with --dir"
        )));
    }
    Ok(builder.path(folder).settings(settings).open().await?)
}

/// The marketplace, before its first seller.
async fn market<'a>(ledger: &'a Counterfoil, simulate: &Args) -> Result<Market<'a>, Failure> {
    let rails = world::rails(simulate.seed);
    let cards = Arc::new(SimulatedCards::new(world::card()?, CardSimulator::new(rails.clone())));
    let bank = RailName::new(RailName::BANK).map_err(Failure::input)?;
    let bank = Arc::new(SimulatedBank::new(bank, BankSimulator::new(rails)));
    let saga = Saga::builder(ledger, cards.clone(), bank.clone()).payees(Arc::new(SimulatedPayees));
    let saga = saga.recovering(|_| Recovery::OwnTransfer { with_fee: true });
    let saga = saga.rails_forget().open().await?;
    Ok(Market::new(ledger, saga, Rails { cards, bank }, simulate.seed))
}
