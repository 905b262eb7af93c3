//! The tax view: what each account sold in a year, by month.
//!
//! | event | one sale of | gross | fees |
//! |---|---|---|---|
//! | direct charge | its seller | the charge | application fee, and the processing fee where the seller paid it |
//! | destination charge | its seller | the charge | application fee, or what the transfer leaves of the charge |
//! | capture of either | its seller | what it brought | what of that did not come to the seller |
//! | payment of either that arrived after it was begun | its seller | the same | the same |
//! | that payment failed after it had arrived | its seller | the same, below zero | the same, below zero |
//! | split | each seller | its shares' gross | their commission |
//! | transfer that names its charge | its destination | the transfer | none |
//!
//! A transfer from the platform's balance is no sale. Refunds, reversals and failed
//! payouts take nothing away: gross is what was sold, not what was kept (the rule of
//! form 1099-K). A payment that failed is none: one that never arrived was never counted, and
//! one that failed late is taken back on the day on which it failed. That a bare transfer from a charge counts as a sale of its own amount
//! is our rule; it and its reasons are in docs/decisions/tax-gross.md. Year and month
//! are those of the event's business time in UTC.

mod charge;
mod sale;

#[cfg(test)]
mod tests;

pub use sale::{Sale, Sales};

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::convert::Infallible;
use std::path::Path;

use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::settings::FeePayer;
use counterfoil_domain::{AccountId, Event, Recorded, Step};
use counterfoil_runs::RunError;
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference, Keyed};
use crate::holding::Holdings;
use crate::projector::Projector;
use crate::rows::{Older, Row as _, Strand, Strands, Stretch, Written};
use crate::unreadable::Unreadable;
use charge::Begun;
use sale::{Before, Of, Sold};

const NAME: &str = "tax";

/// The bytes of a line of cache.
const LINE: usize = 64;

/// What every account sold, by year.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Tax {
    years: Holdings<Years>,
    /// Charges whose payment is not known to arrive, by their ids: no sales yet.
    begun: BTreeMap<u64, Begun>,
    /// Whether sellers pay the processor's fee of their direct charges.
    sellers_pay: bool,
    /// The accounts under whose controllers it is the other way, by number.
    otherwise: BTreeSet<u32>,
    /// Sales since the last flush.
    newer: Strands,
    older: Older,
}

/// What one account sold in one currency, by year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Years(Vec<OneYear>);

/// What one account sold in one currency in a year, and its sales in memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct OneYear {
    year: i16,
    sold: Year,
    strand: Strand,
    /// The newest sale, where that is in memory.
    newest: Before,
}

/// What one account sold in one currency in one year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// What was sold, in minor units.
    pub gross: i128,
    /// How many lines that is: of each sale one, and one more where it was taken back.
    pub count: u64,
    /// How many of them take a sale back.
    pub taken_back: u64,
    /// What platform and processor kept of it.
    pub fees: i128,
    /// `gross` by month, January first.
    pub months: [i128; 12],
}

/// One row of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaxRow<'a> {
    /// Who sold.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// In which year.
    pub year: i16,
    /// What it came to.
    pub sold: &'a Year,
}

impl Years {
    #[inline]
    fn get(&self, year: i16) -> Option<&OneYear> {
        // Most sales are of the newest year.
        let newest = self.0.last().filter(|newest| newest.year == year);
        newest.or_else(|| self.0.get(self.0.binary_search_by_key(&year, |of| of.year).ok()?))
    }

    #[inline]
    fn get_mut(&mut self, year: i16) -> Option<&mut OneYear> {
        if self.0.last().is_some_and(|newest| newest.year == year) {
            return self.0.last_mut();
        }
        let index = self.0.binary_search_by_key(&year, |of| of.year).unwrap_or_else(|index| {
            self.0.insert(index, OneYear::new(year));
            index
        });
        self.0.get_mut(index)
    }
}

impl OneYear {
    fn new(year: i16) -> Self {
        Self { year, sold: Year::default(), strand: Strand::default(), newest: Before::FIRST }
    }
}

impl Year {
    /// How many sales that was, less those that were taken back; below zero where more were
    /// taken back than made, sales of an earlier year.
    #[must_use]
    pub fn sales(&self) -> i64 {
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        number(self.count).saturating_sub(number(self.taken_back).saturating_mul(2))
    }

