//! The United Kingdom: the bank holidays of England and Wales.

use super::date::{Date, Single};

/// Days that a proclamation made holidays, and days that holidays were moved to.
const PROCLAIMED: &[Single] = &[
    // The golden jubilee, and the spring holiday moved beside it.
    (2002, 6, 3),
    (2002, 6, 4),
    // The wedding of Prince William.
    (2011, 4, 29),
    // The spring holiday moved, and the diamond jubilee.
    (2012, 6, 4),
    (2012, 6, 5),
    // The May holiday moved to the 75th anniversary of VE Day.
    (2020, 5, 8),
    // The spring holiday moved, and the platinum jubilee.
    (2022, 6, 2),
    (2022, 6, 3),
    // The funeral of Elizabeth II.
    (2022, 9, 19),
    // The coronation of Charles III.
    (2023, 5, 8),
];

/// Mondays whose holiday was moved away.
const MOVED_AWAY: &[Single] = &[(2002, 5, 27), (2012, 5, 28), (2020, 5, 4), (2022, 5, 30)];

/// A bank holiday in England and Wales, on which Bacs and CHAPS are closed:
///
/// - Good Friday, 25 December: common law;
/// - Easter Monday, last Monday of May and of August, 26 December: Banking and Financial
///   Dealings Act 1971, schedule 1, since 1972;
/// - 1 January: royal proclamation under section 1(3) of the Act, since 1974;
/// - first Monday of May: the same, since 1978;
/// - single days and moved days, as listed from 2002: the same; gov.uk/bank-holidays.
///
/// What falls on a weekend is kept on the next free weekday.
pub(super) fn is_holiday(date: Date) -> bool {
    is_by_rule(date) && !date.is_one_of(MOVED_AWAY) || date.is_one_of(PROCLAIMED)
}

fn is_by_rule(date: Date) -> bool {
    let by_monday = match date.month {
        5 => date.is_nth_monday(1) || date.is_last_monday(),
        8 => date.is_last_monday(),
        _ => false,
    };
    by_monday
        || date.is_new_year_or_its_monday()
        || date.is_christmas_or_boxing_or_moved()
        || matches!(date.since_easter(), Some(-2 | 1))
}

#[cfg(test)]
mod tests {
    use super::super::BankCalendar::UnitedKingdom;
    use super::super::tests::{rests, works};

    #[test]
    fn england_rests_on_eight_days() {
        rests(UnitedKingdom, &["2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06"]);
        rests(UnitedKingdom, &["2024-05-27", "2024-08-26", "2024-12-25", "2024-12-26"]);
        works(UnitedKingdom, &["2024-05-01", "2024-08-05", "2024-12-24", "2024-12-27"]);
    }

    #[test]
    fn a_weekend_is_made_up_for() {
        rests(UnitedKingdom, &["2021-12-27", "2021-12-28", "2022-01-03", "2022-12-27"]);
        rests(UnitedKingdom, &["2020-12-28"]);
    }

    #[test]
    fn holidays_were_moved_and_added() {
        rests(UnitedKingdom, &["2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19"]);
        rests(UnitedKingdom, &["2023-05-01", "2023-05-08", "2011-04-29", "2012-06-05"]);
        works(UnitedKingdom, &["2020-05-04", "2022-05-30", "2012-05-28"]);
    }
}
