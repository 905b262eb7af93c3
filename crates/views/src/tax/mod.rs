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

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::{AccountId, Event, Recorded};
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference};
use crate::holding::Holdings;
use crate::projector::Projector;

/// What every account sold, by year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tax {
    years: Holdings<BTreeMap<i16, Year>>,
}

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
    /// The sales themselves, the earliest first.
    sales: Vec<Sale>,
}

/// One sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The position of the event that recorded it.
    pub position: u64,
    /// When, in business time.
    #[serde(with = "crate::shape")]
    pub time: Timestamp,
    /// What was sold.
    pub gross: Minor,
    /// What platform and processor kept of it.
    pub fees: Minor,
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

impl Year {
    /// The sales that it consists of, the earliest first: their gross and fees sum to
    /// the year's.
    #[must_use]
    pub fn sales(&self) -> &[Sale] {
        &self.sales
    }

    fn add(&mut self, sale: Sale, month: i8) {
        self.gross += i128::from(sale.gross);
        self.fees += i128::from(sale.fees);
        self.count += 1;
        let index = usize::try_from(month - 1).unwrap_or_default();
        if let Some(gross) = self.months.get_mut(index) {
            *gross += i128::from(sale.gross);
        }
        self.sales.push(sale);
    }
}

impl Tax {
    /// The rows of one account or all, of one year or all, by account, currency, year.
    pub fn rows(&self, account: Option<AccountId>, year: Option<i16>) -> impl Iterator<Item = TaxRow<'_>> {
        self.years.of(account).flat_map(move |(account, currency, years)| {
            let asked = years.iter().filter(move |(of, _)| year.is_none_or(|year| year == **of));
            asked.map(move |(year, sold)| TaxRow { account, currency, year: *year, sold })
        })
    }

    /// What `account` sold in `currency` in `year`; `None` where it sold nothing.
    #[must_use]
    pub fn year(&self, account: AccountId, currency: Currency, year: i16) -> Option<&Year> {
        self.years.get(account, currency)?.get(&year)
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
        self.years.with(account, currency, |years| {
            years.entry(day.year()).or_default().add(sale, day.month());
        });
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
    const NAME: &'static str = "tax";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Recorded) {
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
}

impl Comparable for Tax {
    fn first_difference(&self, other: &Self) -> Option<Difference> {
        fn rows(tax: &Tax) -> impl Iterator<Item = ((AccountId, Currency, i16), &Year)> {
            tax.rows(None, None).map(|row| ((row.account, row.currency, row.year), row.sold))
        }
        difference::of_rows(
            rows(self),
            rows(other),
            |(account, currency, year)| format!("account {account} in {currency}, {year}"),
            |sold| {
                let Year { gross, count, fees, months, .. } = sold;
                format!("{count} sales, gross {gross} and fees {fees} minor units, by month {months:?}")
            },
        )
        .or_else(|| (self != other).then(Difference::unnamed))
    }
}