    fn add(&mut self, sale: &Sale, month: i8) {
        self.gross += i128::from(sale.gross);
        self.fees += i128::from(sale.fees);
        self.count += 1;
        self.taken_back += u64::from(sale.gross < 0);
        let index = usize::try_from(month - 1).unwrap_or_default();
        if let Some(gross) = self.months.get_mut(index) {
            *gross += i128::from(sale.gross);
        }
    }
}

impl Tax {
    /// The rows of one account or all, of one year or all, by account, currency, year.
    pub fn rows(&self, account: Option<AccountId>, year: Option<i16>) -> impl Iterator<Item = TaxRow<'_>> {
        self.years.of(account).flat_map(move |(account, currency, years)| {
            let asked = years.0.iter().filter(move |of| year.is_none_or(|year| year == of.year));
            asked.map(move |of| TaxRow { account, currency, year: of.year, sold: &of.sold })
        })
    }

    /// What `account` sold in `currency` in `year`; `None` where it sold nothing.
    #[must_use]
    pub fn year(&self, account: AccountId, currency: Currency, year: i16) -> Option<&Year> {
        Some(&self.years.get(account, currency)?.get(year)?.sold)
    }

    /// The sales that a year consists of, the earliest first, and those that were taken back,
    /// below zero: their gross and fees sum to the year's.
    #[must_use]
    pub fn sales(&self, account: AccountId, currency: Currency, year: i16) -> Sales<'_> {
        let of = Of { account, currency, year };
        let found = self.years.get(account, currency).and_then(|years| years.get(year));
        let (count, strand) = found.map_or_else(Default::default, |of| (of.sold.count, of.strand));
        let (mut end, mut newer) = (count + 1, VecDeque::new());
        for (bytes, rows) in self.newer.newest_first(strand) {
            end = end.saturating_sub(rows as u64);
            let mut stretch = VecDeque::new();
            // What was packed here is unpacked; sales that are missing are noticed.
            let _ = Sold::stretch((of, end), &bytes, &mut stretch);
            stretch.append(&mut newer);
            newer = stretch;
        }
        // What is in memory is not looked for on disk.
        let last = end - 1;
        let keys = (of.key(1), of.key(last));
        let sales = self.older.scan(NAME, (&keys.0, &keys.1), (of, 1)..=(of, last), newer);
        Sales::new(sales, of, count)
    }

    #[inline]
    fn sell(
        &mut self,
        recorded: &Recorded,
        account: AccountId,
        currency: Currency,
        gross: Minor,
        fees: Minor,
    ) {
        let (year, month, _) = recorded.time.day().parts();
        let sale = Sale { position: recorded.position, time: recorded.time, gross, fees };
        let newer = &mut self.newer;
        self.years.with(account, currency, |years| {
            if let Some(of) = years.get_mut(year) {
                of.sold.add(&sale, month);
                newer.push(&mut of.strand, |first, out| {
                    sale.pack(if first { Before::FIRST } else { of.newest }, out);
                });
                of.newest = Before { position: sale.position, time: sale.time };
            }
        });
    }

    /// Calls `with` for the stretches in memory in order, each with its place and bytes.
    ///
    /// # Errors
    /// The first that `with` gives.
    fn stretches<E>(&self, mut with: impl FnMut((Of, u64), &[u8]) -> Result<(), E>) -> Result<(), E> {
        let strands = self.years.of(None).flat_map(|(account, currency, years)| {
            let of = move |year| Of { account, currency, year };
            years.0.iter().map(move |one| ((of(one.year), one.sold.count), one.strand))
        });
        self.newer.each(strands, |(of, count), Stretch { left, bytes }| {
            with((of, (count + 1).saturating_sub(left)), bytes)
        })
    }
}

impl Projector for Tax {
    const NAME: &'static str = NAME;
    const VERSION: u32 = 7;

