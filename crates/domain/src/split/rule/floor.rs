//! The floor: the least total from which on the shares of a rule always fit.
//!
//! Totals are cut into stretches where a tier begins and where a part comes to its upper
//! bound. Along a stretch no part that depends on the total alone asks for less as the
//! total grows, and none grows more slowly than before. So what they leave may rise and
//! then fall, but never falls and then rises: where the last total of a stretch fits, only
//! a first piece of it can fail, and bisection finds where that ends. The same holds of
//! parts that share what is left, and of an absorber: the more is left, the more they have.
//! Stretches are looked at from the top.

use std::collections::BTreeSet;

use super::exact::{fits, unbounded_claim};
use super::tiers::ends;
use super::{RulePart, ShareOf, SplitRule};
use crate::charge::LARGEST_AMOUNT;
use crate::money::Minor;
use crate::money::apportion::FINE;

/// The least total from which on shares fit up to the largest; none where they do not
/// even fit that.
pub(super) fn floor(rule: &SplitRule) -> Option<Minor> {
    let mut end = LARGEST_AMOUNT;
    if !fits(rule, end) {
        return None;
    }
    for start in starts(rule).into_iter().rev() {
        if !fits(rule, end) {
            return Some(end + 1);
        }
        if !fits(rule, start) {
            return Some(first(start, end, |total| fits(rule, total)));
        }
        end = start - 1;
    }
    Some(1)
}

/// The first total of every stretch.
fn starts(rule: &SplitRule) -> BTreeSet<Minor> {
    let mut starts = BTreeSet::from([1]);
    for part in &rule.parts {
        for (start, end) in pieces(part) {
            starts.insert(start);
            let full = |total| {
                part.most
                    .zip(unbounded_claim(part, total))
                    .is_some_and(|(most, claim)| claim >= i128::from(most) * FINE)
            };
            if !full(start) && full(end) {
                starts.insert(first(start, end, full));
            }
        }
    }
    starts
}

/// The pieces on which what a part asks, before its bounds, is a straight line that does
/// not fall. What shares the rest has none: it follows from what is left.
fn pieces(part: &RulePart) -> Vec<(Minor, Minor)> {
    match &part.share {
        ShareOf::Percent(_) => vec![(1, LARGEST_AMOUNT)],
        ShareOf::Tiered { tiers, .. } => {
            let pieces = ends(tiers).map(|(below, end)| (below + 1, end.min(LARGEST_AMOUNT)));
            pieces.filter(|(start, end)| start <= end).collect()
        }
        ShareOf::Fixed(_) | ShareOf::Weight(_) | ShareOf::Remainder => Vec::new(),
    }
}

