//! Exact shares: what each part asks of a total, in fractions of a minor unit.
//!
//! Whole numbers throughout. A rate is a count of hundred-millionths, so what fixed,
//! percent and tiered parts ask is a count of hundred-millionths of a unit; what weights
//! divide is a count of those over the sum of the weights. With every bound of a checked
//! rule reached this stays below 10^32, and an `i128` holds 10^38.

use super::tiers::tiered;
use super::{Absorber, Rounding, RulePart, ShareOf, SplitRule};
use crate::money::Minor;
use crate::money::apportion::FINE;

/// The exact shares of a total.
pub(super) struct Exact {
    /// What each part asks, in `of`ths of a minor unit, after its bounds.
    pub(super) parts: Vec<i128>,
    /// What they leave; below zero where they ask for more than the total.
    pub(super) unclaimed: i128,
    /// How many make a minor unit.
    pub(super) of: i128,
}

impl Exact {
    pub(super) fn of(rule: &SplitRule, total: Minor) -> Self {
        let claims: Vec<Option<i128>> = rule.parts.iter().map(|part| claim(part, total)).collect();
        let rest = i128::from(total) * FINE - claims.iter().flatten().sum::<i128>();
        let weights: i128 = rule.parts.iter().map(weight).sum();
        // Where nothing shares the rest, any number serves to count it.
        let weights = weights.max(1);
        let of = FINE * weights;

        let share = |(part, claim): (&RulePart, &Option<i128>)| match claim {
            Some(claim) => claim * weights,
            None => bounded(part, rest.max(0) * weight(part), of),
        };
        let parts: Vec<i128> = rule.parts.iter().zip(&claims).map(share).collect();
        let unclaimed = i128::from(total) * of - parts.iter().sum::<i128>();
        Self { parts, unclaimed, of }
    }

    fn part(&self, place: usize) -> i128 {
        self.parts.get(place).copied().unwrap_or(0)
    }
}

/// Whether the shares of a total fit, before rounding and after.
///
/// The exact shares come to no more than the total; each part covers what the platform
/// keeps of it as an amount; and where shares may be rounded up, the one who absorbs the
/// difference has half a unit for each of them to lose, whether or not all are rounded up
/// at this total. Without that margin fitting would come and go from cent to cent.
pub(super) fn fits(rule: &SplitRule, total: Minor) -> bool {
    let exact = Exact::of(rule, total);
    let covers = |(part, share): (&RulePart, &i128)| *share >= i128::from(part.kept_amount()) * exact.of;
    exact.unclaimed >= 0 && rule.parts.iter().zip(&exact.parts).all(covers) && can_absorb(rule, &exact)
}

fn can_absorb(rule: &SplitRule, exact: &Exact) -> bool {
    let Rounding::HalfEven(absorber) = rule.rounding else {
        return true;
    };
    let place = rule.absorber();
    let rounded = rule.parts.iter().enumerate();
    let rounded = rounded.filter(|(at, part)| Some(*at) != place && !matches!(part.share, ShareOf::Fixed(_)));
    let halves = i128::try_from(rounded.count()).unwrap_or(i128::MAX);
    let lowest = place.and_then(|place| rule.parts.get(place)).map_or(0, RulePart::lowest);
    let has = match (absorber, place) {
        (Absorber::Part(_), Some(place)) => exact.part(place),
        // A remainder that is full has what it leaves to the platform as well.
        (Absorber::Rest, Some(place)) => exact.part(place) + exact.unclaimed,
        (_, None) => exact.unclaimed,
    };
    2 * has >= (2 * i128::from(lowest) + halves) * exact.of
}

/// What a part asks that depends on the total alone, in hundred-millionths of a unit.
fn claim(part: &RulePart, total: Minor) -> Option<i128> {
    unbounded_claim(part, total).map(|claim| bounded(part, claim, FINE))
}

/// The same before its bounds.
pub(super) fn unbounded_claim(part: &RulePart, total: Minor) -> Option<i128> {
    match &part.share {
        ShareOf::Fixed(amount) => Some(i128::from(*amount) * FINE),
        ShareOf::Percent(rate) => Some(i128::from(total) * i128::from(rate.hundred_millionths())),
        ShareOf::Tiered { tiering, tiers } => Some(tiered(*tiering, tiers, total)),
        ShareOf::Weight(_) | ShareOf::Remainder => None,
    }
}

fn weight(part: &RulePart) -> i128 {
    match &part.share {
        ShareOf::Weight(weight) => i128::from(*weight),
        // It never stands beside weights.
        ShareOf::Remainder => 1,
        ShareOf::Fixed(_) | ShareOf::Percent(_) | ShareOf::Tiered { .. } => 0,
    }
}

fn bounded(part: &RulePart, share: i128, of: i128) -> i128 {
    let share = part.least.map_or(share, |least| share.max(i128::from(least) * of));
    part.most.map_or(share, |most| share.min(i128::from(most) * of))
}

#[cfg(test)]
mod tests {
    use super::super::cast::{least, most, part, percent, rule, tier, tiered};
    use super::super::{LARGEST_WEIGHT, MOST_TIERS, Tiering};
    use super::*;
    use crate::charge::LARGEST_AMOUNT;

    #[test]
    fn exact_shares_are_bounded_and_come_to_the_total() {
        // 1.01: 25 % are 25.25 cents, at most 25. Two thirds and one third of the other 76.
        let parts = [
            most(25, part(1, percent(25))),
            part(2, ShareOf::Weight(2)),
            least(26, part(3, ShareOf::Weight(1))),
        ];
        let exact = Exact::of(&rule(Rounding::Ordered, &parts), 101);
        assert_eq!(exact.of, 3 * FINE);
        assert_eq!(exact.parts, [75 * FINE, 152 * FINE, 78 * FINE]);
        // A third of 76 is 25.33 cents; the third part's least takes 0.67 that are not there.
        assert_eq!(exact.unclaimed, -2 * FINE);
        assert!(!fits(&rule(Rounding::Ordered, &parts), 101));
    }

    #[test]
    fn the_largest_amounts_of_the_most_parts_are_counted() {
        let mut tiers: Vec<_> = (1..16).map(|end| tier(Some(end), 100, LARGEST_AMOUNT)).collect();
        tiers.push(tier(None, 100, LARGEST_AMOUNT));
        assert_eq!(tiers.len(), MOST_TIERS);
        let mut parts: Vec<RulePart> =
            (1..=25).map(|account| part(account, tiered(Tiering::Marginal, &tiers))).collect();
        parts.extend(
            (26..=200).map(|account| least(LARGEST_AMOUNT, part(account, ShareOf::Weight(LARGEST_WEIGHT)))),
        );
        let exact = Exact::of(&rule(Rounding::HalfEven(Absorber::Rest), &parts), LARGEST_AMOUNT);
        // In largest amounts: 25 parts of 16 fixed and one by rate, 175 of one; one is there.
        let of_largest = exact.of * i128::from(LARGEST_AMOUNT);
        assert_eq!(exact.unclaimed, (1 - 25 * 17 - 175) * of_largest);
        assert!(!fits(&rule(Rounding::HalfEven(Absorber::Rest), &parts), LARGEST_AMOUNT));
    }
}
