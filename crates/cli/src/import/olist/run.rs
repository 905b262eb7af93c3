//! Running a plan: each step is recorded whole with a bookmark, and a run goes on from
//! the bookmark that it finds.

use counterfoil::domain::calendar::{Day, Timestamp};
use counterfoil::domain::money::Currency;
use counterfoil::domain::payout::PayoutStatus;
use counterfoil::domain::{AccountId, PayoutId};
use counterfoil::views::payouts::Payout;
use counterfoil::{Counterfoil, ExecuteError, Receipt, Request};

use super::error::ImportError;
use super::plan::{Plan, Step, Work};
use super::settings;
use super::step::{BOOKMARK, Requests};
use super::summary::Totals;

/// How many steps are handed to the ledger at once; it records some while it decides others.
const STEPS_AT_ONCE: usize = 2_000;

/// How many payouts are marked as paid at once: a step has 48 KiB, and an event that
/// names a payout takes less than 200 bytes.
const PAYOUTS_AT_ONCE: usize = 200;

/// Told how many steps are done, and of how many.
pub(crate) type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// A run of a plan.
pub(super) struct Run<'a> {
    ledger: &'a Counterfoil,
    requests: Requests,
}

impl<'a> Run<'a> {
    /// A run on `ledger` of the import whose files and options have the digest `source`.
    pub(super) fn new(ledger: &'a Counterfoil, requests: Requests) -> Self {
        Self { ledger, requests }
    }

    /// Takes the steps of the plan from the first that is not yet taken, and says how many.
    pub(super) async fn take(&self, plan: &Plan<'_>, progress: Progress<'_>) -> Result<u64, ImportError> {
        let total = plan.steps.len() as u64;
        let first = self.cursor().await?;
        let mut index = first;
        loop {
            progress(index, total);
            let left = plan.steps.get(index as usize..).unwrap_or_default();
            let Some(next) = left.first() else {
                return Ok(index - first);
            };
            index += match next.work {
                Work::Pay(day) => self.pay(index, next.at, day).await?,
                Work::Onboard(..) | Work::Settle(_) | Work::Reach | Work::Sell(_) | Work::End => {
                    self.take_some(index, left).await?
                }
            };
        }
    }

    /// Holds the finished ledger against the totals: every seller's net is paid out, and
    /// the rest is the platform's.
    pub(super) async fn prove(&self, totals: &Totals) -> Result<(), ImportError> {
        self.ledger.caught_up().await.map_err(ImportError::Views)?;
        let (paid, kept) = self.ledger.views(|views| {
            let paid = views.balance().rows(None).map(|row| i128::from(row.funds.paid_out)).sum::<i128>();
            (paid, i128::from(views.balance().funds(AccountId::PLATFORM, Currency::BRL).available))
        });
        let found = Totals { seller_shares: paid, platform_remainder: kept, ..*totals };
        if found == *totals { Ok(()) } else { Err(ImportError::OtherTotals { paid, kept }) }
    }

    /// The step to go on with, where the ledger is empty or holds this import.
    async fn cursor(&self) -> Result<u64, ImportError> {
        match self.ledger.bookmark(BOOKMARK).await.map_err(ImportError::Ask)? {
            Some(bookmark) if bookmark.source == self.requests.source => Ok(bookmark.cursor),
            Some(_) => Err(ImportError::OtherImport),
            // The first event opened the ledger.
            None => match self.ledger.head().next_position {
                0 | 1 => {
                    settings::refuse_other(self.ledger.settings(), &settings::new(self.requests))?;
                    Ok(0)
                }
                events => Err(ImportError::NotEmpty { events }),
            },
        }
    }

    /// Takes steps up to one that pays, and says how many.
    async fn take_some(&self, index: u64, left: &[Step<'_>]) -> Result<u64, ImportError> {
        let some = left.iter().take(STEPS_AT_ONCE).take_while(|step| !matches!(step.work, Work::Pay(_)));
        let groups: Vec<Vec<Request>> =
            (index..).zip(some).map(|(index, step)| self.requests.of(index, step)).collect();
        let taken = groups.len() as u64;
        let answers = self.ledger.execute_in_order(groups).await;
        (index..).zip(answers).try_for_each(|(step, group)| accepted(step, group))?;
        Ok(taken)
    }

    /// Marks what arrives by `day` as paid: one step, however many payouts there are.
    async fn pay(&self, index: u64, at: Timestamp, day: Day) -> Result<u64, ImportError> {
        let payouts = self.in_transit(day).await?;
        let mut groups: Vec<&[_]> = payouts.chunks(PAYOUTS_AT_ONCE).collect();
        let last = groups.pop().unwrap_or_default();
        let mut requests: Vec<Vec<Request>> =
            groups.into_iter().map(|some| self.requests.pay(index, at, some, false)).collect();
        requests.push(self.requests.pay(index, at, last, true));
        let answers = self.ledger.execute_in_order(requests).await;
        answers.into_iter().try_for_each(|group| accepted(index, group))?;
        Ok(1)
    }

    /// The payouts that arrive by `day` and were not taken yet, in the order of their making.
    async fn in_transit(&self, day: Day) -> Result<Vec<PayoutId>, ImportError> {
        self.ledger.caught_up().await.map_err(ImportError::Views)?;
        let in_transit = |payout: &Payout| payout.status == PayoutStatus::InTransit;
        self.ledger
            .views(|views| {
                // Each such step takes all that arrives by its day, and what is made later
                // arrives later: behind the newest that was taken, all were.
                let mut payouts = Vec::new();
                for payout in views.payouts().made(None).rev() {
                    let payout = payout?;
                    if !in_transit(&payout) {
                        break;
                    }
                    payouts.extend((payout.arrival <= day).then_some(payout.id));
                }
                payouts.reverse();
                Ok(payouts)
            })
            .map_err(ImportError::Unanswered)
    }
}

/// Every request of a step was executed. The plan holds nothing that a ledger refuses,
/// so the first one that was not is worth a stop.
fn accepted<T>(step: u64, group: Vec<Result<Receipt<T>, ExecuteError>>) -> Result<(), ImportError> {
    group.into_iter().try_for_each(|answer| match answer {
        Ok(_) => Ok(()),
        Err(source) => Err(ImportError::Execute { step, source }),
    })
}
