//! Apportionment: exact shares of a whole become whole minor units.
//!
//! An exact share is a count of `of`ths of a minor unit. It is cut down to whole units;
//! shares that come to whole units together leave fewer units than there are fractions,
//! and the functions differ in who gets those.

use std::cmp::Reverse;

use super::Minor;
use super::round::half_even;

/// Hundred-millionths in a minor unit. Counted in these, any rate of an amount is exact.
pub const FINE: i128 = 100_000_000;

/// The whole units of a share that is not negative.
#[must_use]
pub fn cut_down(exact: i128, of: i128) -> Minor {
    // A share is at most the amount that it is of, which is a `Minor`.
    Minor::try_from(exact / of).unwrap_or(Minor::MAX)
}

/// A share that is not negative, to the nearest unit; the odd half to the even neighbour.
#[must_use]
pub fn to_half_even(exact: i128, of: i128) -> Minor {
    // As above: rounding up ends at the amount itself.
    Minor::try_from(half_even(exact, of)).unwrap_or(Minor::MAX)
}

/// Cuts every share down and gives the units left, one each, to the largest fractions;
/// ties to the earlier share. `exact` comes to whole units.
#[must_use]
pub fn by_largest_remainder(exact: &[i128], of: i128) -> Vec<Minor> {
    let mut order = fractions(exact, of);
    order.sort_by_key(|(fraction, index)| (Reverse(*fraction), *index));
    give(exact, of, &order)
}

/// Cuts every share down and gives the units left, one each, to the shares that have a
/// fraction, in their order. `exact` comes to whole units.
#[must_use]
pub fn in_order(exact: &[i128], of: i128) -> Vec<Minor> {
    give(exact, of, &fractions(exact, of))
}

/// The shares that are not whole, each with its fraction, in order.
fn fractions(exact: &[i128], of: i128) -> Vec<(i128, usize)> {
    let all = exact.iter().enumerate().map(|(index, share)| (share % of, index));
    all.filter(|(fraction, _)| *fraction > 0).collect()
}

fn give(exact: &[i128], of: i128, order: &[(i128, usize)]) -> Vec<Minor> {
    let mut shares: Vec<Minor> = exact.iter().map(|share| cut_down(*share, of)).collect();
    let fractions: i128 = order.iter().map(|(fraction, _)| fraction).sum();
    debug_assert!(fractions % of == 0, "the shares come to whole units");
    let left = usize::try_from(fractions / of).unwrap_or(0);
    for (_, index) in order.iter().take(left) {
        if let Some(share) = shares.get_mut(*index) {
            *share += 1;
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_odd_unit_goes_to_the_largest_fraction_or_to_the_first() {
        // 1.01 at 20/30/50 %: 20.2, 30.3, 50.5 cents. One cent is left.
        let exact = [202, 303, 505];
        assert_eq!(by_largest_remainder(&exact, 10), [20, 30, 51]);
        assert_eq!(in_order(&exact, 10), [21, 30, 50]);
    }

    #[test]
    fn a_whole_share_gets_no_odd_unit() {
        // 2 units, and twice a half: the odd unit passes the first by.
        assert_eq!(in_order(&[20, 5, 5], 10), [2, 1, 0]);
        assert_eq!(by_largest_remainder(&[20, 5, 5], 10), [2, 1, 0]);
        assert_eq!(in_order(&[], 10), [0; 0]);
    }

    #[test]
    fn halves_go_to_the_even_neighbour() {
        assert_eq!([5, 15, 25, 26].map(|exact| to_half_even(exact, 10)), [0, 2, 2, 3]);
        assert_eq!([5, 15, 25, 26].map(|exact| cut_down(exact, 10)), [0, 1, 2, 2]);
    }
}
