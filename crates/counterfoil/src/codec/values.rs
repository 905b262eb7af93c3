//! Values that not every number may be: each is checked when it is read.

use counterfoil_domain::ObjectId;
use counterfoil_domain::account::Country;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::Currency;

use super::Fault;

/// The currency of an ISO 4217 number.
pub(super) fn currency(number: u16) -> Result<Currency, Fault> {
    Currency::from_number(number).ok_or(Fault::Number { what: "currency", found: number.into() })
}

/// The day so many days after 1970-01-01; the domain would move one beyond the
/// calendar to its end, and a moved day is a changed event.
pub(super) fn day(days: impl Into<i64>) -> Result<Day, Fault> {
    let days = days.into();
    let day = i32::try_from(days).ok().map(Day::from_days).filter(|day| i64::from(day.days()) == days);
    day.ok_or(Fault::Number { what: "day", found: days.into() })
}

/// The instant so many microseconds after 1970; beyond the calendar as for a day.
pub(super) fn timestamp(micros: i64) -> Result<Timestamp, Fault> {
    let timestamp = Timestamp::from_micros(micros);
    if timestamp.micros() == micros {
        Ok(timestamp)
    } else {
        Err(Fault::Number { what: "instant", found: micros.into() })
    }
}

/// The object of a position and an ordinal: the domain's id has 52 bits of one and 12 of
/// the other.
pub(super) fn object(position: u64, ordinal: impl Into<u64>) -> Result<ObjectId, Fault> {
    let ordinal = ordinal.into();
    let bits = position.checked_mul(1 << 12).filter(|_| ordinal < 1 << 12 && position < 1 << 52);
    bits.map(|bits| ObjectId::from_bits(bits | ordinal))
        .ok_or(Fault::Number { what: "object's position", found: position.into() })
}

/// The country of two letters.
pub(super) fn country(code: &str) -> Result<Country, Fault> {
    Country::new(code).map_err(|_| Fault::Text { what: "country" })
}
