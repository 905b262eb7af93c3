//! A currency: its code, its number and how many decimals its minor unit has.

use std::fmt;

use super::Minor;

/// A currency by its ISO 4217 number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(u16);

/// Code, number and decimals of each currency that an account may settle in
/// (ISO 4217, list one, of 2024).
const TABLE: &[(&str, u16, u32)] = &[
    ("AED", 784, 2),
    ("AUD", 36, 2),
    ("BGN", 975, 2),
    ("BHD", 48, 3),
    ("BRL", 986, 2),
    ("CAD", 124, 2),
    ("CHF", 756, 2),
    ("CLP", 152, 0),
    ("COP", 170, 2),
    ("CZK", 203, 2),
    ("DKK", 208, 2),
    ("EUR", 978, 2),
    ("GBP", 826, 2),
    ("HKD", 344, 2),
    ("HUF", 348, 2),
    ("IDR", 360, 2),
    ("INR", 356, 2),
    ("ISK", 352, 0),
    ("JOD", 400, 3),
    ("JPY", 392, 0),
    ("KRW", 410, 0),
    ("KWD", 414, 3),
    ("MXN", 484, 2),
    ("MYR", 458, 2),
    ("NOK", 578, 2),
    ("NZD", 554, 2),
    ("OMR", 512, 3),
    ("PHP", 608, 2),
    ("PLN", 985, 2),
    ("PYG", 600, 0),
    ("RON", 946, 2),
    ("SEK", 752, 2),
    ("SGD", 702, 2),
    ("THB", 764, 2),
    ("TND", 788, 3),
    ("TWD", 901, 2),
    ("USD", 840, 2),
    ("VND", 704, 0),
    ("ZAR", 710, 2),
];

impl Currency {
    /// Brazilian real.
    pub const BRL: Self = Self(986);
    /// Euro.
    pub const EUR: Self = Self(978);
    /// Pound sterling.
    pub const GBP: Self = Self(826);
    /// Japanese yen, which has no minor unit.
    pub const JPY: Self = Self(392);
    /// United States dollar.
    pub const USD: Self = Self(840);

    /// The currency of a three-letter code in capitals, if it is one that we settle in.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.0 == code).map(|row| Self(row.1))
    }

    /// The currency of an ISO 4217 number, if it is one that we settle in.
    #[must_use]
    pub fn from_number(number: u16) -> Option<Self> {
        TABLE.iter().find(|row| row.1 == number).map(|row| Self(row.1))
    }

    /// Its three-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().0
    }

    /// Its ISO 4217 number.
    #[must_use]
    pub fn number(self) -> u16 {
        self.0
    }

    /// How many decimals its minor unit has.
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.row().2
    }

    /// `minor` units written with the currency's decimals: `-1234` of a two-decimal
    /// currency is `-12.34`.
    #[must_use]
    pub fn format(self, minor: Minor) -> String {
        let sign = if minor < 0 { "-" } else { "" };
        let digits = minor.unsigned_abs();
        match self.decimals() {
            0 => format!("{sign}{digits}"),
            decimals => {
                let unit = 10_u64.pow(decimals);
                let width = decimals as usize;
                format!("{sign}{}.{:0width$}", digits / unit, digits % unit)
            }
        }
    }

    #[expect(
        clippy::expect_used,
        reason = "every constructor goes through the table, and so do the constants"
    )]
    fn row(self) -> (&'static str, u16, u32) {
        TABLE.iter().find(|row| row.1 == self.0).copied().expect("a currency is in the table")
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found_by_code_and_by_number() {
        for (code, number, decimals) in TABLE {
            let currency = Currency::from_code(code).unwrap();
            assert_eq!(Currency::from_number(*number), Some(currency));
            assert_eq!((currency.code(), currency.decimals()), (*code, *decimals));
        }
    }

    #[test]
    fn every_constant_is_in_the_table() {
        let constants = [Currency::BRL, Currency::EUR, Currency::GBP, Currency::JPY, Currency::USD];
        assert_eq!(constants.map(Currency::code), ["BRL", "EUR", "GBP", "JPY", "USD"]);
    }

    #[test]
    fn minor_units_are_written_with_the_currency_s_decimals() {
        assert_eq!(Currency::BRL.format(5), "0.05");
        assert_eq!(Currency::BRL.format(-123_456), "-1234.56");
        assert_eq!(Currency::JPY.format(500), "500");
        assert_eq!(Currency::USD.format(Minor::MIN), "-92233720368547758.08");
    }
}
