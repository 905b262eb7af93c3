//! The euro: the closing days of TARGET.

use super::date::Date;

/// A closing day of TARGET, through which SEPA settles.
///
/// New Year's Day, Good Friday, Easter Monday, 1 May, 25 and 26 December; nothing moves
/// off a weekend. Since 2002, until further notice: European Central Bank, press release
/// of 14 December 2000, "Long-term calendar for TARGET closing days". National holidays
/// close no euro payment.
pub(super) fn is_holiday(date: Date) -> bool {
    match date.month_and_day() {
        (1, 1) | (5, 1) | (12, 25 | 26) => true,
        _ => matches!(date.since_easter(), Some(-2 | 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::BankCalendar::Target;
    use super::super::tests::{rests, works};

    #[test]
    fn target_closes_on_six_days() {
        rests(Target, &["2024-01-01", "2024-03-29", "2024-04-01"]);
        rests(Target, &["2024-05-01", "2024-12-25", "2024-12-26"]);
        works(Target, &["2024-05-09", "2024-05-20", "2024-08-15", "2024-12-24"]);
    }

    #[test]
    fn nothing_moves_off_a_weekend() {
        works(Target, &["2021-12-27", "2022-01-03", "2022-05-02", "2022-12-27"]);
    }
}
