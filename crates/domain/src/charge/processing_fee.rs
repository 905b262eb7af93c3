//! The processor's fee on a charge.

use crate::money::round::rate_half_even;
use crate::money::{Minor, Rate};

/// A processor's fee: a share of the charge and a fixed part, which rounds half-even
/// once (docs/decisions/rounding.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProcessingFee {
    /// The share of the charge.
    pub rate: Rate,
    /// The fixed part, in minor units of the charge's currency.
    pub fixed: Minor,
}

impl ProcessingFee {
    /// No fee.
    pub const NONE: Self = Self { rate: Rate::ZERO, fixed: 0 };

    /// The fee on a charge of `amount`, which is not negative.
    #[must_use]
    pub fn on(self, amount: Minor) -> Minor {
        rate_half_even(amount, self.rate).saturating_add(self.fixed)
    }
}
