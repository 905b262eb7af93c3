//! Easter Sunday of the Gregorian calendar.

use super::Day;

/// Easter Sunday of `year`, if the calendar holds it.
///
/// The anonymous Gregorian computus (*Nature*, 1876; Meeus, *Astronomical Algorithms*,
/// chapter 8): the Sunday after the full moon on or after 21 March, both by the church's
/// tables. It holds for every year of the Gregorian calendar, from 1583.
pub(super) fn sunday(year: i16) -> Option<Day> {
    let y = i32::from(year);
    // The year's place in the moon's cycle of nineteen years.
    let golden = y % 19;
    let (century, in_century) = (y / 100, y % 100);
    // The days by which the moon runs ahead of the solar year, with its corrections.
    let moon_correction = (century - (century + 8) / 25 + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon_correction + 15) % 30;
    // From the full moon to the next Sunday.
    let to_sunday = (32 + 2 * (century % 4) + 2 * (in_century / 4) - epact - in_century % 4) % 7;
    // The two full moons that would fall one day too late.
    let late = (golden + 11 * epact + 22 * to_sunday) / 451;
    let after_march_22 = epact + to_sunday - 7 * late;
    Day::new(year, 3, 22).map(|first| first.plus(after_march_22))
}

#[cfg(test)]
mod tests {
    use super::super::Weekday;
    use super::*;

    #[test]
    fn easter_falls_where_the_tables_put_it() {
        for text in [
            // The earliest and the latest of all, and the two exceptions of the tables.
            "1818-03-22",
            "2285-03-22",
            "1943-04-25",
            "2038-04-25",
            "1954-04-18",
            "1981-04-19",
            "2000-04-23",
            "2015-04-05",
            "2016-03-27",
            "2019-04-21",
            "2024-03-31",
            "2030-04-21",
        ] {
            let day: Day = text.parse().unwrap();
            assert_eq!(sunday(day.year()), Some(day));
        }
    }

    #[test]
    fn easter_is_a_sunday_from_22_march_to_25_april() {
        for year in 1583..=9998 {
            let day = sunday(year).unwrap();
            assert_eq!(day.weekday(), Weekday::Sunday);
            assert!(((3, 22)..=(4, 25)).contains(&(day.month(), day.day_of_month())), "{day}");
        }
    }
}