    fn apply(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::LedgerOpened(settings) => {
                self.sellers_pay = settings.fee_payer == FeePayer::Account;
                self.years.open_of(recorded);
            }
            Event::AccountOnboarded(onboarded) => {
                self.years.open_of(recorded);
                let pays = onboarded.controller.map(|it| it.fees.of_payments() == FeePayer::Account);
                if pays.is_some_and(|pays| pays != self.sellers_pay) {
                    self.otherwise.insert(onboarded.account.0);
                }
            }
            Event::ChargeSucceeded(charged) => self.charge(recorded, charged),
            Event::ChargesSplit(split) => {
                for share in &split.shares {
                    self.sell(recorded, share.account, split.entry.currency(), share.gross, share.commission);
                }
            }
            Event::TransferCreated(made) => {
                let transfer = &made.transfer;
                if transfer.source_charge.is_some() {
                    self.sell(recorded, transfer.destination, transfer.currency, transfer.amount, 0);
                }
            }
            // What waits for something was sold all the same.
            Event::Moved(moved) if moved.step == Step::ChargesShared => self.split(recorded, moved),
            // No sales; and what is taken back was sold all the same.
            Event::TimeAdvanced { .. }
            | Event::RequirementChanged { .. }
            | Event::BankAccountAttached { .. }
            | Event::PayoutScheduleSet { .. }
            | Event::RailOpened { .. }
            | Event::TransferReversed(_)
            | Event::ChargeRefunded(_)
            | Event::FundsMatured { .. }
            | Event::PayoutCreated(_)
            | Event::PayoutPaid(_)
            | Event::PayoutFailed(_)
            | Event::RailSettled { .. }
            | Event::BookmarkSet { .. }
            | Event::ConnectReserveMoved { .. }
            | Event::DebitNegativeBalancesSet { .. }
            | Event::SuccessorNamed { .. } => {}
            Event::Moved(moved) => self.step(recorded, moved),
        }
    }

    #[inline]
    fn touch(&self, account: AccountId, currency: Currency) -> u64 {
        let newest = self.years.get(account, currency).and_then(|years| years.0.last());
        // A year is longer than a line of cache.
        newest.map_or(0, |of| {
            let months = of.sold.months.iter().step_by(LINE / size_of::<i128>());
            let months = months.fold(0, |read, month| read ^ *month as u64);
            months ^ of.sold.count ^ of.newest.position ^ self.newer.touch(of.strand)
        })
    }

    fn unwritten(&self) -> usize {
        self.newer.bytes()
    }

    fn write(&self, folder: &Path, end: u64) -> Result<Written, RunError> {
        if self.newer.is_empty() {
            return Ok(Written::default());
        }
        self.older.write(folder, NAME, end, |writer| {
            self.stretches(|(of, first), bytes| writer.add(&of.key(first), bytes))
        })
    }

    fn let_go(&mut self) {
        self.newer.clear();
        self.years.change_all(|years| years.0.iter_mut().for_each(|of| of.strand = Strand::default()));
    }

    fn older(&self) -> Option<&Older> {
        Some(&self.older)
    }

    fn older_mut(&mut self) -> Option<&mut Older> {
        Some(&mut self.older)
    }
}

impl Comparable for Tax {
    fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Unreadable> {
        fn rows(tax: &Tax) -> impl Iterator<Item = Keyed<(AccountId, Currency, i16), &Year>> + '_ {
            tax.rows(None, None).map(|row| Ok(((row.account, row.currency, row.year), row.sold)))
        }
        let place =
            |(account, currency, year): &(_, _, _)| format!("account {account} in {currency}, {year}");
        let years = difference::of_rows(rows(self), rows(other), place, |sold| {
            let Year { gross, count, taken_back, fees, months } = sold;
            format!(
                "{count} lines, {taken_back} of them taken back, gross {gross} and fees {fees} minor units, by month {months:?}"
            )
        })?;
        if years.is_some() {
            return Ok(years);
        }
        let rest = (&self.begun, self.sellers_pay, &self.otherwise);
        if rest != (&other.begun, other.sellers_pay, &other.otherwise) {
            return Ok(Some(Difference::unnamed()));
        }
        fn sales(tax: &Tax) -> impl Iterator<Item = Keyed<(Of, u64), Sale>> + '_ {
            let mut newer = VecDeque::new();
            let Ok(()) = tax.stretches(|place, bytes| {
                let _ = Sold::stretch(place, bytes, &mut newer);
                Ok::<(), Infallible>(())
            });
            let sales = tax.older.scan_all::<Sold>(NAME, newer);
            sales.map(|sold| sold.map(|sold| (sold.place(), sold.sale)))
        }
        difference::of_rows(
            sales(self),
            sales(other),
            |(of, number)| format!("account {} in {}, {}, sale {number}", of.account, of.currency, of.year),
            |sale| format!("{} less {} minor units at position {}", sale.gross, sale.fees, sale.position),
        )
    }
}
