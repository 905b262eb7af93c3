//! Allocation: dividing an amount among parties so that nobody loses a cent.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Minor, Rate};

/// What a party asks of an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// Exactly so many minor units.
    Fixed(Minor),
    /// A share of the whole amount.
    Percent(Rate),
    /// Whatever the others leave; at most one party asks this.
    Remainder,
}

/// Why an amount cannot be allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AllocationError {
    /// Fixed and percent parts together ask more than the amount.
    MoreThanTheWhole,
    /// Two parties ask for the remainder.
    SecondRemainder,
}

/// Allocates `total` by largest remainder.
///
/// Percent parts are of `total`. Each first gets the whole units of its exact share;
/// the units left over go one by one to the parts with the largest fractions, ties to
/// the earlier part. The result has one amount per ask, in order, and what no ask
/// claims (see the second value). Their sum is `total`.
///
/// # Errors
/// Asks beyond the whole, or a second remainder.
pub fn largest_remainder(total: Minor, asks: &[Ask]) -> Result<(Vec<Minor>, Minor), AllocationError> {
    debug_assert!(total >= 0, "only money that is there is allocated");
    if asks.iter().filter(|ask| matches!(ask, Ask::Remainder)).count() > 1 {
        return Err(AllocationError::SecondRemainder);
    }
    let exact = exact_shares(total, asks)?;
    let mut shares: Vec<Minor> = exact.iter().map(|share| whole_units(*share)).collect();

    let mut by_fraction: Vec<usize> = (0..exact.len()).collect();
    by_fraction.sort_by_key(|index| {
        let fraction = exact.get(*index).map_or(Decimal::ZERO, Decimal::fract);
        (std::cmp::Reverse(fraction), *index)
    });
    let mut left = total - shares.iter().sum::<Minor>();
    for index in by_fraction {
        if left == 0 {
            break;
        }
        if let Some(share) = shares.get_mut(index) {
            *share += 1;
            left -= 1;
        }
    }
    assert_eq!(left, 0, "fractions of n shares leave fewer than n units");

    let unclaimed = shares.pop().unwrap_or(total);
    if let Some(remainder) = asks.iter().position(|ask| matches!(ask, Ask::Remainder)) {
        if let Some(share) = shares.get_mut(remainder) {
            *share += unclaimed;
        }
        return Ok((shares, 0));
    }
    Ok((shares, unclaimed))
}

/// The exact share of each ask, and last the exact share that no ask claims.
fn exact_shares(total: Minor, asks: &[Ask]) -> Result<Vec<Decimal>, AllocationError> {
    let total = Decimal::from(total);
    let mut unclaimed = total;
    let mut exact = Vec::with_capacity(asks.len() + 1);
    for ask in asks {
        let share = match ask {
            Ask::Fixed(amount) => Decimal::from(*amount),
            Ask::Percent(rate) => total * rate.share(),
            Ask::Remainder => Decimal::ZERO,
        };
        unclaimed -= share;
        exact.push(share);
    }
    if unclaimed < Decimal::ZERO {
        return Err(AllocationError::MoreThanTheWhole);
    }
    exact.push(unclaimed);
    Ok(exact)
}

fn whole_units(share: Decimal) -> Minor {
    share.trunc().to_i64().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percent(points: u32) -> Ask {
        Ask::Percent(Rate::from_basis_points(points).unwrap())
    }

    #[test]
    fn a_cent_divided_among_three_goes_to_the_first() {
        let third = Ask::Percent(Rate::new(Decimal::new(33_333_333, 8)).unwrap());
        let (shares, unclaimed) = largest_remainder(1, &[third, third, third]).unwrap();
        assert_eq!((shares, unclaimed), (vec![1, 0, 0], 0));
    }

    #[test]
    fn the_unit_left_over_goes_to_the_largest_fraction() {
        // 101 at 50/30/20 is 50.5, 30.3, 20.2: the odd cent is the first party's.
        let (shares, _) = largest_remainder(101, &[percent(5_000), percent(3_000), percent(2_000)]).unwrap();
        assert_eq!(shares, vec![51, 30, 20]);
    }

    #[test]
    fn what_nobody_asks_for_is_unclaimed_or_the_remainder() {
        assert_eq!(largest_remainder(100, &[Ask::Fixed(30)]).unwrap(), (vec![30], 70));
        assert_eq!(
            largest_remainder(100, &[Ask::Fixed(30), Ask::Remainder, percent(1_000)]).unwrap(),
            (vec![30, 60, 10], 0)
        );
    }

    #[test]
    fn asks_beyond_the_whole_are_refused() {
        assert_eq!(
            largest_remainder(100, &[Ask::Fixed(60), percent(4_001)]),
            Err(AllocationError::MoreThanTheWhole)
        );
        assert_eq!(
            largest_remainder(100, &[Ask::Remainder, Ask::Remainder]),
            Err(AllocationError::SecondRemainder)
        );
    }
}
