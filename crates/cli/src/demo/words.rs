//! Words: days, schedules and reasons as people say them.

use counterfoil::domain::account::{Requirement, Standing};
use counterfoil::domain::calendar::{Day, Weekday};
use counterfoil::domain::payout::PayoutSchedule;
use counterfoil::views::payouts::Reason;

/// A day in a sentence: `Friday 13 February`.
pub(super) fn long(day: Day) -> String {
    format!("{} {} {}", weekday(day.weekday()), day.day_of_month(), month(day))
}

/// A day in a table: `Fri 13 Feb`.
pub(super) fn short(day: Day) -> String {
    format!("{} {}", three(weekday(day.weekday())), brief(day))
}

/// A day among others: `13 Feb`.
fn brief(day: Day) -> String {
    format!("{} {}", day.day_of_month(), three(month(day)))
}

/// Names in a sentence: `bakery, florist and potter`.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// A schedule: `every Friday`.
pub(super) fn schedule(schedule: PayoutSchedule) -> String {
    match schedule {
        PayoutSchedule::Manual => "on request".to_owned(),
        PayoutSchedule::Daily => "every day".to_owned(),
        PayoutSchedule::Weekly(days) => {
            let named = WEEK.iter().enumerate().filter(|(bit, _)| days.bits() >> bit & 1 == 1);
            let named: Vec<String> = named.map(|(_, day)| weekday(*day).to_owned()).collect();
            format!("every {}", list(&named))
        }
        PayoutSchedule::Monthly(_) => "every month".to_owned(),
    }
}

/// What somebody must provide: `tax_id by Fri 27 Feb`.
pub(super) fn requirement(requirement: &Requirement) -> String {
    let name = requirement.name;
    match requirement.standing {
        Standing::Due(Some(deadline)) => format!("{name} by {}", short(deadline.day())),
        Standing::Due(None) => format!("{name}, before any payout"),
        standing @ (Standing::Pending(_) | Standing::Verified | Standing::PastDue) => {
            format!("{name}, {standing}")
        }
    }
}

/// Why money is not paid now.
pub(super) fn reasons(reasons: &[Reason]) -> String {
    let said: Vec<String> = reasons.iter().map(|reason| self::reason(*reason)).collect();
    said.join(", ")
}

fn reason(reason: Reason) -> String {
    match reason {
        Reason::NegativeBalance => "debt".to_owned(),
        Reason::PendingUntil(day) => format!("pending until {}", brief(day)),
        Reason::BelowMinimumBalance => "minimum balance".to_owned(),
        Reason::Requirement { name, from: None } => format!("{name} is not verified"),
        Reason::Requirement { name, from: Some(from) } => format!("{name} due by {}", brief(from.day())),
        Reason::BankAccountErrored => "her bank account failed".to_owned(),
        Reason::ManualSchedule => "paid on request".to_owned(),
        Reason::NextPayoutDay(day) => format!("payday {}", brief(day)),
    }
}

/// The first three letters.
fn three(word: &'static str) -> &'static str {
    word.get(..3).unwrap_or(word)
}

const WEEK: [Weekday; 5] =
    [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];

fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn month(day: Day) -> &'static str {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    // Months count from 1 to 12.
    usize::try_from(day.month() - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or("")
}
