//! Bank calendars: the days on which a bank books payments, by rule.
//!
//! A payout arrives on a business day of its destination's bank. Holidays are rules, one
//! file per country, each with the year it holds from and the law or page it comes from;
//! there is no table to load and none to run out. Where no year is given, the rule is
//! older than 2002. The years 2015 to 2030 are checked against published holidays; a
//! day outside them is answered by the same rules, and a law to come is not known here.
//!
//! The pages cited of the European Central Bank, the Federal Reserve Bank of Richmond, the
//! Reserve Bank of Australia and the National Bank of Canada have been read in archived
//! copies. The numbers of laws are UNCONFIRMED as citations; the days they give are
//! checked, all but those that the comparison lists as ours alone.

mod australia;
mod brazil;
mod canada;
mod date;
mod easter;
mod japan;
mod target;
mod united_kingdom;
mod united_states;

#[cfg(test)]
mod published;

use super::{Day, Weekday};
use crate::money::Currency;
use date::Date;

/// A bank calendar: which days a bank books payments.
///
/// Every calendar rests on Saturday and Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BankCalendar {
    /// Brazil: national holidays, Carnival and the optional days.
    Brazil,
    /// The Federal Reserve Banks of the United States.
    UnitedStates,
    /// TARGET, the settlement system of the euro.
    Target,
    /// England and Wales.
    UnitedKingdom,
    /// Canada: the holidays that banks keep in every province.
    Canada,
    /// Australia: the closing days of the Reserve Bank's settlement system.
    Australia,
    /// Japan: national holidays and the bank's own days at New Year.
    Japan,
    /// No holidays are known: weekends alone.
    WeekendsOnly,
}

impl BankCalendar {
    /// The calendar of the banks that are paid in `currency`.
    ///
    /// A currency without rules has weekends only. That is our rule and not its banks':
    /// a payout in it may be promised for a day on which they rest. See
    /// `docs/decisions/calendars.md`.
    #[must_use]
    pub fn of(currency: Currency) -> Self {
        match currency.code() {
            "AUD" => Self::Australia,
            "BRL" => Self::Brazil,
            "CAD" => Self::Canada,
            "EUR" => Self::Target,
            "GBP" => Self::UnitedKingdom,
            "JPY" => Self::Japan,
            "USD" => Self::UnitedStates,
            _ => Self::WeekendsOnly,
        }
    }

    /// Is `day` a holiday by name, on whatever day of the week it falls?
    ///
    /// A weekend is not a holiday.
    #[must_use]
    pub fn is_holiday(self, day: Day) -> bool {
        let date = Date::of(day);
        match self {
            Self::Brazil => brazil::is_holiday(date),
            Self::UnitedStates => united_states::is_holiday(date),
            Self::Target => target::is_holiday(date),
            Self::UnitedKingdom => united_kingdom::is_holiday(date),
            Self::Canada => canada::is_holiday(date),
            Self::Australia => australia::is_holiday(date),
            Self::Japan => japan::is_holiday(date),
            Self::WeekendsOnly => false,
        }
    }

    /// Does a bank book payments on `day`?
    #[must_use]
    pub fn is_business_day(self, day: Day) -> bool {
        !is_weekend(day) && !self.is_holiday(day)
    }

    /// The first business day strictly after `after`.
    ///
    /// After the last business day of the calendar there is none; it is [`Day::MAX`].
    #[must_use]
    pub fn next_business_day(self, after: Day) -> Day {
        let mut day = after.plus(1);
        while day < Day::MAX && !self.is_business_day(day) {
            day = day.plus(1);
        }
        day
    }

    /// The business day that comes `days` business days after `from`.
    ///
    /// No days after `from` is `from` itself, business day or not.
    #[must_use]
    pub fn plus_business_days(self, from: Day, days: u16) -> Day {
        (0..days).fold(from, |day, _| self.next_business_day(day))
    }
}

fn is_weekend(day: Day) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    /// Each text is a holiday of `calendar`.
    pub(super) fn rests(calendar: BankCalendar, days: &[&str]) {
        for text in days {
            assert!(calendar.is_holiday(day(text)), "{text} is a holiday of {calendar:?}");
            assert!(!calendar.is_business_day(day(text)), "{text} is no business day");
        }
    }

    /// Each text is a business day of `calendar`.
    pub(super) fn works(calendar: BankCalendar, days: &[&str]) {
        for text in days {
            assert!(calendar.is_business_day(day(text)), "{text}: {calendar:?} works");
        }
    }

    #[test]
    fn a_currency_has_the_calendar_of_its_banks() {
        let of = |code| BankCalendar::of(Currency::from_code(code).unwrap());
        assert_eq!(of("BRL"), BankCalendar::Brazil);
        assert_eq!(of("USD"), BankCalendar::UnitedStates);
        assert_eq!(of("EUR"), BankCalendar::Target);
        assert_eq!(of("GBP"), BankCalendar::UnitedKingdom);
        assert_eq!(of("CAD"), BankCalendar::Canada);
        assert_eq!(of("AUD"), BankCalendar::Australia);
        assert_eq!(of("JPY"), BankCalendar::Japan);
        assert_eq!(of("MXN"), BankCalendar::WeekendsOnly);
    }

    #[test]
    fn a_weekend_is_no_business_day_and_no_holiday() {
        let only = BankCalendar::WeekendsOnly;
        for text in ["2024-06-01", "2024-06-02"] {
            assert!(!only.is_business_day(day(text)) && !only.is_holiday(day(text)));
        }
        works(only, &["2024-12-25", "2024-05-31", "2024-06-03"]);
    }

    #[test]
    fn the_next_business_day_is_strictly_after() {
        for (after, next) in [
            // An ordinary Tuesday.
            ("2017-09-12", "2017-09-13"),
            // Friday, before and on a weekend.
            ("2017-09-15", "2017-09-18"),
            ("2017-09-16", "2017-09-18"),
            // Thursday is Independence Day.
            ("2017-09-06", "2017-09-08"),
            // Friday before Carnival; Ash Wednesday is optional too.
            ("2018-02-09", "2018-02-15"),
        ] {
            assert_eq!(BankCalendar::Brazil.next_business_day(day(after)), day(next), "{after}");
        }
    }

    #[test]
    fn business_days_add_up_one_by_one() {
        let target = BankCalendar::Target;
        // Maundy Thursday: Good Friday, the weekend and Easter Monday lie between.
        assert_eq!(target.plus_business_days(day("2024-03-28"), 2), day("2024-04-03"));
        assert_eq!(target.plus_business_days(day("2024-03-30"), 1), day("2024-04-02"));
        assert_eq!(target.plus_business_days(day("2024-03-30"), 0), day("2024-03-30"));
    }

    #[test]
    fn the_calendar_s_end_is_reached_and_not_passed() {
        // The last day is New Year's Eve, on which Brazil and Japan rest for ever.
        for calendar in [BankCalendar::Brazil, BankCalendar::Japan, BankCalendar::Target] {
            assert_eq!(calendar.next_business_day(Day::MAX), Day::MAX);
            assert_eq!(calendar.plus_business_days(Day::MAX.plus(-5), u16::MAX), Day::MAX);
            // The first day has no eve to look at.
            assert!(calendar.is_holiday(Day::MIN));
        }
    }
}
