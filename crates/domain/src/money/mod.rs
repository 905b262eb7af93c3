//! Money: integer minor units with their currency.
//!
//! Decimals serve for rates only. Money is divided nowhere but in [`round`], [`allocate`]
//! and [`apportion`], whose functions say who gets the odd cent.

mod currency;
mod rate;

pub mod allocate;
pub mod apportion;
pub mod round;

use std::fmt;

pub use currency::Currency;
pub use rate::{Rate, RateError};

/// An amount in the minor units of a currency (cents, centavos; yen have none).
pub type Minor = i64;

/// An amount with its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// The currency whose minor units are counted.
    pub currency: Currency,
    /// How many minor units; never a fraction.
    pub minor: Minor,
}

impl Money {
    /// `minor` units of `currency`.
    #[must_use]
    pub const fn new(currency: Currency, minor: Minor) -> Self {
        Self { currency, minor }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.currency.format(self.minor))
    }
}
