//! Japan: national holidays and the bank's own days at New Year.

use super::Weekday;
use super::date::{Date, Single};

/// Days of single laws: the enthronement, and the holidays moved for the Olympic games.
const BY_SINGLE_LAW: &[Single] = &[
    // Act 99 of 2018.
    (2019, 5, 1),
    (2019, 10, 22),
    // Act 55 of 2018.
    (2020, 7, 23),
    (2020, 7, 24),
    (2020, 8, 10),
    // Act 68 of 2020.
    (2021, 7, 22),
    (2021, 7, 23),
    (2021, 8, 8),
];

/// A holiday of a bank in Japan.
///
/// National holidays by the Act on National Holidays (Act 178 of 1948) as it stands
/// since 2007, and 31 December, 2 and 3 January by the Order for Enforcement of the
/// Banking Act, article 5. The numbers of the acts for single years are UNCONFIRMED, the
/// days are not.
pub(super) fn is_holiday(date: Date) -> bool {
    let new_year = matches!(date.month_and_day(), (1, 2 | 3) | (12, 31));
    new_year || is_national(date) || is_substitute(date) || is_between(date)
}

/// A day after national holidays of which one fell on a Sunday (article 3, paragraph 2):
/// the first day after it that is not itself a national holiday.
fn is_substitute(date: Date) -> bool {
    // No run of national holidays is a week long.
    let before = (1..=7).map(|back| Date::of(date.day.plus(-back)));
    before.take_while(|day| is_national(*day)).any(|day| day.weekday == Weekday::Sunday)
}

/// A day between two national holidays (article 3, paragraph 3).
fn is_between(date: Date) -> bool {
    is_national(date.yesterday()) && is_national(date.tomorrow())
}

/// A national holiday by name (article 2).
fn is_national(date: Date) -> bool {
    let games = matches!(date.year, 2020 | 2021);
    let by_rule = match date.month_and_day() {
        (1, 1) | (2, 11) | (4, 29) | (5, 3..=5) | (11, 3 | 23) => true,
        (1, _) => date.is_nth_monday(2),
        // The emperor's birthday: Naruhito since 2020, Akihito until 2018.
        (2, 23) => date.year >= 2020,
        (12, 23) => (1989..=2018).contains(&date.year),
        (3, of_month) => of_month == equinox(date.year, VERNAL),
        (7, _) => date.is_nth_monday(3) && !games,
        (8, 11) => date.year >= 2016 && !games,
        (9, of_month) => date.is_nth_monday(3) || of_month == equinox(date.year, AUTUMNAL),
        (10, _) => date.is_nth_monday(2) && !games,
        _ => false,
    };
    by_rule || date.is_one_of(BY_SINGLE_LAW)
}

/// When an equinox falls in 1980, in ten-thousandths of a day of its month, by the
/// constants for 1980-2099 and for 2100-2150.
type Equinox = (i32, i32);

const VERNAL: Equinox = (208_431, 218_510);
const AUTUMNAL: Equinox = (232_488, 242_488);

/// The day of its month on which an equinox falls, in Japanese time.
///
/// The approximation of the Hydrographic Department's ephemeris for 1980 to 2150. The
/// day in law is the one that the National Astronomical Observatory announces in
/// February of the year before; for later years this is a forecast.
fn equinox(year: i16, (to_2099, from_2100): Equinox) -> i8 {
    let since_1980 = i32::from(year) - 1980;
    let base = if year < 2100 { to_2099 } else { from_2100 };
    let drift = 242_194 * since_1980;
    let day = (base * 100 + drift).div_euclid(1_000_000) - since_1980.div_euclid(4);
    // Thousands of years away it may name no day: the calendar then has one holiday less.
    i8::try_from(day).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::BankCalendar::Japan;
    use super::super::tests::{rests, works};

    #[test]
    fn japan_rests_on_its_national_holidays() {
        rests(Japan, &["2024-01-01", "2024-01-08", "2024-02-23", "2024-03-20", "2024-04-29"]);
        rests(Japan, &["2024-05-03", "2024-07-15", "2024-09-16", "2024-10-14", "2024-11-23"]);
        works(Japan, &["2024-04-30", "2024-05-02", "2024-12-23", "2024-12-25"]);
    }

    #[test]
    fn banks_rest_at_new_year() {
        rests(Japan, &["2024-12-31", "2025-01-02", "2025-01-03"]);
        works(Japan, &["2024-12-30", "2024-01-04"]);
    }

    #[test]
    fn a_sunday_is_made_up_for_on_the_next_free_day() {
        // Sunday 3 May 2020 passes over two holidays to Wednesday.
        rests(Japan, &["2020-05-06", "2024-02-12", "2025-05-06", "2021-08-09"]);
        works(Japan, &["2024-05-07", "2020-05-07"]);
    }

    #[test]
    fn a_day_between_two_holidays_is_one() {
        rests(Japan, &["2015-09-22", "2026-09-22", "2019-04-30", "2019-05-02"]);
    }

    #[test]
    fn the_equinoxes_wander() {
        rests(Japan, &["2023-03-21", "2024-03-20", "2015-09-23", "2016-09-22"]);
        works(Japan, &["2024-03-21", "2016-09-23"]);
    }

    #[test]
    fn the_games_moved_three_holidays() {
        rests(Japan, &["2020-07-24", "2020-08-10", "2021-07-22"]);
        works(Japan, &["2020-07-20", "2020-10-12", "2021-08-11", "2021-10-11"]);
    }
}