/// The first total after `fails` at which `holds` is true; it is at `end`, and once true
/// stays so.
fn first(fails: Minor, end: Minor, holds: impl Fn(Minor) -> bool) -> Minor {
    let (mut fails, mut end) = (fails, end);
    while end - fails > 1 {
        let middle = fails + (end - fails) / 2;
        if holds(middle) {
            end = middle;
        } else {
            fails = middle;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::super::cast::{least, most, part, percent, rule, tier, tiered};
    use super::super::{Absorber, Rounding, Tiering};
    use super::*;
    use crate::split::Commission;

    const LR: Rounding = Rounding::LargestRemainder;

    fn floor_of(rounding: Rounding, parts: &[RulePart]) -> Option<Minor> {
        floor(&rule(rounding, parts))
    }

    #[test]
    fn fixed_amounts_need_what_percents_leave() {
        // 30.00 and 60 %: 40 % of 75.00 are 30.00.
        let fixed = part(1, ShareOf::Fixed(3_000));
        assert_eq!(floor_of(LR, &[fixed.clone(), part(2, percent(60))]), Some(7_500));
        // 0.30 and 97 %: 3 % of 10.00 are 0.30.
        assert_eq!(floor_of(LR, &[part(1, ShareOf::Fixed(30)), part(2, percent(97))]), Some(1_000));
        // A remainder needs nothing, one of at least 5.00 needs it.
        let rest = part(2, ShareOf::Remainder);
        assert_eq!(floor_of(LR, &[fixed.clone(), rest.clone()]), Some(3_000));
        assert_eq!(floor_of(LR, &[fixed, least(500, rest)]), Some(3_500));
        assert_eq!(floor_of(LR, &[part(1, percent(100))]), Some(1));
    }

    #[test]
    fn a_bound_matters_where_it_binds() {
        // 10 %, at least 1.00, beside 80 %: below 10.00 the bound binds, and 20 % of the
        // total must cover it: from 5.00 on.
        let parts = [least(100, part(1, percent(10))), part(2, percent(80))];
        assert_eq!(floor_of(LR, &parts), Some(500));
        // 60 % each, at most 10.00 each: both are full from 16.67 on, and fit from 20.00 on.
        let parts = [most(1_000, part(1, percent(60))), most(1_000, part(2, percent(60)))];
        assert_eq!(floor_of(LR, &parts), Some(2_000));
    }

    #[test]
    fn a_tier_may_open_a_gap() {
        // Half up to 100.00; above, 40 % and 20.00; beside half of everything. To 100.00 it
        // fits. Above, 10 % of the total must cover 20.00: from 200.00 on.
        let tiers = [tier(Some(10_000), 50, 0), tier(None, 40, 2_000)];
        let parts = [part(1, tiered(Tiering::Whole, &tiers)), part(2, percent(50))];
        assert!(fits(&rule(LR, &parts), 10_000) && !fits(&rule(LR, &parts), 10_001));
        assert_eq!(floor_of(LR, &parts), Some(20_000));
    }

    #[test]
    fn a_floor_may_be_the_first_total_of_a_tier() {
        // 60 % up to 100.00 and 40 % above, beside 50 %.
        let tiers = [tier(Some(10_000), 60, 0), tier(None, 40, 0)];
        let parts = [part(1, tiered(Tiering::Whole, &tiers)), part(2, percent(50))];
        assert_eq!(floor_of(LR, &parts), Some(10_001));
    }

    #[test]
    fn parts_may_ask_for_too_much_until_they_are_full() {
        // 85 %, at most 20.00; 10 % to 10.00 and 90 % above, at most 15.00. At 10.00 they
        // ask for 9.50, at 11.00 for 9.35 and 1.90. Both are full from 25.56 on, and 35.00
        // carry them.
        let tiers = [tier(Some(1_000), 10, 0), tier(None, 90, 0)];
        let parts =
            [most(2_000, part(1, percent(85))), most(1_500, part(2, tiered(Tiering::Marginal, &tiers)))];
        assert!(fits(&rule(LR, &parts), 1_001) && !fits(&rule(LR, &parts), 1_100));
        assert_eq!(floor_of(LR, &parts), Some(3_500));
    }

    #[test]
    fn what_cannot_fit_a_large_total_has_no_floor() {
        // 60 % to 100.00 and 70 % of what is above, beside 40 %: it fits small totals alone.
        let tiers = [tier(Some(10_000), 60, 0), tier(None, 70, 0)];
        let parts = [part(1, tiered(Tiering::Marginal, &tiers)), part(2, percent(40))];
        assert!(fits(&rule(LR, &parts), 10_000));
        assert_eq!(floor_of(LR, &parts), None);
        assert_eq!(floor_of(LR, &[part(1, ShareOf::Fixed(1)), part(2, percent(100))]), None);
    }

    #[test]
    fn a_part_covers_what_the_platform_keeps_of_it() {
        // 10 % cover 0.30 from 3.00 on.
        let commission = Commission::Amount(30);
        assert_eq!(floor_of(LR, &[RulePart { commission, ..part(1, percent(10)) }]), Some(300));
    }

    #[test]
    fn half_even_needs_half_a_cent_for_each_that_it_may_round_up() {
        let half_even = Rounding::HalfEven(Absorber::Rest);
        // Twice 48.5 %: 3 % of the total must cover one cent: 34 cents.
        let rate = crate::money::Rate::from_basis_points(4_850).unwrap();
        let two = [part(1, ShareOf::Percent(rate)), part(2, ShareOf::Percent(rate))];
        assert_eq!(floor_of(half_even, &two), Some(34));
        assert_eq!(floor_of(LR, &two), Some(1));
        // Twice 50 %: of 3 cents, 1.5 and 1.5 round to 2 and 2. The platform has nothing to
        // lose, so nothing fits; where the first absorbs, it needs half a cent: of 1 it has it.
        let halves = [part(1, percent(50)), part(2, percent(50))];
        assert_eq!(floor_of(half_even, &halves), None);
        assert_eq!(floor_of(Rounding::HalfEven(Absorber::Part(0)), &halves), Some(1));
        // With a remainder of 20 % beside twice 40 %: a cent of 5.
        let two = [part(1, percent(40)), part(2, percent(40)), part(3, ShareOf::Remainder)];
        assert_eq!(floor_of(half_even, &two), Some(5));
        // A remainder of exactly 5.00 has what it leaves to the platform to lose: 20 % of
        // the total are 5.01, for the cent of twice 40 %, from 25.05 on.
        let five = least(500, most(500, part(3, ShareOf::Remainder)));
        assert_eq!(floor_of(half_even, &[part(1, percent(40)), part(2, percent(40)), five]), Some(2_505));
    }
}
