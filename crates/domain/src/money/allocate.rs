//! Allocation: dividing an amount among parties so that nobody loses a cent.

use super::apportion::{FINE, by_largest_remainder};
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
    let mut shares = by_largest_remainder(&exact_shares(total, asks)?, FINE);
    let unclaimed = shares.pop().unwrap_or(total);
    if let Some(remainder) = asks.iter().position(|ask| matches!(ask, Ask::Remainder)) {
        if let Some(share) = shares.get_mut(remainder) {
            *share += unclaimed;
        }
        return Ok((shares, 0));
    }
    Ok((shares, unclaimed))
}

/// The exact share of each ask, and last the exact share that no ask claims, in
/// hundred-millionths of a minor unit.
fn exact_shares(total: Minor, asks: &[Ask]) -> Result<Vec<i128>, AllocationError> {
    let mut unclaimed = i128::from(total) * FINE;
    let mut exact = Vec::with_capacity(asks.len() + 1);
    for ask in asks {
        let share = match ask {
            Ask::Fixed(amount) => i128::from(*amount) * FINE,
            Ask::Percent(rate) => i128::from(total) * i128::from(rate.hundred_millionths()),
            Ask::Remainder => 0,
        };
        unclaimed -= share;
        exact.push(share);
    }
    if unclaimed < 0 {
        return Err(AllocationError::MoreThanTheWhole);
    }
    exact.push(unclaimed);
    Ok(exact)
}

#[cfg(test)]
mod tests {
    use rust_decimal::Decimal;

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
