//! How long things take at a simulated rail: one table, with what each number rests on.
//!
//! `docs/decisions/rails.md` has the same table, and a test compares them.

use std::fmt;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::calendar::bank::BankCalendar;
use counterfoil_domain::money::Currency;

/// The day of the table: later knowledge makes a later table.
pub const AS_OF: &str = "2026-11-23";

/// How long something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// So many seconds.
    Seconds(u32),
    /// So many times 24 hours.
    Days(u16),
    /// Until 00:00 UTC of the so-manieth business day of the currency's banks.
    BusinessDays(u16),
}

/// What a number rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Told so, and not read at its source, or it varies by network and country.
    Unconfirmed,
    /// Our own choice: the page gives none.
    Ours,
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The delay's name.
    pub name: &'static str,
    /// How long.
    pub wait: Wait,
    /// What it rests on.
    pub basis: Basis,
}

impl Wait {
    /// The instant that comes so long after `at`, never before it.
    #[must_use]
    pub fn after(self, at: Timestamp, currency: Currency) -> Timestamp {
        match self {
            Self::Seconds(seconds) => at.plus_seconds(i64::from(seconds)),
            Self::Days(days) => at.plus_seconds(i64::from(days) * 86_400),
            Self::BusinessDays(days) => {
                BankCalendar::of(currency).plus_business_days(at.day(), days).start().max(at)
            }
        }
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seconds(seconds) => write!(f, "{seconds} seconds"),
            Self::Days(days) => write!(f, "{days} days"),
            Self::BusinessDays(days) => write!(f, "{days} business days"),
        }
    }
}

impl Basis {
    /// Its name in the table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unconfirmed => "unconfirmed",
            Self::Ours => "ours",
        }
    }
}

macro_rules! delays {
    ($($(#[$doc:meta])* $name:ident: $unit:ident($count:literal), $basis:ident;)+) => {
        /// How long things take. The default is the table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Delays {
            $($(#[$doc])* pub $name: Wait,)+
        }

        impl Default for Delays {
            fn default() -> Self {
                Self { $($name: Wait::$unit($count),)+ }
            }
        }

        /// The table.
        pub const TABLE: &[Row] = &[
            $(Row { name: stringify!($name), wait: Wait::$unit($count), basis: Basis::$basis },)+
        ];
    };
}

delays! {
    /// From an authorisation to its end, if it is not captured
    /// (<https://docs.stripe.com/payments/place-a-hold-on-a-payment-method>). Networks differ: two
    /// days in person, five for some of Visa's.
    authorisation_expires: Days(7), Unconfirmed;
    /// From a capture to the dispute of a card that is always disputed; at Connect it is there
    /// moments after the charge (<https://docs.stripe.com/testing>).
    dispute_opens: Seconds(60), Ours;
    /// From a capture to the early fraud warning of a card that has one.
    warning_comes: Seconds(60), Ours;
    /// From a dispute, an inquiry or its escalation to the last instant for evidence; 7 to 21
    /// days, by network (<https://docs.stripe.com/disputes/responding>).
    evidence_due: Days(21), Unconfirmed;
    /// From evidence to the bank's decision; 60 to 75 days
    /// (<https://docs.stripe.com/disputes/how-disputes-work>).
    dispute_decided: Days(75), Unconfirmed;
    /// From evidence that asks for it to an inquiry's escalation.
    inquiry_escalates: Seconds(60), Ours;
    /// From an inquiry that nobody answers, and nobody escalates, to its end.
    inquiry_closes: Days(120), Unconfirmed;
    /// From a refund that waits to its success; 5 to 10 business days
    /// (<https://docs.stripe.com/refunds>).
    refund_succeeds: Days(5), Unconfirmed;
    /// From a refund that succeeded to its failure; up to 30 days
    /// (<https://docs.stripe.com/refunds#failed-refunds>).
    refund_fails: Days(10), Unconfirmed;
    /// From a refund that asks the payer for something to its success.
    refund_acted_on: Days(3), Ours;
    /// From a payout without a day of its own to its arrival.
    payout_arrives: BusinessDays(2), Unconfirmed;
    /// From a payout's arrival to its return: mostly within five business days
    /// (<https://docs.stripe.com/payouts#payout-failures>).
    payout_returns: BusinessDays(3), Ours;
    /// From a debit to its result (<https://docs.stripe.com/payments/ach-direct-debit>).
    debit_results: BusinessDays(4), Unconfirmed;
    /// From a debit's success to its return by the payer or the payer's bank.
    debit_returns: BusinessDays(10), Ours;
    /// From a top-up to its result (<https://docs.stripe.com/connect/top-ups>).
    topup_results: BusinessDays(5), Unconfirmed;
    /// From a top-up's success to its return.
    topup_returns: BusinessDays(3), Ours;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_business_day_begins_at_midnight_and_skips_the_weekend() {
        let friday: Timestamp = "2026-03-06T10:00:00Z".parse().unwrap();
        let after = |wait: Wait| wait.after(friday, Currency::USD).to_string();
        assert_eq!(after(Wait::Seconds(60)), "2026-03-06T10:01:00Z");
        assert_eq!(after(Wait::Days(7)), "2026-03-13T10:00:00Z");
        assert_eq!(after(Wait::BusinessDays(2)), "2026-03-10T00:00:00Z");
        assert_eq!(after(Wait::BusinessDays(0)), "2026-03-06T10:00:00Z", "never before");
        assert_eq!(Wait::Days(u16::MAX).after(Timestamp::MAX, Currency::USD), Timestamp::MAX);
    }

    #[test]
    fn the_page_has_the_table() {
        let page = include_str!("../../../docs/decisions/rails.md");
        assert!(page.contains(AS_OF), "the page names the table's day");
        let rows: Vec<String> = TABLE
            .iter()
            .map(|row| format!("| `{}` | {} | {} |", row.name, row.wait, row.basis.name()))
            .collect();
        let lost: Vec<&String> = rows.iter().filter(|row| !page.contains(row.as_str())).collect();
        assert!(lost.is_empty(), "docs/decisions/rails.md lacks:\n{lost:#?}");
        let known = page.lines().filter(|line| line.starts_with("| `") && line.contains(" | ")).count();
        assert_eq!(known, rows.len(), "the page has no row that the table has not");
    }
}
