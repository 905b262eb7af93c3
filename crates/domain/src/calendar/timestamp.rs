//! An instant of business time.

use std::fmt;
use std::str::FromStr;

use super::Day;

/// Microseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A text that is neither an instant nor a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotATime(String);

impl Timestamp {
    /// Microseconds in a day.
    pub const DAY: i64 = 86_400_000_000;
    /// Before everything.
    pub const MIN: Self = Self(-719_162 * Self::DAY);
    /// The last microsecond of the calendar.
    pub const MAX: Self = Self(2_932_532 * Self::DAY - 1);

    /// The instant `micros` microseconds after 1970, or the nearest the calendar holds.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        if micros < Self::MIN.0 {
            Self::MIN
        } else if micros > Self::MAX.0 {
            Self::MAX
        } else {
            Self(micros)
        }
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The day it lies in.
    #[must_use]
    pub fn day(self) -> Day {
        // Both ends of the calendar in microseconds divide into days that fit.
        Day::from_days(self.0.div_euclid(Self::DAY) as i32)
    }

    /// The instant `seconds` later, or the last one.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_micros(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl NotATime {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().take(40).collect())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_day = self.0.rem_euclid(Self::DAY);
        let (seconds, micros) = (in_day / 1_000_000, in_day % 1_000_000);
        let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
        write!(f, "{}T{hour:02}:{minute:02}:{second:02}", self.day())?;
        if micros != 0 {
            write!(f, ".{micros:06}")?;
        }
        f.write_str("Z")
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for Timestamp {
    type Err = NotATime;

    /// Reads a date (`2017-09-13`, its first instant) or an instant
    /// (`2017-09-13T08:59:02Z`, up to six decimals of a second, offsets allowed).
    fn from_str(text: &str) -> Result<Self, NotATime> {
        if let Ok(day) = text.parse::<Day>() {
            return Ok(day.start());
        }
        let instant: jiff::Timestamp = text.parse().map_err(|_| NotATime::new(text))?;
        Ok(Self::from_micros(instant.as_microsecond()))
    }
}

impl fmt::Display for NotATime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\" is no time; write 2017-09-13 or 2017-09-13T08:59:02Z", self.0)
    }
}

impl std::error::Error for NotATime {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_and_written() {
        for text in ["2017-09-13T08:59:02Z", "1969-12-31T23:59:59.999999Z", "2020-02-29T00:00:00Z"] {
            let instant: Timestamp = text.parse().unwrap();
            assert_eq!(instant.to_string(), text);
        }
        assert_eq!("2017-09-13".parse::<Timestamp>().unwrap().to_string(), "2017-09-13T00:00:00Z");
        assert!("yesterday".parse::<Timestamp>().is_err());
    }

    #[test]
    fn an_instant_lies_in_its_day() {
        let instant: Timestamp = "1969-12-31T23:59:59Z".parse().unwrap();
        assert_eq!(instant.day().to_string(), "1969-12-31");
        assert_eq!(Timestamp::MIN.day(), Day::MIN);
        assert_eq!(Timestamp::MAX.day(), Day::MAX);
    }
}
