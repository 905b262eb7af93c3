//! The United States: the holidays of the Federal Reserve Banks.

use super::Weekday;
use super::date::Date;

/// A holiday of the Federal Reserve Banks, through which ACH and Fedwire settle.
///
/// - 1 January, 4 July, Thanksgiving (fourth Thursday of November), 25 December: 5 U.S.C.
///   6103(a);
/// - 11 November, Veterans Day: Pub. L. 94-97, since 1978;
/// - third Monday of February, last of May, first of September, second of October: Pub. L.
///   90-363, since 1971;
/// - third Monday of January, Martin Luther King: Pub. L. 98-144, since 1986;
/// - 19 June, Juneteenth: Pub. L. 117-17, since 2021.
///
/// A holiday on a Sunday is kept on Monday. One on a Saturday is NOT kept on Friday, as
/// federal offices do: the Reserve Banks open (Federal Reserve Bank of Richmond, "Holiday
/// schedule").
pub(super) fn is_holiday(date: Date) -> bool {
    is_fixed(date) || is_by_weekday(date) || (date.is_monday() && is_fixed(date.yesterday()))
}

fn is_fixed(date: Date) -> bool {
    match date.month_and_day() {
        (1, 1) | (7, 4) | (11, 11) | (12, 25) => true,
        (6, 19) => date.year >= 2021,
        _ => false,
    }
}

fn is_by_weekday(date: Date) -> bool {
    match date.month {
        1 => date.is_nth_monday(3) && date.year >= 1986,
        2 => date.is_nth_monday(3),
        5 => date.is_last_monday(),
        9 => date.is_nth_monday(1),
        10 => date.is_nth_monday(2),
        11 => date.weekday == Weekday::Thursday && (22..=28).contains(&date.of_month),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::BankCalendar::UnitedStates;
    use super::super::tests::{rests, works};

    #[test]
    fn the_reserve_banks_rest_on_federal_holidays() {
        let by_weekday = ["2024-01-15", "2024-02-19", "2024-05-27", "2024-09-02", "2024-10-14"];
        rests(UnitedStates, &by_weekday);
        rests(UnitedStates, &["2024-01-01", "2024-07-04", "2024-11-11", "2024-12-25"]);
        rests(UnitedStates, &["2023-11-23", "2024-11-28"]);
        works(UnitedStates, &["2023-11-24", "2024-11-21", "2024-03-29", "2024-12-24"]);
    }

    #[test]
    fn a_sunday_is_kept_on_monday_and_a_saturday_is_lost() {
        rests(UnitedStates, &["2021-07-05", "2022-12-26", "2023-01-02", "2021-12-25"]);
        works(UnitedStates, &["2021-12-24", "2021-12-31", "2020-07-03", "2023-11-10"]);
    }

    #[test]
    fn juneteenth_is_a_holiday_since_2021() {
        works(UnitedStates, &["2020-06-19", "2021-06-18"]);
        rests(UnitedStates, &["2022-06-20", "2023-06-19"]);
    }
}
