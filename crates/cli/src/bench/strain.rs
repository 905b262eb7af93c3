//! Straining a market: sellers who owe, who have prefunding, of whose sales a plan holds a share,
//! and transfers that wait for more than the platform has. Each is a tenth of the sellers, plans
//! are of four.

use counterfoil::domain::charge::LARGEST_AMOUNT;
use counterfoil::domain::debit::DebitAccount;
use counterfoil::domain::money::{Minor, Rate};
use counterfoil::domain::reserve::{PlanSchedule, SetReservePlan};
use counterfoil::domain::topup::{CreateTopup, MarkTopupReversed, MarkTopupSucceeded, TopupBalance};
use counterfoil::domain::transfer::{QueueTransfer, Transfer};
use counterfoil::domain::{AccountId, RecordId, TopupId};
use counterfoil::{Counterfoil, Outcome, Request};

use super::callers;
use super::world::{self, CURRENCY, brl};
use crate::exit::Failure;

/// The bookmark that says a market is strained.
const STRAINED: &str = "bench strained";

/// What each owes who owes, in centavos: more than a run's transfers pay.
const DEBT: Minor = 100_000_000;

/// What each has in prefunding who has any, in centavos.
const PREFUNDING: Minor = 100_000;

/// Transfers that wait from the start.
const WAITING: u32 = 1_000;

/// For so many days a plan holds 5 %.
const DAYS: u16 = 30;
const BASIS_POINTS: u32 = 500;

/// Commands that are handed over at once.
const AT_ONCE: usize = 8_190;

/// How a seller stands in a strained market.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strain {
    /// It owes.
    Owes,
    /// It has prefunding, and nothing else is available.
    Prefunded,
    /// A plan holds a share of its sales.
    Planned,
    /// It is like any other.
    Free,
}

impl Strain {
    /// How a seller stands, counted from 0.
    pub(super) fn of(seller: u64) -> Self {
        match seller % 10 {
            0 => Self::Owes,
            1 => Self::Prefunded,
            place if place.is_multiple_of(2) => Self::Planned,
            _ => Self::Free,
        }
    }
}

/// Strains a market, unless it is, and says whether it had to.
pub(super) async fn strain(ledger: &Counterfoil, accounts: u32) -> Result<bool, Failure> {
    if ledger.bookmark(STRAINED).await?.is_some() {
        return Ok(false);
    }
    let of = |strain| {
        let sellers = (0..accounts).filter(move |seller| Strain::of(u64::from(*seller)) == strain);
        sellers.map(|seller| AccountId(seller + 1))
    };
    let topups = |strain, minor, balance| {
        let topup = move |account| CreateTopup { balance, ..CreateTopup::new(account, brl(minor)) };
        of(strain).map(topup).map(Request::new)
    };
    let owed = arrive(ledger, topups(Strain::Owes, DEBT, TopupBalance::Payments)).await?;
    let debits = of(Strain::Owes).map(|account| Request::new(DebitAccount::new(account, brl(DEBT))));
    ask(ledger, debits).await?;
    ask(ledger, owed.into_iter().map(|topup| Request::new(MarkTopupReversed { topup }))).await?;
    let prefunding = TopupBalance::RefundAndDisputePrefunding;
    arrive(ledger, topups(Strain::Prefunded, PREFUNDING, prefunding)).await?;

    let rate = Rate::from_basis_points(BASIS_POINTS).map_err(Failure::input)?;
    let schedule = PlanSchedule::Rolling { days: DAYS, expires_on: None };
    let plan = |account| SetReservePlan { account, currency: CURRENCY, rate, schedule, details: None };
    ask(ledger, of(Strain::Planned).map(plan).map(Request::new)).await?;

    // Who waits first needs more than there is, and nobody overtakes.
    let amounts = std::iter::once(LARGEST_AMOUNT).chain((1..WAITING).map(Minor::from));
    let queued = amounts.map(|minor| QueueTransfer(Transfer::new(AccountId(1), brl(minor))));
    ask(ledger, queued.map(Request::new)).await?;
    let _strained = ledger.execute(world::bookmark(STRAINED, 1)).await?;
    Ok(true)
}

/// Top-ups that arrive.
async fn arrive(
    ledger: &Counterfoil,
    topups: impl Iterator<Item = Request>,
) -> Result<Vec<TopupId>, Failure> {
    let made = ask(ledger, topups).await?.into_iter();
    let topup = |outcome| {
        if let Outcome::Moved { object: RecordId::Topup(id), .. } = outcome { Some(id) } else { None }
    };
    let made: Vec<TopupId> = made.filter_map(topup).collect();
    ask(ledger, made.iter().map(|topup| Request::new(MarkTopupSucceeded { topup: *topup }))).await?;
    Ok(made)
}

async fn ask(ledger: &Counterfoil, asked: impl Iterator<Item = Request>) -> Result<Vec<Outcome>, Failure> {
    let asked: Vec<Request> = asked.collect();
    let mut outcomes = Vec::with_capacity(asked.len());
    let mut asked = asked.into_iter().peekable();
    while asked.peek().is_some() {
        let receipts = ledger.execute_batch(asked.by_ref().take(AT_ONCE).collect()).await;
        for receipt in receipts {
            outcomes.push(callers::new(receipt)?.reply);
        }
    }
    Ok(outcomes)
}
