//! A rate: a share of an amount, exact in decimal.

use std::fmt;

use rust_decimal::Decimal;

use super::Minor;

/// A share of an amount, from 0 to 1 inclusive, with at most eight decimals.
///
/// Eight decimals times any amount in minor units stay within the 28 digits that a
/// [`Decimal`] holds exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(Decimal);

/// Why a number is not a rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RateError {
    /// It is below 0 or above 1.
    OutOfRange,
    /// It has more than eight decimals.
    TooPrecise,
}

impl Rate {
    /// No share at all.
    pub const ZERO: Self = Self(Decimal::ZERO);
    /// The whole.
    pub const ONE: Self = Self(Decimal::ONE);

    /// The rate `share`, where 1 is the whole.
    ///
    /// # Errors
    /// A share below 0, above 1 or with more than eight decimals.
    pub fn new(share: Decimal) -> Result<Self, RateError> {
        let share = share.normalize();
        if share < Decimal::ZERO || share > Decimal::ONE {
            return Err(RateError::OutOfRange);
        }
        if share.scale() > 8 {
            return Err(RateError::TooPrecise);
        }
        Ok(Self(share))
    }

    /// The rate of `points` hundredths of a percent.
    ///
    /// # Errors
    /// More than 10,000 points.
    pub fn from_basis_points(points: u32) -> Result<Self, RateError> {
        Self::new(Decimal::new(i64::from(points), 4))
    }

    /// The rate as a decimal, where 1 is the whole.
    #[must_use]
    pub fn share(self) -> Decimal {
        self.0
    }

    /// The rate in hundred-millionths of the whole, exact: the finest that a rate can say.
    #[must_use]
    pub fn hundred_millionths(self) -> Minor {
        let (part, of) = self.parts();
        part * (100_000_000 / of)
    }

    /// The rate as so many parts of so many: a power of ten.
    pub(super) fn parts(self) -> (Minor, Minor) {
        // It lies between 0 and 1 and has at most eight decimals.
        let of = 10_i64.pow(self.0.scale());
        (Minor::try_from(self.0.mantissa()).unwrap_or(of), of)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", (self.0 * Decimal::ONE_HUNDRED).normalize())
    }
}

impl fmt::Display for RateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutOfRange => "a rate lies between 0 and 1; write 2.9 % as 0.029",
            Self::TooPrecise => "a rate has at most eight decimals; round it first",
        })
    }
}

impl std::error::Error for RateError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_share_of_the_whole() {
        assert!(Rate::from_basis_points(10_000).is_ok());
        assert_eq!(Rate::from_basis_points(10_001), Err(RateError::OutOfRange));
        assert_eq!(Rate::new(Decimal::new(-1, 2)), Err(RateError::OutOfRange));
        assert_eq!(Rate::new(Decimal::new(1, 9)), Err(RateError::TooPrecise));
        assert_eq!(Rate::new(Decimal::new(290, 4)).unwrap().to_string(), "2.9 %");
        assert_eq!(Rate::new(Decimal::new(29, 3)).unwrap().hundred_millionths(), 2_900_000);
        assert_eq!(Rate::new(Decimal::new(1, 8)).unwrap().hundred_millionths(), 1);
        assert_eq!(Rate::ONE.hundred_millionths(), 100_000_000);
    }
}
