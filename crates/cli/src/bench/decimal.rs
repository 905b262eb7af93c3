//! Decimals: figures with a fixed number of places, for people and machines.

use serde_json::Value;

/// A figure in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    millionths: i128,
}

const ONE: u128 = 1_000_000;

impl Decimal {
    /// A whole number.
    pub(super) fn whole(number: u64) -> Self {
        Self { millionths: i128::from(number) * ONE.cast_signed() }
    }

    /// A quotient, cut off; `None` where it has no value.
    pub(super) fn ratio(dividend: i128, divisor: i128) -> Option<Self> {
        Some(Self { millionths: dividend.checked_mul(ONE.cast_signed())?.checked_div(divisor)? })
    }

    /// As JSON: a number.
    pub(super) fn value(self) -> Value {
        let (sign, whole, places) = self.parts();
        let places = if places == 0 { String::new() } else { format!(".{places:06}") };
        // The text is a number in JSON.
        serde_json::from_str(&format!("{sign}{whole}{places}")).unwrap_or_default()
    }

    /// For people: `1,234,567`, below a thousand `123.456`, and below one `0.123456`.
    pub(super) fn shown(self) -> String {
        let (sign, whole, places) = self.parts();
        let mut digits = whole.to_string();
        match whole {
            _ if places == 0 => {}
            0 => return format!("{sign}0.{places:06}"),
            1..1_000 => return format!("{sign}{digits}.{:03}", places / 1_000),
            _ => {}
        }
        let mut place = digits.len();
        while place > 3 {
            place -= 3;
            digits.insert(place, ',');
        }
        format!("{sign}{digits}")
    }

    fn parts(self) -> (&'static str, u128, u128) {
        let absolute = self.millionths.unsigned_abs();
        (if self.millionths < 0 { "-" } else { "" }, absolute / ONE, absolute % ONE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_a_number_and_a_text() {
        let both = |dividend, divisor| {
            let ratio = Decimal::ratio(dividend, divisor).unwrap();
            (ratio.value().to_string(), ratio.shown())
        };
        let pair = |value: &str, shown: &str| (value.to_owned(), shown.to_owned());
        assert_eq!(both(2, 3), pair("0.666666", "0.666666"));
        assert_eq!(both(-1, 8), pair("-0.125", "-0.125000"));
        assert_eq!(both(22, 7), pair("3.142857", "3.142"));
        assert_eq!(both(7_654_321, 2), pair("3827160.5", "3,827,160"));
        assert_eq!(both(999_000, 1_000), pair("999", "999"));
        assert_eq!(Decimal::whole(1_000).shown(), "1,000");
        assert_eq!(Decimal::ratio(1, 0), None);
    }
}
