//! A payout schedule: on which days an account is paid out.

use std::fmt;

use crate::calendar::{Day, Weekday};

/// When an account is paid out
/// (<https://docs.stripe.com/connect/manage-payout-schedule>).
///
/// Payouts are made at the start of a day that the schedule names, on any day; they
/// land on business days only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PayoutSchedule {
    /// When asked.
    Manual,
    /// Every day.
    Daily,
    /// On these days of the week.
    Weekly(Weekdays),
    /// On these days of the month; in a shorter month the last day stands for those
    /// that it lacks.
    Monthly(MonthDays),
}

/// A set of days from Monday to Friday, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Weekdays(u8);

/// A set of days of the month from 1 to 31, never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDays(u32);

/// Why days are no schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScheduleError {
    /// No day is named.
    Empty,
    /// A Saturday or Sunday is named.
    Weekend,
    /// A day is not between 1 and 31.
    DayOfMonth,
}

impl Weekdays {
    /// The set of `days`.
    ///
    /// # Errors
    /// No day, or a Saturday or Sunday.
    pub fn new(days: &[Weekday]) -> Result<Self, ScheduleError> {
        let mut bits = 0;
        for day in days {
            if matches!(day, Weekday::Saturday | Weekday::Sunday) {
                return Err(ScheduleError::Weekend);
            }
            bits |= 1 << day.to_monday_zero_offset();
        }
        Self::from_bits(bits)
    }

    /// The set of these bits, Monday first.
    ///
    /// # Errors
    /// No bit, or one beyond Friday.
    pub fn from_bits(bits: u8) -> Result<Self, ScheduleError> {
        match bits {
            0 => Err(ScheduleError::Empty),
            1..=0b1_1111 => Ok(Self(bits)),
            _ => Err(ScheduleError::Weekend),
        }
    }

    /// The set as bits, Monday first.
    #[must_use]
    pub fn bits(self) -> u8 {
        self.0
    }

    fn contains(self, day: Day) -> bool {
        self.0 & 1 << day.weekday().to_monday_zero_offset() != 0
    }
}

impl MonthDays {
    /// The set of `days`.
    ///
    /// # Errors
    /// No day, or one that is not between 1 and 31.
    pub fn new(days: &[u8]) -> Result<Self, ScheduleError> {
        let mut bits = 0;
        for day in days {
            if !(1..=31).contains(day) {
                return Err(ScheduleError::DayOfMonth);
            }
            bits |= 1 << (day - 1);
        }
        Self::from_bits(bits)
    }

    /// The set of these bits, the first of the month first.
    ///
    /// # Errors
    /// No bit, or one beyond the 31st.
    pub fn from_bits(bits: u32) -> Result<Self, ScheduleError> {
        match bits {
            0 => Err(ScheduleError::Empty),
            1..=0x7fff_ffff => Ok(Self(bits)),
            _ => Err(ScheduleError::DayOfMonth),
        }
    }

    /// The set as bits, the first of the month first.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }

    fn contains(self, day: Day) -> bool {
        let number = day.day_of_month();
        let named = self.0 & 1 << (number - 1) != 0;
        // On a month's last day the days that the month lacks are due too.
        let lacking = number == day.days_in_month() && self.0 >> number != 0;
        named || lacking
    }
}

impl PayoutSchedule {
    /// Whether payouts are made on `day`.
    #[must_use]
    pub fn falls_on(self, day: Day) -> bool {
        match self {
            Self::Manual => false,
            Self::Daily => true,
            Self::Weekly(days) => days.contains(day),
            Self::Monthly(days) => days.contains(day),
        }
    }

    /// The first day from `day` on, itself included, on which payouts are made.
    #[must_use]
    pub fn first_from(self, day: Day) -> Option<Day> {
        if self == Self::Manual {
            return None;
        }
        // A month names a day at least every 31 days.
        (0..=62).map(|later| day.plus(later)).find(|day| self.falls_on(*day))
    }
}

impl fmt::Display for ScheduleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "A weekly or monthly schedule names at least one day",
            Self::Weekend => "A weekly schedule names days from Monday to Friday",
            Self::DayOfMonth => "A monthly schedule names days from 1 to 31",
        })
    }
}

impl std::error::Error for ScheduleError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn the_31st_falls_on_the_last_day_of_a_short_month() {
        let schedule = PayoutSchedule::Monthly(MonthDays::new(&[31]).unwrap());
        assert_eq!(schedule.first_from(day("2023-02-01")), Some(day("2023-02-28")));
        assert_eq!(schedule.first_from(day("2024-02-01")), Some(day("2024-02-29")));
        assert_eq!(schedule.first_from(day("2024-04-30")), Some(day("2024-04-30")));
        assert_eq!(schedule.first_from(day("2024-05-30")), Some(day("2024-05-31")));
    }

    #[test]
    fn a_weekly_schedule_names_several_days_but_no_weekend() {
        let schedule = PayoutSchedule::Weekly(Weekdays::new(&[Weekday::Tuesday, Weekday::Friday]).unwrap());
        assert_eq!(schedule.first_from(day("2017-09-13")), Some(day("2017-09-15")));
        assert_eq!(schedule.first_from(day("2017-09-16")), Some(day("2017-09-19")));
        assert_eq!(Weekdays::new(&[Weekday::Sunday]), Err(ScheduleError::Weekend));
        assert_eq!(MonthDays::new(&[]), Err(ScheduleError::Empty));
    }
}
