//! Dividing a total by a rule.

use super::exact::Exact;
use super::{Absorber, CheckedRule, Rounding, SplitRule, SplitRuleRefusal};
use crate::charge::LARGEST_AMOUNT;
use crate::money::Minor;
use crate::money::apportion::{by_largest_remainder, cut_down, in_order, to_half_even};
use crate::split::Share;

impl CheckedRule {
    /// The shares of `total` minor units, one for each part in the rule's order.
    ///
    /// The grosses come to `total` at most, and what they leave stays with the platform.
    /// With a remainder that has no upper bound they come to exactly `total`. A gross may
    /// be 0, where a part's tier or weight gives it less than a unit. The same rule and
    /// total always give the same shares.
    ///
    /// # Errors
    /// A total below the rule's floor or above the largest charge.
    pub fn divide(&self, total: Minor) -> Result<Vec<Share>, SplitRuleRefusal> {
        let (floor, largest) = (self.floor(), LARGEST_AMOUNT);
        if total < floor {
            return Err(SplitRuleRefusal::BelowFloor { total, floor });
        }
        if total > largest {
            return Err(SplitRuleRefusal::TotalTooLarge { total, largest });
        }
        let rule = self.rule();
        let exact = Exact::of(rule, total);
        let grosses = match rule.rounding {
            Rounding::LargestRemainder => apportioned(rule, &exact, by_largest_remainder),
            Rounding::Ordered => apportioned(rule, &exact, in_order),
            Rounding::Down(absorber) => absorbed(rule, &exact, total, absorber, cut_down),
            Rounding::HalfEven(absorber) => absorbed(rule, &exact, total, absorber, to_half_even),
        };
        assert!(
            grosses.iter().sum::<Minor>() <= total && grosses.iter().all(|gross| *gross >= 0),
            "the shares of a total from the floor on were shown to fit"
        );
        let shares = rule.parts.iter().zip(grosses).map(|(part, gross)| Share {
            account: part.account,
            gross,
            commission: part.commission.of(gross),
        });
        Ok(shares.collect())
    }
}

/// All parts and the platform at once: the remainder after the other parts, the platform
/// last.
fn apportioned(
    rule: &SplitRule,
    exact: &Exact,
    apportion: impl FnOnce(&[i128], i128) -> Vec<Minor>,
) -> Vec<Minor> {
    let mut asked = exact.parts.clone();
    let remainder = rule.remainder();
    if let Some(place) = remainder {
        let share = asked.remove(place);
        asked.push(share);
    }
    asked.push(exact.unclaimed);
    let mut shares = apportion(&asked, exact.of);
    // The platform's share is what the others leave.
    shares.pop();
    if let Some(place) = remainder
        && let Some(share) = shares.pop()
    {
        shares.insert(place, share);
    }
    shares
}

