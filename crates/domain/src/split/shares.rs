//! Shares: what each seller sold, what the platform keeps, and what moves.

use super::SplitRefusal;
use crate::charge::LARGEST_AMOUNT;
use crate::id::AccountId;
use crate::money::allocate::{AllocationError, largest_remainder};
use crate::money::round::rate_half_even;
use crate::money::{Currency, Minor, Money, Rate};

pub use crate::money::allocate::Ask;

/// One seller's part of a split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Part {
    /// The seller.
    pub account: AccountId,
    /// What it sold: an amount, or a share of what is left of the charges.
    pub gross: Ask,
    /// What the platform keeps of that.
    pub commission: Commission,
}

/// What the platform keeps of a seller's gross.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Commission {
    /// Nothing.
    None,
    /// So many minor units.
    Amount(Minor),
    /// A share, rounded half-even once.
    Rate(Rate),
}

impl Commission {
    /// Its amount, of that gross.
    pub(super) fn of(self, gross: Minor) -> Minor {
        match self {
            Self::None => 0,
            Self::Amount(amount) => amount,
            Self::Rate(rate) => rate_half_even(gross, rate),
        }
    }
}

/// One seller's share, in whole minor units. `net = gross − commission` moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// The seller.
    pub account: AccountId,
    /// What it sold; statement and tax report show it.
    pub gross: Minor,
    /// What the platform kept of it.
    pub commission: Minor,
}

impl Share {
    /// What moves to the seller.
    #[must_use]
    pub fn net(&self) -> Minor {
        self.gross - self.commission
    }
}

/// The shares of `parts` in the `left` that the charges have, in the parts' order.
///
/// Where every gross is a fixed amount only the nets are bounded (by the caller): a
/// seller's gross may exceed what a payer paid, since the commission stays behind.
pub(super) fn shares(currency: Currency, left: Minor, parts: &[Part]) -> Result<Vec<Share>, SplitRefusal> {
    let asks: Vec<Ask> = parts.iter().map(|part| part.gross).collect();
    let fixed: Option<Vec<Minor>> = asks.iter().map(fixed).collect();
    let grosses = match fixed {
        Some(grosses) => grosses,
        None => {
            let negative = parts.iter().find(|part| fixed_below_zero(part.gross));
            if let Some(Part { account, gross: Ask::Fixed(gross), .. }) = negative {
                return Err(SplitRefusal::GrossNotPositive { account: *account, gross: *gross });
            }
            largest_remainder(left, &asks)
                .map_err(|error| match error {
                    AllocationError::SecondRemainder => SplitRefusal::SecondRemainder,
                    AllocationError::MoreThanTheWhole => {
                        SplitRefusal::PartsExceedCharges { left: Money::new(currency, left) }
                    }
                })?
                .0
        }
    };
    parts.iter().zip(grosses).map(|(part, gross)| share(part, gross)).collect()
}

fn fixed(ask: &Ask) -> Option<Minor> {
    match ask {
        Ask::Fixed(amount) => Some(*amount),
        Ask::Percent(_) | Ask::Remainder => None,
    }
}

fn fixed_below_zero(ask: Ask) -> bool {
    fixed(&ask).is_some_and(|amount| amount < 0)
}

fn share(part: &Part, gross: Minor) -> Result<Share, SplitRefusal> {
    let account = part.account;
    if !(1..=LARGEST_AMOUNT).contains(&gross) {
        return Err(SplitRefusal::GrossNotPositive { account, gross });
    }
    let commission = part.commission.of(gross);
    if !(0..=gross).contains(&commission) {
        return Err(SplitRefusal::Commission { account, commission, gross });
    }
    Ok(Share { account, gross, commission })
}
