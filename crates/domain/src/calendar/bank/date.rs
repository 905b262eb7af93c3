//! A day taken apart, in the words that holiday rules are written in.

use super::easter;
use super::{Day, Weekday};

/// A day with its parts, computed once for all rules of a calendar.
#[derive(Clone, Copy)]
pub(super) struct Date {
    /// The day itself.
    pub(super) day: Day,
    /// Its year.
    pub(super) year: i16,
    /// Its month, 1 to 12.
    pub(super) month: i8,
    /// Its day of the month, 1 to 31.
    pub(super) of_month: i8,
    /// Its day of the week.
    pub(super) weekday: Weekday,
}

/// A single date: year, month, day of the month.
pub(super) type Single = (i16, i8, i8);

impl Date {
    /// `day`, taken apart.
    pub(super) fn of(day: Day) -> Self {
        let (year, month, of_month) = day.parts();
        Self { day, year, month, of_month, weekday: day.weekday() }
    }

    /// The day before.
    pub(super) fn yesterday(self) -> Self {
        Self::of(self.day.plus(-1))
    }

    /// The day after.
    pub(super) fn tomorrow(self) -> Self {
        Self::of(self.day.plus(1))
    }

    /// Month and day of the month, to match a fixed holiday with.
    pub(super) fn month_and_day(self) -> (i8, i8) {
        (self.month, self.of_month)
    }

    /// Is it a Monday?
    pub(super) fn is_monday(self) -> bool {
        self.weekday == Weekday::Monday
    }

    /// Is it the `nth` Monday of its month?
    pub(super) fn is_nth_monday(self, nth: i8) -> bool {
        self.is_monday() && (self.of_month - 1) / 7 + 1 == nth
    }

    /// Is it the last Monday of its month?
    pub(super) fn is_last_monday(self) -> bool {
        self.is_monday() && self.of_month + 7 > self.day.days_in_month()
    }

    /// Is it a weekend?
    pub(super) fn is_weekend(self) -> bool {
        super::is_weekend(self.day)
    }

    /// Is it the first Monday after a weekend on which (`month`, `of_month`) fell?
    pub(super) fn is_monday_after_weekend_of(self, month: i8, of_month: i8) -> bool {
        let saturday = Self::of(self.day.plus(-2)).month_and_day();
        let sunday = self.yesterday().month_and_day();
        self.is_monday() && (saturday == (month, of_month) || sunday == (month, of_month))
    }

    /// Days since Easter Sunday of its year, negative before.
    ///
    /// No calendar has a movable feast outside February to June; there it is `None`, which
    /// spares most days the reckoning.
    pub(super) fn since_easter(self) -> Option<i32> {
        if !(2..=6).contains(&self.month) {
            return None;
        }
        let sunday = easter::sunday(self.year)?;
        Some(self.day.days() - sunday.days())
    }

    /// Is it one of `dates`?
    pub(super) fn is_one_of(self, dates: &[Single]) -> bool {
        dates.contains(&(self.year, self.month, self.of_month))
    }

    /// Is it New Year's Day, or the Monday that stands for one on a weekend?
    pub(super) fn is_new_year_or_its_monday(self) -> bool {
        match self.month_and_day() {
            (1, 1) => true,
            (1, 2 | 3) => self.is_monday(),
            _ => false,
        }
    }

    /// Is it Christmas, Boxing Day, or a weekday that stands for one on a weekend?
    ///
    /// With Christmas on a Saturday both move, to Monday and Tuesday; on a Sunday Boxing
    /// Day keeps its Monday and Christmas takes the Tuesday; on a Friday Boxing Day takes
    /// the Monday.
    pub(super) fn is_christmas_or_boxing_or_moved(self) -> bool {
        match self.month_and_day() {
            (12, 25 | 26) => true,
            (12, 27 | 28) => self.is_monday() || self.weekday == Weekday::Tuesday,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::of(text.parse().unwrap())
    }

    #[test]
    fn mondays_are_counted_from_both_ends() {
        assert!(date("2024-07-01").is_nth_monday(1));
        assert!(date("2024-07-08").is_nth_monday(2));
        assert!(!date("2024-07-09").is_nth_monday(2));
        assert!(date("2024-07-29").is_last_monday() && date("2024-07-29").is_nth_monday(5));
        assert!(!date("2024-07-22").is_last_monday());
        assert!(date("2016-02-29").is_last_monday());
    }

    #[test]
    fn a_monday_stands_for_a_weekend() {
        assert!(date("2023-07-03").is_monday_after_weekend_of(7, 1));
        assert!(date("2018-07-02").is_monday_after_weekend_of(7, 1));
        assert!(!date("2024-07-01").is_monday_after_weekend_of(7, 1));
        assert!(date("2023-10-02").is_monday_after_weekend_of(9, 30));
    }

    #[test]
    fn christmas_moves_with_boxing_day() {
        for text in ["2020-12-28", "2021-12-27", "2021-12-28", "2022-12-27"] {
            assert!(date(text).is_christmas_or_boxing_or_moved(), "{text}");
        }
        for text in ["2017-12-27", "2022-12-28", "2020-12-29", "2018-12-28"] {
            assert!(!date(text).is_christmas_or_boxing_or_moved(), "{text}");
        }
    }
}
