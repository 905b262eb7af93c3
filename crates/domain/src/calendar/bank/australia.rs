//! Australia: the closing days of the Reserve Bank's settlement system.

use super::date::Date;

/// A closing day of RITS, through which banks in Australia settle.
///
/// RITS closes for New Year's Day, Australia Day, Good Friday, Easter Monday, Anzac Day,
/// the sovereign's birthday, Christmas and Boxing Day, where both New South Wales and
/// Victoria keep them (Reserve Bank of Australia, "RITS business hours"). The days are
/// those of the Public Holidays Act 2010 (New South Wales), since 2011:
///
/// - New Year's Day, Christmas and Boxing Day on a weekend add the next free weekday;
/// - Australia Day, 26 January, on a weekend becomes the Monday;
/// - Anzac Day, 25 April, does not move: the Mondays that New South Wales added in 2026
///   and 2027 are not kept in Victoria;
/// - the sovereign's birthday is the second Monday of June;
/// - 22 September 2022 mourned Elizabeth II in every state; UNCONFIRMED for RITS.
///
/// Labour Day and the bank holiday of August belong to one state, and RITS stays open.
/// Easter Saturday and Sunday are named here because the Act does; they never matter.
pub(super) fn is_holiday(date: Date) -> bool {
    date.is_new_year_or_its_monday()
        || date.is_christmas_or_boxing_or_moved()
        || matches!(date.since_easter(), Some(-2..=1))
        || is_national_day(date)
}

fn is_national_day(date: Date) -> bool {
    match date.month_and_day() {
        (1, 26) => !date.is_weekend(),
        (1, 27 | 28) => date.is_monday(),
        (4, 25) => true,
        (6, _) => date.is_nth_monday(2),
        (9, 22) => date.year == 2022,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::BankCalendar::Australia;
    use super::super::tests::{rests, works};

    #[test]
    fn australia_rests_where_sydney_and_melbourne_do() {
        rests(Australia, &["2024-01-01", "2024-01-26", "2024-03-29", "2024-04-01"]);
        rests(Australia, &["2024-04-25", "2024-06-10", "2024-12-25", "2024-12-26"]);
        works(Australia, &["2024-08-05", "2024-10-07", "2024-11-05", "2024-03-11"]);
    }

    #[test]
    fn a_weekend_is_made_up_for_except_on_anzac_day() {
        rests(Australia, &["2025-01-27", "2022-01-03", "2021-12-28", "2022-12-27"]);
        works(Australia, &["2020-04-27", "2021-04-26", "2026-04-27"]);
    }

    #[test]
    fn the_queen_was_mourned_on_a_thursday() {
        rests(Australia, &["2022-09-22"]);
        works(Australia, &["2023-09-22"]);
    }
}
