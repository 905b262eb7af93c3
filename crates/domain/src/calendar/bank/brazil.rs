//! Brazil: national holidays, Carnival and the optional days.

use super::date::Date;

/// A holiday of a bank in Brazil:
///
/// - 1 January, 21 April, 1 May, 7 September, 2 and 15 November, 25 December: Lei 662/1949,
///   in the wording of Lei 10.607/2002, since 2003;
/// - Good Friday: Lei 9.093/1995, which leaves it to the municipalities;
/// - 12 October, Our Lady of Aparecida: Lei 6.802/1980, since 1980;
/// - 20 November, Zumbi and Black Awareness: Lei 14.759/2023, since 2024;
/// - Monday and Tuesday of Carnival, Corpus Christi: Resolução CMN 4.880/2020, and before it
///   2.932/2002, article 5, since 2002;
/// - Ash Wednesday, 28 October, 24 and 31 December: optional days of the public service, by
///   yearly decree.
///
/// The last item is UNCONFIRMED as bank holidays: no resolution names those days, and
/// branches open at noon on Ash Wednesday. Published bank calendars list them, and we
/// follow these: a payout promised a day late is kept, one promised a day early is not.
pub(super) fn is_holiday(date: Date) -> bool {
    match date.month_and_day() {
        (1, 1) | (4, 21) | (5, 1) | (9, 7) | (10, 12) | (11, 2 | 15) | (12, 25) => true,
        (10, 28) | (12, 24 | 31) => true,
        (11, 20) => date.year >= 2024,
        _ => is_movable(date),
    }
}

fn is_movable(date: Date) -> bool {
    const CARNIVAL_MONDAY: i32 = -48;
    const ASH_WEDNESDAY: i32 = -46;
    const GOOD_FRIDAY: i32 = -2;
    const CORPUS_CHRISTI: i32 = 60;
    date.since_easter().is_some_and(|days| {
        (CARNIVAL_MONDAY..=ASH_WEDNESDAY).contains(&days) || days == GOOD_FRIDAY || days == CORPUS_CHRISTI
    })
}

#[cfg(test)]
mod tests {
    use super::super::BankCalendar::Brazil;
    use super::super::tests::{rests, works};

    #[test]
    fn brazil_rests_on_its_national_holidays() {
        rests(Brazil, &["2017-09-07", "2017-10-12", "2017-11-02", "2017-11-15", "2017-12-25"]);
        works(Brazil, &["2017-09-08", "2017-12-26", "2018-01-02"]);
    }

    #[test]
    fn brazil_rests_from_carnival_to_ash_wednesday_and_on_corpus_christi() {
        rests(Brazil, &["2018-02-12", "2018-02-13", "2018-02-14", "2018-03-30", "2018-05-31"]);
        works(Brazil, &["2018-02-09", "2018-02-15", "2018-04-02", "2018-06-01"]);
    }

    #[test]
    fn black_awareness_is_a_holiday_since_2024() {
        works(Brazil, &["2017-11-20", "2023-11-20"]);
        rests(Brazil, &["2024-11-20", "2025-11-20"]);
    }

    #[test]
    fn the_optional_days_count_as_holidays() {
        rests(Brazil, &["2016-10-28", "2018-12-24", "2018-12-31"]);
    }
}
