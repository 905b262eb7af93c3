//! `import olist`: a real marketplace's orders, payments and sellers, replayed.
//!
//! Three CSV files are read; rows that cannot be booked are refused with a reason, and
//! the orders that are left become a plan of steps in time. The plan is a pure function
//! of the files and the options, and the ledger's bookmark says how much of it is done.
//! What each doubtful case comes to is in `docs/decisions/olist-import.md`.

mod error;
mod field;
mod items;
mod order_size;
mod orders;
mod payments;
mod plan;
mod reason;
mod rows;
mod run;
mod sellers;
mod settings;
mod source;
mod step;
mod summary;
mod table;
mod tally;

use std::path::{Path, PathBuf};

use counterfoil::Counterfoil;
use counterfoil::domain::calendar::Weekday;
use counterfoil::domain::money::Rate;
use counterfoil::domain::payout::{PayoutSchedule, Weekdays};
use counterfoil::domain::rail::MOST_RAILS;

pub(crate) use error::ImportError;
pub(crate) use run::Progress;
pub(crate) use summary::Summary;

use orders::{Order, Orders};
use plan::Plan;
use run::Run;
use sellers::Sellers;
use source::Source;
use step::Requests;
use table::Table;
use tally::Tally;

/// Imports the orders, payments and sellers of a real marketplace.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Options {
    /// The folder of the three CSV files, plain or compressed (.gz)
    #[arg(long, value_name = "DIR")]
    pub(crate) from: PathBuf,
    /// What the platform keeps of each sale, in hundredths of a percent
    #[arg(long, value_name = "POINTS", default_value_t = 1_000, value_parser = clap::value_parser!(u16).range(..=10_000))]
    pub(crate) commission_bps: u16,
}

/// Imports into the ledger in `folder`, which is new, or holds the beginning of this
/// very import.
///
/// # Errors
/// Files that cannot be read, a ledger that is another's, or one that stops.
pub(crate) async fn import(
    options: &Options,
    folder: &Path,
    progress: Progress<'_>,
) -> Result<Summary, ImportError> {
    let source = Source::read(&options.from)?;
    let requests = Requests { source: source.digest(options.commission_bps) };
    let Read { sellers, orders, summary } = read(&source, options.commission_bps)?;
    let plan = Plan::new(&sellers.ids, &orders, schedule());

    let opening = Counterfoil::builder().path(folder).settings(settings::new(requests)).opened_at(plan.start);
    let ledger = opening.open().await.map_err(|error| ImportError::Open(Box::new(error)))?;
    let run = Run::new(&ledger, requests);
    let taken = take(&run, &plan, &summary, progress).await;
    let closed = ledger.close().await.map_err(ImportError::Ask);
    taken?;
    closed?;
    Ok(summary)
}

/// Takes what is left of the plan. A ledger in which nothing is left may have been used
/// since, and is not held against the totals.
async fn take(
    run: &Run<'_>,
    plan: &Plan<'_>,
    summary: &Summary,
    progress: Progress<'_>,
) -> Result<(), ImportError> {
    if run.take(plan, progress).await? > 0 { run.prove(&summary.totals).await } else { Ok(()) }
}

/// What the files come to.
struct Read {
    sellers: Sellers,
    orders: Vec<Order>,
    summary: Summary,
}

fn read(source: &Source, commission_bps: u16) -> Result<Read, ImportError> {
    let commission = Rate::from_basis_points(commission_bps.into())
        .map_err(|_| ImportError::Commission { basis_points: commission_bps })?;
    let header = |file| move |error| ImportError::Header { file, error };
    let mut seller_tally = Tally::new(sellers::FILE);
    let mut item_tally = Tally::new(items::FILE);
    let mut payment_tally = Tally::new(payments::FILE);

    let sellers = Sellers::read(&source.sellers, &mut seller_tally).map_err(header(sellers::FILE))?;
    let mut orders = Orders::default();
    for record in Table::new(&source.items, items::COLUMNS).map_err(header(items::FILE))? {
        orders.add_item(items::read(record), &sellers, &mut item_tally);
    }
    for record in Table::new(&source.payments, payments::COLUMNS).map_err(header(payments::FILE))? {
        orders.add_payment(payments::read(record), &mut payment_tally);
    }
    let orders = orders.judge(&sellers, commission, &mut item_tally, &mut payment_tally);
    refuse_rails(&orders)?;
    let summary = Summary::new(seller_tally, payment_tally, item_tally, &orders);
    Ok(Read { sellers, orders, summary })
}

/// Sellers are paid every Friday.
#[expect(clippy::expect_used, reason = "a Friday is one of the days that a week's schedule may name")]
fn schedule() -> PayoutSchedule {
    PayoutSchedule::Weekly(Weekdays::new(&[Weekday::Friday]).expect("a Friday is no weekend"))
}

/// Refuses payments of more types than a ledger has rails, of which one is the bank.
fn refuse_rails(orders: &[Order]) -> Result<(), ImportError> {
    let named = orders.iter().flat_map(|order| order.charges.iter().map(|(rail, _)| rail));
    let rails = named.collect::<std::collections::BTreeSet<_>>().len();
    if rails < MOST_RAILS { Ok(()) } else { Err(ImportError::TooManyRails { rails }) }
}
