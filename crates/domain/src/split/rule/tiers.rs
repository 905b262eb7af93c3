//! Tiers: a share that changes its rate as the total grows.

use crate::money::apportion::FINE;
use crate::money::{Minor, Rate};

/// How tiers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tiering {
    /// Each tier's rate is of what lies in it, and the fixed amounts of all tiers reached
    /// are added: 10 % of the first 50.00, then 5 % of the rest. Connect's fee schedules
    /// call this graduated.
    Marginal,
    /// The one tier in which the total lies gives the rate of the whole and the fixed
    /// amount: 10 % up to 50.00, 5 % of totals above. Connect's fee schedules call this
    /// volume. The share may fall where a tier begins.
    Whole,
}

/// One tier. It begins above the end of the tier before, the first above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tier {
    /// The last total that lies in it; absent in the last tier.
    pub up_to: Option<Minor>,
    /// The share of what it is of.
    pub rate: Rate,
    /// Minor units added where it is reached.
    pub fixed: Minor,
}

impl Tier {
    fn holds(&self, total: Minor) -> bool {
        self.up_to.is_none_or(|end| total <= end)
    }
}

/// The exact share of `total`, in hundred-millionths of a minor unit.
pub(super) fn tiered(tiering: Tiering, tiers: &[Tier], total: Minor) -> i128 {
    let of = |tier: &Tier, amount: Minor| {
        let rate = i128::from(tier.rate.hundred_millionths());
        i128::from(tier.fixed) * FINE + i128::from(amount) * rate
    };
    match tiering {
        Tiering::Whole => tiers.iter().find(|tier| tier.holds(total)).map_or(0, |tier| of(tier, total)),
        Tiering::Marginal => {
            let reached = ends(tiers).zip(tiers).take_while(|((below, _), _)| *below < total);
            reached.map(|((below, end), tier)| of(tier, total.min(end) - below)).sum()
        }
    }
}

/// For each tier the end of the tier before, and its own.
pub(super) fn ends(tiers: &[Tier]) -> impl Iterator<Item = (Minor, Minor)> {
    let mut below = 0;
    tiers.iter().map(move |tier| {
        let end = tier.up_to.unwrap_or(Minor::MAX);
        (std::mem::replace(&mut below, end), end)
    })
}

/// Whether the tiers rise and the last alone is open.
pub(super) fn rise(tiers: &[Tier]) -> bool {
    let open = tiers.iter().position(|tier| tier.up_to.is_none());
    open.is_some_and(|open| open + 1 == tiers.len()) && ends(tiers).all(|(below, end)| below < end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(up_to: Option<Minor>, points: u32, fixed: Minor) -> Tier {
        Tier { up_to, rate: Rate::from_basis_points(points).unwrap(), fixed }
    }

    /// The share in whole cents, which it must be.
    fn cents(tiering: Tiering, tiers: &[Tier], total: Minor) -> i128 {
        let exact = tiered(tiering, tiers, total);
        assert_eq!(exact % FINE, 0);
        exact / FINE
    }

    #[test]
    fn marginal_tiers_are_each_of_what_lies_in_them() {
        let tiers = [tier(Some(5_000), 1_000, 0), tier(None, 500, 0)];
        // 120.00: 10 % of 50.00 is 5.00, 5 % of the other 70.00 is 3.50.
        assert_eq!(cents(Tiering::Marginal, &tiers, 12_000), 850);
        // At the end of the first tier, and 20 cents above it.
        assert_eq!(cents(Tiering::Marginal, &tiers, 5_000), 500);
        assert_eq!(cents(Tiering::Marginal, &tiers, 5_020), 501);
    }

    #[test]
    fn the_whole_total_is_of_the_tier_that_it_lies_in() {
        let tiers = [tier(Some(5_000), 1_000, 0), tier(None, 500, 0)];
        // 50.00 at 10 % is 5.00; 120.00 at 5 % is 6.00; 50.20 at 5 % is 2.51, less than 5.00.
        assert_eq!(cents(Tiering::Whole, &tiers, 5_000), 500);
        assert_eq!(cents(Tiering::Whole, &tiers, 12_000), 600);
        assert_eq!(cents(Tiering::Whole, &tiers, 5_020), 251);
    }

    #[test]
    fn fixed_amounts_are_added_where_a_tier_is_reached() {
        let tiers = [tier(Some(1_000), 0, 30), tier(Some(2_000), 100, 20), tier(None, 0, 5)];
        // 10.00: 0.30. 11.00: 0.30 + 0.20 + 1 % of 1.00. 30.00: 0.30 + 0.20 + 0.10 + 0.05.
        assert_eq!(cents(Tiering::Marginal, &tiers, 1_000), 30);
        assert_eq!(cents(Tiering::Marginal, &tiers, 1_100), 51);
        assert_eq!(cents(Tiering::Marginal, &tiers, 3_000), 65);
        // By the whole: 11.00 at 1 % and 0.20; 30.00 only 0.05.
        assert_eq!(cents(Tiering::Whole, &tiers, 1_100), 31);
        assert_eq!(cents(Tiering::Whole, &tiers, 3_000), 5);
    }

    #[test]
    fn tiers_that_do_not_rise_are_told() {
        let (low, high, open) = (tier(Some(10), 0, 0), tier(Some(20), 0, 0), tier(None, 0, 0));
        assert!(rise(&[low, high, open]) && rise(&[open]));
        for wrong in [&[][..], &[low], &[high, low, open], &[low, low, open], &[open, open], &[open, low]] {
            assert!(!rise(wrong), "{wrong:?}");
        }
        assert!(!rise(&[tier(Some(0), 0, 0), open]));
    }
}
