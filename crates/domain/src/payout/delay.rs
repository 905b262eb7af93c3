//! A delay: how long a charge's money stays pending.

use crate::calendar::Day;
use crate::calendar::bank::BankCalendar;
use crate::money::Currency;

/// How long a charge's money stays pending, counted from the charge's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Delay {
    /// How many days.
    pub days: u16,
    /// Of which kind.
    pub kind: DayKind,
}

/// Which days count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// Every day.
    Calendar,
    /// Days on which the currency's banks book.
    Business,
}

impl Delay {
    /// Money is available at the start of the charge's own day: at once.
    pub const NONE: Self = Self { days: 0, kind: DayKind::Calendar };

    /// The day from whose start a charge of `today` in `currency` is available.
    #[must_use]
    pub fn from(self, today: Day, currency: Currency) -> Day {
        match self.kind {
            DayKind::Calendar => today.plus(i32::from(self.days)),
            DayKind::Business => BankCalendar::of(currency).plus_business_days(today, self.days),
        }
    }
}
