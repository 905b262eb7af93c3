//! Canada: the holidays that banks keep in every province.

use super::date::Date;

/// A holiday of a bank in every province of Canada.
///
/// - 1 January, Good Friday, Monday before 25 May, 1 July, first Monday of September,
///   11 November, 25 December: Bills of Exchange Act, section 42; Holidays Act;
/// - second Monday of October, Thanksgiving: proclamation, since 1957;
/// - 30 September, Truth and Reconciliation: S.C. 2021, c. 11, since 2021;
/// - 26 December: custom; National Bank of Canada, "Bank holiday calendar".
///
/// What falls on a weekend is kept on the next free weekday: law for 1 July and where a
/// Sunday is New Year's Day or Christmas, custom of the banks and UNCONFIRMED elsewhere.
/// Days of some provinces only (Family Day, the Civic Holiday of August, Saint-Jean)
/// close no payment here; UNCONFIRMED against the calendar of Payments Canada.
pub(super) fn is_holiday(date: Date) -> bool {
    date.is_new_year_or_its_monday()
        || date.is_christmas_or_boxing_or_moved()
        || date.since_easter() == Some(-2)
        || is_in_season(date)
}

/// The holidays between Easter and Christmas.
fn is_in_season(date: Date) -> bool {
    let reconciliation = date.year >= 2021;
    match date.month_and_day() {
        (5, 18..=24) => date.is_monday(),
        (7, 1) | (11, 11) => true,
        (7, 2 | 3) => date.is_monday_after_weekend_of(7, 1),
        (9, 30) => reconciliation,
        (9, _) => date.is_nth_monday(1),
        (10, 1 | 2) => reconciliation && date.is_monday_after_weekend_of(9, 30),
        (10, _) => date.is_nth_monday(2),
        (11, 12 | 13) => date.is_monday_after_weekend_of(11, 11),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::BankCalendar::Canada;
    use super::super::tests::{rests, works};

    #[test]
    fn canada_rests_on_its_national_bank_holidays() {
        rests(Canada, &["2024-01-01", "2024-03-29", "2024-05-20", "2024-07-01", "2024-09-02"]);
        rests(Canada, &["2024-09-30", "2024-10-14", "2024-11-11", "2024-12-25", "2024-12-26"]);
        works(Canada, &["2024-02-19", "2024-04-01", "2024-06-24", "2024-08-05", "2024-05-27"]);
    }

    #[test]
    fn a_weekend_is_made_up_for() {
        rests(Canada, &["2023-01-02", "2023-07-03", "2023-10-02", "2023-11-13"]);
        rests(Canada, &["2021-12-27", "2021-12-28", "2022-12-27"]);
    }

    #[test]
    fn reconciliation_is_a_holiday_since_2021() {
        works(Canada, &["2020-09-30", "2017-10-02"]);
        rests(Canada, &["2021-09-30", "2022-09-30"]);
    }
}
