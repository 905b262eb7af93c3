//! The tax view: what each account sold in a year, by month.
//!
//! | event | one sale of | gross | fees |
//! |---|---|---|---|
//! | direct charge | its seller | the charge | application fee, and the processing fee where the seller paid it |
//! | destination charge | its seller | the charge | application fee, or what the transfer leaves of the charge |
//! | split | each share's seller | the share's gross | its commission |
//! | transfer that names its charge | its destination | the transfer | none |
//!
//! A transfer from the platform's balance is no sale. Refunds, reversals and failed
//! payouts take nothing away: gross is what was sold, not what was kept (the rule of
//! form 1099-K). That a bare transfer from a charge counts as a sale of its own amount
//! is our rule; it and its reasons are in docs/decisions/tax-gross.md. Year and month
//! are those of the event's business time in UTC.

mod sale;

#[cfg(test)]
mod tests;

pub use sale::{Sale, Sales};

use std::path::Path;

use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::{AccountId, Event, Recorded};
use counterfoil_runs::RunError;
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference, Keyed};
use crate::holding::Holdings;
use crate::projector::Projector;
use crate::rows::{Chained, Merge, Merged, Older, Row, Written};
use crate::unreadable::Unreadable;
use sale::{Of, Sold};

const NAME: &str = "tax";

/// What every account sold, by year.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Tax {
    years: Holdings<Years>,
    /// Sales since the last flush.
    newer: Chained<Sold>,
    older: Older,
    /// The position after the newest event.
    next: u64,
}

/// What one account sold in one currency, by year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Years(Vec<(i16, Year)>);

/// What one account sold in one currency in one year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// What was sold, in minor units.
    pub gross: i128,
    /// How many sales that was.
    pub count: u64,
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
    fn get(&self, year: i16) -> Option<&Year> {
        let index = self.0.binary_search_by_key(&year, |(of, _)| *of).ok()?;
        self.0.get(index).map(|(_, sold)| sold)
    }

    /// Adds a sale; says the how-manyeth of its year it is.
    fn add(&mut self, sale: &Sale, year: i16, month: i8) -> u64 {
        let index = self.0.binary_search_by_key(&year, |(of, _)| *of).unwrap_or_else(|index| {
            self.0.insert(index, (year, Year::default()));
            index
        });
        self.0.get_mut(index).map_or(0, |(_, sold)| {
            sold.add(sale, month);
            sold.count
        })
    }
}

impl Year {
    fn add(&mut self, sale: &Sale, month: i8) {
        self.gross += i128::from(sale.gross);
        self.fees += i128::from(sale.fees);
        self.count += 1;
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
            let asked = years.0.iter().filter(move |(of, _)| year.is_none_or(|year| year == *of));
            asked.map(move |(year, sold)| TaxRow { account, currency, year: *year, sold })
        })
    }

    /// What `account` sold in `currency` in `year`; `None` where it sold nothing.
    #[must_use]
    pub fn year(&self, account: AccountId, currency: Currency, year: i16) -> Option<&Year> {
        self.years.get(account, currency)?.get(year)
    }

    /// The sales that a year consists of, the earliest first: their gross and fees sum to
    /// the year's.
    #[must_use]
    pub fn sales(&self, account: AccountId, currency: Currency, year: i16) -> Sales<'_> {
        let of = Of { account, currency, year };
        let count = self.year(account, currency, year).map_or(0, |year| year.count);
        let mut newer: Vec<Sold> =
            self.newer.newest(of.hash()).filter(|sold| sold.of == of).copied().collect();
        newer.reverse();
        // What is in memory is not looked for on disk.
        let last = newer.first().map_or(count, |sold| sold.number - 1);
        Sales::new(self.older.scan(NAME, &of.key(1), &of.key(last), newer.into()), of, count)
    }

    fn sell(
        &mut self,
        recorded: &Recorded,
        account: AccountId,
        currency: Currency,
        gross: Minor,
        fees: Minor,
    ) {
        let day = recorded.time.day();
        let sale = Sale { position: recorded.position, time: recorded.time, gross, fees };
        let number = self.years.with(account, currency, |years| years.add(&sale, day.year(), day.month()));
        if let Some(number) = number {
            self.newer.push(Sold { of: Of { account, currency, year: day.year() }, number, sale });
        }
    }

    /// The sales in memory, by whose they are.
    fn in_order(&self) -> Vec<Sold> {
        let mut sales = self.newer.rows().to_vec();
        sales.sort_unstable_by_key(Row::place);
        sales
    }

    fn charge(&mut self, recorded: &Recorded, charged: &Charged) {
        // A separate charge has no seller; its transfers or splits name them.
        let charge = &charged.charge;
        if let Some(seller) = charge.seller {
            let kept = charged.transfer.as_ref().map_or(0, |transfer| charge.amount - transfer.amount);
            let processing = if charged.fee_payer == seller { charge.processing_fee } else { 0 };
            let fees = charge.application_fee + kept + processing;
            self.sell(recorded, seller, charge.currency, charge.amount, fees);
        }
    }
}

impl Projector for Tax {
    const NAME: &'static str = NAME;
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Recorded) {
        self.next = recorded.position + 1;
        match &recorded.event {
            Event::LedgerOpened(_) | Event::AccountOnboarded(_) => self.years.open_of(recorded),
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
            | Event::BookmarkSet { .. } => {}
        }
    }

    fn unwritten(&self) -> usize {
        self.newer.bytes()
    }

    fn write(&self, folder: &Path) -> Result<Written, RunError> {
        if self.newer.rows().is_empty() {
            return Ok(Written::default());
        }
        self.older.write(folder, NAME, self.next, |writer| {
            let mut value = Vec::new();
            for sold in self.in_order() {
                value.clear();
                sold.pack(&mut value);
                writer.add(&sold.of.key(sold.number), &value)?;
            }
            Ok(())
        })
    }

    fn settle(&mut self, written: Written) {
        if self.older.settle(written, self.next) {
            self.newer.clear();
        }
    }

    fn merge(&self) -> Option<Merge> {
        self.older.merge(NAME)
    }

    fn replace(&mut self, merged: Merged) {
        self.older.replace(merged);
    }

    fn attach(&mut self, folder: &Path) -> Result<(), RunError> {
        self.older.attach(folder)
    }

    fn files(&self) -> Vec<String> {
        self.older.files().map(str::to_owned).collect()
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
            let Year { gross, count, fees, months } = sold;
            format!("{count} sales, gross {gross} and fees {fees} minor units, by month {months:?}")
        })?;
        if years.is_some() {
            return Ok(years);
        }
        fn sales(tax: &Tax) -> impl Iterator<Item = Keyed<(Of, u64), Sale>> + '_ {
            let sales = tax.older.scan_all::<Sold>(NAME, tax.in_order().into());
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