/// Each part by itself, then the absorber takes the difference.
fn absorbed(
    rule: &SplitRule,
    exact: &Exact,
    total: Minor,
    absorber: Absorber,
    round: impl Fn(i128, i128) -> Minor,
) -> Vec<Minor> {
    let mut shares: Vec<Minor> = exact.parts.iter().map(|share| round(*share, exact.of)).collect();
    let Some(place) = rule.absorber() else {
        return shares;
    };
    let all: Minor = shares.iter().sum();
    let kept = match absorber {
        Absorber::Part(_) => cut_down(exact.unclaimed, exact.of),
        Absorber::Rest => 0,
    };
    let most = rule.parts.get(place).and_then(|part| part.most).unwrap_or(Minor::MAX);
    if let Some(share) = shares.get_mut(place) {
        let others = all - *share;
        *share = most.min(total - others - kept);
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::super::cast::{least, most, part, percent, rule, tier, tiered};
    use super::super::{RulePart, ShareOf, Tiering};
    use super::*;
    use crate::id::AccountId;
    use crate::money::Rate;
    use crate::split::Commission;

    const LR: Rounding = Rounding::LargestRemainder;
    const DOWN: Rounding = Rounding::Down(Absorber::Rest);
    const HALF_EVEN: Rounding = Rounding::HalfEven(Absorber::Rest);

    /// The grosses of a total.
    #[track_caller]
    fn grosses(rounding: Rounding, parts: &[RulePart], total: Minor) -> Vec<Minor> {
        let shares = rule(rounding, parts).check().unwrap().divide(total).unwrap();
        shares.iter().map(|share| share.gross).collect()
    }

    fn equal(parts: u32) -> Vec<RulePart> {
        (1..=parts).map(|account| part(account, ShareOf::Weight(1))).collect()
    }

    #[test]
    fn a_total_among_three_equal_parts() {
        // 1.00: 33.3… cents each, one is left. 0.01: a third of a cent each. JPY 100.
        assert_eq!(grosses(LR, &equal(3), 100), [34, 33, 33]);
        assert_eq!(grosses(LR, &equal(3), 1), [1, 0, 0]);
        // Cut down, 100.00 are three times 33.33 and a cent that stays with the platform.
        assert_eq!(grosses(DOWN, &equal(3), 10_000), [3_333, 3_333, 3_333]);
        // Or somebody takes it.
        assert_eq!(grosses(Rounding::Down(Absorber::Part(2)), &equal(3), 10_000), [3_333, 3_333, 3_334]);
    }

    #[test]
    fn weights_divide_what_the_others_leave() {
        // 100.00 less 10.00 fixed and 20 %: 70.00 as 2 to 3 to 2.
        let weights =
            [(3, 2), (4, 3), (5, 2)].map(|(account, weight)| part(account, ShareOf::Weight(weight)));
        let mut parts = vec![part(1, ShareOf::Fixed(1_000)), part(2, percent(20))];
        parts.extend(weights);
        assert_eq!(grosses(LR, &parts, 10_000), [1_000, 2_000, 2_000, 3_000, 2_000]);
    }

    #[test]
    fn fixed_percent_and_remainder_of_99_99() {
        // Exact: 30.00, 59.994 and 9.996. Cut down that leaves a cent, for the larger fraction.
        let parts = [part(1, ShareOf::Fixed(3_000)), part(2, percent(60)), part(3, ShareOf::Remainder)];
        assert_eq!(grosses(LR, &parts, 9_999), [3_000, 5_999, 1_000]);
        // In order the 60 % come first.
        assert_eq!(grosses(Rounding::Ordered, &parts, 9_999), [3_000, 6_000, 999]);
        // 59.994 rounds to 59.99, and the remainder has the rest.
        assert_eq!(grosses(HALF_EVEN, &parts, 9_999), [3_000, 5_999, 1_000]);
        assert_eq!(grosses(DOWN, &parts, 9_999), [3_000, 5_999, 1_000]);
        // The 60 % absorb: the remainder is cut down to 9.99.
        assert_eq!(grosses(Rounding::Down(Absorber::Part(1)), &parts, 9_999), [3_000, 6_000, 999]);
    }

    #[test]
    fn who_gets_the_odd_cents_of_1_01() {
        // 50 %, 30 %, 20 % of 101 cents: 50.5, 30.3, 20.2. One is left.
        let parts = [part(3, percent(20)), part(2, percent(30)), part(1, percent(50))];
        assert_eq!(grosses(LR, &parts, 101), [20, 30, 51]);
        assert_eq!(grosses(Rounding::Ordered, &parts, 101), [21, 30, 50]);
        assert_eq!(grosses(Rounding::Down(Absorber::Part(1)), &parts, 101), [20, 31, 50]);
        // Half-even: 20, 30 and 50.5 to 50; the absorber takes the cent.
        assert_eq!(grosses(Rounding::HalfEven(Absorber::Part(0)), &parts, 101), [21, 30, 50]);
    }

    #[test]
    fn who_absorbs_has_the_platform_s_fraction_and_pays_for_what_is_rounded_up() {
        // 10 % of 15 cents are 1.5, and the platform's 13.5 are cut down to 13.
        assert_eq!(grosses(Rounding::Down(Absorber::Part(0)), &[part(1, percent(10))], 15), [2]);
        // 10 %, 10 %, 80 % of 15 cents: 1.5, 1.5 and 12. Half-even 2 and 2; the third has 11.
        let parts = [part(1, percent(10)), part(2, percent(10)), part(3, percent(80))];
        assert_eq!(grosses(Rounding::HalfEven(Absorber::Part(2)), &parts, 15), [2, 2, 11]);
    }

    #[test]
    fn fractions_that_stay_with_the_platform_compete_last() {
        // 25 %, 25 % and the platform's 50 % of 3 cents: 0.75, 0.75 and 1.5. Two are left.
        let parts = [part(1, percent(25)), part(2, percent(25))];
        assert_eq!(grosses(LR, &parts, 3), [1, 1]);
        // Of 2 cents: 0.5, 0.5 and 1. The halves tie, and one is left.
        assert_eq!(grosses(LR, &parts, 2), [1, 0]);
        // 50 % of 1 cent ties with the platform's 50 %; 10 % lose to its 90 %.
        assert_eq!(grosses(LR, &[part(1, percent(50))], 1), [1]);
        assert_eq!(grosses(LR, &[part(1, percent(10))], 1), [0]);
        assert_eq!(grosses(Rounding::Ordered, &[part(1, percent(10))], 1), [1]);
        assert_eq!(grosses(HALF_EVEN, &[part(1, percent(10))], 1), [0]);
    }

    #[test]
    fn the_finest_rate_of_the_largest_total_is_exact() {
        // A hundred-millionth of 10,000,000,000.00 is 100.00; of a cent less it is
        // 99.9999999999, cut down to 99.99, and has the larger fraction.
        let finest = ShareOf::Percent(Rate::new(rust_decimal::Decimal::new(1, 8)).unwrap());
        let parts = [part(1, finest)];
        assert_eq!(grosses(LR, &parts, LARGEST_AMOUNT), [10_000]);
        assert_eq!(grosses(LR, &parts, LARGEST_AMOUNT - 1), [10_000]);
        assert_eq!(grosses(DOWN, &parts, LARGEST_AMOUNT - 1), [9_999]);
    }

    #[test]
    fn tiers_bounds_and_what_they_leave() {
        // 120.00, 10 % to 50.00 and 5 % above: 5.00 + 3.50. With 8.00 at most, 112.00 remain.
        let tiers = tiered(Tiering::Marginal, &[tier(Some(5_000), 10, 0), tier(None, 5, 0)]);
        let rest = part(2, ShareOf::Remainder);
        assert_eq!(grosses(LR, &[part(1, tiers.clone()), rest.clone()], 12_000), [850, 11_150]);
        assert_eq!(grosses(LR, &[most(800, part(1, tiers.clone())), rest.clone()], 12_000), [800, 11_200]);
        // Of 4.00 the tiers give 0.40; with 1.00 at least, 3.00 remain.
        assert_eq!(grosses(LR, &[least(100, part(1, tiers)), rest], 400), [100, 300]);
    }

    #[test]
    fn a_full_remainder_leaves_the_rest_to_the_platform() {
        // 70 % and at most 20.00 of the rest: 100.00 leaves 10.00 to the platform.
        let parts = |most_of_it| [part(1, percent(70)), most(most_of_it, part(2, ShareOf::Remainder))];
        for rounding in [LR, Rounding::Ordered, DOWN, HALF_EVEN] {
            assert_eq!(grosses(rounding, &parts(2_000), 10_000), [7_000, 2_000]);
        }
        // 70 % of 1.03 are 72.1 cents, and 30.9 remain. Rounding never fills above 30.
        assert_eq!(grosses(HALF_EVEN, &parts(30), 103), [72, 30]);
        assert_eq!(grosses(LR, &parts(30), 103), [72, 30]);
    }

    #[test]
    fn the_platform_keeps_its_commission_of_each_gross() {
        // 50.00 and 50.00: 10 % of the first is 5.00; 0.30 of the second. 45.00 and 49.70 move.
        let rate = Rate::from_basis_points(1_000).unwrap();
        let mut parts = equal(2);
        parts[0].commission = Commission::Rate(rate);
        parts[1].commission = Commission::Amount(30);
        let shares = rule(LR, &parts).check().unwrap().divide(10_000).unwrap();
        let moves: Vec<_> =
            shares.iter().map(|share| (share.account, share.commission, share.net())).collect();
        assert_eq!(moves, [(AccountId(1), 500, 4_500), (AccountId(2), 30, 4_970)]);
    }

    #[test]
    fn totals_below_the_floor_and_above_the_largest_are_refused() {
        // 30.00 and 60 %: 40 % of a total covers 30.00 from 75.00 on.
        let parts = [part(1, ShareOf::Fixed(3_000)), part(2, percent(60))];
        let rule = rule(LR, &parts).check().unwrap();
        assert_eq!(rule.divide(7_499), Err(SplitRuleRefusal::BelowFloor { total: 7_499, floor: 7_500 }));
        assert!(rule.divide(7_500).is_ok() && rule.divide(LARGEST_AMOUNT).is_ok());
        let (total, largest) = (LARGEST_AMOUNT + 1, LARGEST_AMOUNT);
        assert_eq!(rule.divide(total), Err(SplitRuleRefusal::TotalTooLarge { total, largest }));
        assert!(rule.divide(Minor::MIN).is_err() && rule.divide(Minor::MAX).is_err());
    }
}
