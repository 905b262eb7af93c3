//! Rounding: the two places where a share of an amount becomes whole minor units.

use super::{Minor, Rate};

/// `amount × rate`, rounded half-even: the odd half goes to the even neighbour.
///
/// `amount` is not negative, so the result lies between 0 and `amount`.
#[must_use]
pub fn rate_half_even(amount: Minor, rate: Rate) -> Minor {
    debug_assert!(amount >= 0, "rates are taken of amounts that are not negative");
    let (part, of) = rate.parts();
    proportion_half_even(amount, part, of)
}

/// `whole × part / of`, rounded half-even.
///
/// With a growing `part` this gives the running total that refunds and reversals are
/// measured against: at `part == of` it is exactly `whole`, so that a return in any
/// number of pieces is exact. `0 <= part <= of`, `of > 0`, `whole >= 0`.
/// Rounding is undocumented at Connect; this is our rule (docs/decisions/rounding.md).
#[must_use]
pub fn proportion_half_even(whole: Minor, part: Minor, of: Minor) -> Minor {
    debug_assert!(whole >= 0 && 0 <= part && part <= of && of > 0, "a part of a whole");
    let product = i128::from(whole) * i128::from(part);
    // At most `whole`, because part <= of.
    Minor::try_from(half_even(product, i128::from(of))).unwrap_or(whole)
}

/// `exact / of`, rounded half-even. `exact >= 0`, `of > 0`, and twice `of` fits.
#[inline]
pub(super) fn half_even(exact: i128, of: i128) -> i128 {
    let quotient = exact / of;
    // A second division would take as long as the first.
    let twice_rest = (exact - quotient * of) * 2;
    let round_up = twice_rest > of || (twice_rest == of && quotient % 2 == 1);
    quotient + i128::from(round_up)
}

#[cfg(test)]
mod tests {
    use rust_decimal::{Decimal, RoundingStrategy};

    use super::*;

    #[test]
    fn the_odd_half_goes_to_the_even_neighbour() {
        let ten_percent = Rate::from_basis_points(1_000).unwrap();
        assert_eq!(rate_half_even(25, ten_percent), 2);
        assert_eq!(rate_half_even(35, ten_percent), 4);
        assert_eq!(rate_half_even(45, ten_percent), 4);
        assert_eq!(proportion_half_even(5, 1, 2), 2);
        assert_eq!(proportion_half_even(7, 1, 2), 4);
    }

    #[test]
    fn a_share_is_what_the_decimal_rounds_to() {
        for amount in [0, 1, 5, 25, 99, 12_345, 999_999_999_999, Minor::MAX] {
            for share in ["0", "1", "0.5", "0.1", "0.0399", "0.029", "0.99999999", "0.00000001", "0.125"] {
                let share: Decimal = share.parse().unwrap();
                let exact = Decimal::from(amount) * share;
                let rounded = exact.round_dp_with_strategy(0, RoundingStrategy::MidpointNearestEven);
                assert_eq!(
                    Decimal::from(rate_half_even(amount, Rate::new(share).unwrap())),
                    rounded,
                    "{share}"
                );
            }
        }
    }

    #[test]
    fn the_whole_part_is_the_whole() {
        for whole in [0, 1, 99, 10_001, Minor::MAX] {
            assert_eq!(proportion_half_even(whole, 7, 7), whole);
        }
        assert_eq!(rate_half_even(Minor::MAX, Rate::from_basis_points(10_000).unwrap()), Minor::MAX);
    }
}
