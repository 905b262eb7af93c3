//! A day: a date of the Gregorian calendar in UTC.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::Timestamp;

/// A date in UTC, counted in days since 1970-01-01.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

pub use jiff::civil::Weekday;

/// 1970-01-01, day zero.
const EPOCH: Date = jiff::civil::date(1970, 1, 1);

/// The first and the last day that can be written: years 0001 and 9998 bound every
/// sum of a date and a delay within what a date can hold.
const FIRST: i32 = -719_162;
const LAST: i32 = 2_932_531;

/// The days from the first of March of the year 0 to 1970-01-01.
const MARCH_OF_YEAR_0: i32 = 719_468;
/// The days of 400 years, after which the calendar begins anew.
const ERA: i32 = 146_097;

impl Day {
    /// The first day of the calendar, 0001-01-01.
    pub const MIN: Self = Self(FIRST);
    /// The last day of the calendar, 9998-12-31.
    pub const MAX: Self = Self(LAST);

    /// The day `days` after 1970-01-01, or the nearest one the calendar holds.
    #[must_use]
    pub fn from_days(days: i32) -> Self {
        Self(days.clamp(FIRST, LAST))
    }

    /// The date `year`-`month`-`day`, if there is one.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().and_then(Self::from_date)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub fn days(self) -> i32 {
        self.0
    }

    /// The day `days` later (earlier where negative), or the nearest the calendar holds.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self::from_days(self.0.saturating_add(days))
    }

    /// Its first instant, 00:00 UTC.
    #[must_use]
    pub fn start(self) -> Timestamp {
        Timestamp::from_micros(i64::from(self.0) * Timestamp::DAY)
    }

    /// Its day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        Weekday::Thursday.wrapping_add(self.0)
    }

    /// Its year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.parts().0
    }

    /// Its month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.parts().1
    }

    /// Its day of the month, 1 to 31.
    #[must_use]
    pub fn day_of_month(self) -> i8 {
        self.parts().2
    }

    /// Its year, month and day of the month.
    ///
    /// Charges and sales ask for these, so they are reckoned in a few divisions. Years are
    /// counted from the first of March of the year 0: so a leap day is the last of its year,
    /// and the months before have always the same days.
    #[must_use]
    pub fn parts(self) -> (i16, i8, i8) {
        let days = self.0 + MARCH_OF_YEAR_0;
        let (era, of_era) = (days.div_euclid(ERA), days.rem_euclid(ERA));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / (ERA - 1)) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        // Five months have 153 days, whichever of the year they begin with.
        let month = (5 * of_year + 2) / 153;
        let of_month = of_year - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        ((400 * era + year + next) as i16, month as i8, of_month as i8)
    }

    /// How many days its month has.
    #[must_use]
    pub fn days_in_month(self) -> i8 {
        self.date().days_in_month()
    }

    fn date(self) -> Date {
        // Every constructor clamps to what a date can hold.
        EPOCH.saturating_add(jiff::Span::new().days(i64::from(self.0)))
    }

    fn from_date(date: Date) -> Option<Self> {
        let days = date.since((jiff::Unit::Day, EPOCH)).ok()?.get_days();
        (FIRST..=LAST).contains(&days).then_some(Self(days))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Day {
    type Err = super::timestamp::NotATime;

    /// Reads `YYYY-MM-DD` and nothing else.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
        let date = plain.then(|| text.parse::<Date>().ok()).flatten();
        date.and_then(Self::from_date).ok_or_else(|| Self::Err::new(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_and_written_as_a_date() {
        for (text, days) in [("1970-01-01", 0), ("2017-09-13", 17_422), ("1969-12-31", -1)] {
            let day: Day = text.parse().unwrap();
            assert_eq!((day.days(), day.to_string().as_str()), (days, text));
        }
        for text in ["2017-02-29", "2017-9-1", "20170901", "2017-09-01T00:00:00", ""] {
            assert!(text.parse::<Day>().is_err(), "{text} is no date");
        }
    }

    #[test]
    fn a_day_is_taken_apart_as_its_date_is() {
        let steps = (FIRST..=LAST).step_by(97);
        for days in steps.chain(FIRST..FIRST + 1_500).chain(10_000..22_000).chain(LAST - 1_500..=LAST) {
            let (day, date) = (Day(days), Day(days).date());
            assert_eq!(day.parts(), (date.year(), date.month(), date.day()), "{day}");
            assert_eq!(day.weekday(), date.weekday(), "{day}");
        }
    }

    #[test]
    fn the_calendar_has_ends() {
        assert_eq!(Day::MIN.to_string(), "0001-01-01");
        assert_eq!(Day::MAX.to_string(), "9998-12-31");
        assert_eq!(Day::MAX.plus(i32::MAX), Day::MAX);
        assert_eq!(Day::from_days(i32::MIN), Day::MIN);
    }
}
