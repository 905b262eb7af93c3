//! Checking a rule before it is accepted.
//!
//! In this order: its size, each part by itself (amounts, weight, tiers, bounds,
//! condition), then the parts together (accounts, remainder, absorber, percents), and at
//! last whether its shares fit, and from which total on.

use super::condition::Awaited;
use super::floor::floor;
use super::tiers::rise;
use super::{
    Absorber, LARGEST_WEIGHT, Liable, MOST_IN_ALL, MOST_TIERS, Rounding, RulePart, ShareOf, SplitRule,
    SplitRuleRefusal,
};
use crate::charge::LARGEST_AMOUNT;
use crate::money::{Minor, Rate};
use crate::split::{MOST_PARTS, Share};

/// A rule that was checked: it shares every total from its floor on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRule {
    rule: SplitRule,
    awaited: Vec<Awaited>,
    floor: Minor,
}

impl SplitRule {
    /// Checks the rule.
    ///
    /// # Errors
    /// The first that is wrong with it, in the order above.
    pub fn check(self) -> Result<CheckedRule, SplitRuleRefusal> {
        let awaited = self.sound()?;
        let floor = floor(&self).ok_or(SplitRuleRefusal::NeverFits { largest: LARGEST_AMOUNT })?;
        Ok(CheckedRule { rule: self, awaited, floor })
    }

    /// Everything but whether the shares fit, which alone takes long; what each part waits for.
    fn sound(&self) -> Result<Vec<Awaited>, SplitRuleRefusal> {
        self.refuse_size()?;
        let mut awaited = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            part.refuse_amounts()?;
            part.refuse_tiers()?;
            part.refuse_bounds()?;
            let condition = part.condition.awaited();
            awaited.push(condition.ok_or(SplitRuleRefusal::Condition { account: part.account })?);
        }
        self.refuse_accounts(&awaited)?;
        self.refuse_remainder()?;
        self.refuse_absorber()?;
        self.refuse_percents()?;
        Ok(awaited)
    }

    fn refuse_size(&self) -> Result<(), SplitRuleRefusal> {
        if self.parts.is_empty() {
            return Err(SplitRuleRefusal::Empty);
        }
        let tiers = self.parts.iter().map(|part| part.tiers().len());
        let conditions = self.parts.iter().map(|part| part.condition.leaves());
        if self.parts.len() > MOST_PARTS
            || tiers.clone().any(|tiers| tiers > MOST_TIERS)
            || tiers.sum::<usize>() > MOST_IN_ALL
            || conditions.sum::<usize>() > MOST_IN_ALL
        {
            return Err(SplitRuleRefusal::TooLarge);
        }
        Ok(())
    }

    fn refuse_accounts(&self, awaited: &[Awaited]) -> Result<(), SplitRuleRefusal> {
        let parts = || self.parts.iter().map(|part| part.account).zip(awaited);
        match parts().enumerate().find(|(at, part)| parts().take(*at).any(|earlier| earlier == *part)) {
            Some((_, (account, _))) => Err(SplitRuleRefusal::AccountTwice { account }),
            None => Ok(()),
        }
    }

    fn refuse_remainder(&self) -> Result<(), SplitRuleRefusal> {
        let remainders = self.parts.iter().filter(|part| part.share == ShareOf::Remainder).count();
        let weighted = self.parts.iter().any(|part| matches!(part.share, ShareOf::Weight(_)));
        if remainders > 1 || (remainders == 1 && weighted) {
            return Err(SplitRuleRefusal::SecondRemainder);
        }
        Ok(())
    }

    fn refuse_absorber(&self) -> Result<(), SplitRuleRefusal> {
        let (Rounding::Down(Absorber::Part(place)) | Rounding::HalfEven(Absorber::Part(place))) =
            self.rounding
        else {
            return Ok(());
        };
        let part = self.parts.get(usize::from(place)).ok_or(SplitRuleRefusal::Absorber)?;
        if matches!(part.share, ShareOf::Fixed(_)) || part.most.is_some() {
            return Err(SplitRuleRefusal::Absorber);
        }
        Ok(())
    }

    fn refuse_percents(&self) -> Result<(), SplitRuleRefusal> {
        let unbounded = self.parts.iter().filter(|part| part.most.is_none());
        let rates = unbounded.map(|part| match &part.share {
            ShareOf::Percent(rate) => rate.hundred_millionths(),
            ShareOf::Fixed(_) | ShareOf::Tiered { .. } | ShareOf::Weight(_) | ShareOf::Remainder => 0,
        });
        if rates.sum::<Minor>() > Rate::ONE.hundred_millionths() {
            return Err(SplitRuleRefusal::Percents);
        }
        Ok(())
    }
}

impl RulePart {
    fn tiers(&self) -> &[super::Tier] {
        match &self.share {
            ShareOf::Tiered { tiers, .. } => tiers,
            ShareOf::Fixed(_) | ShareOf::Percent(_) | ShareOf::Weight(_) | ShareOf::Remainder => &[],
        }
    }

    fn refuse_amounts(&self) -> Result<(), SplitRuleRefusal> {
        let account = self.account;
        let mut amounts = vec![self.kept_amount()];
        match &self.share {
            // A fixed part of nothing is refused like one below zero.
            ShareOf::Fixed(amount) if *amount < 1 => {
                return Err(SplitRuleRefusal::Amount { account, amount: *amount });
            }
            ShareOf::Fixed(amount) => amounts.push(*amount),
            ShareOf::Weight(weight) if !(1..=LARGEST_WEIGHT).contains(weight) => {
                return Err(SplitRuleRefusal::Weight { account, weight: *weight });
            }
            ShareOf::Tiered { tiers, .. } => {
                amounts.extend(tiers.iter().flat_map(|tier| [tier.fixed, tier.up_to.unwrap_or(0)]));
            }
            ShareOf::Percent(_) | ShareOf::Weight(_) | ShareOf::Remainder => {}
        }
        amounts.extend(self.least.into_iter().chain(self.most));
        match amounts.into_iter().find(|amount| !(0..=LARGEST_AMOUNT).contains(amount)) {
            Some(amount) => Err(SplitRuleRefusal::Amount { account, amount }),
            None => Ok(()),
        }
    }

    fn refuse_tiers(&self) -> Result<(), SplitRuleRefusal> {
        let tiered = matches!(self.share, ShareOf::Tiered { .. });
        if tiered && !rise(self.tiers()) {
            return Err(SplitRuleRefusal::Tiers { account: self.account });
        }
        Ok(())
    }

    fn refuse_bounds(&self) -> Result<(), SplitRuleRefusal> {
        let account = self.account;
        let bounded = self.least.is_some() || self.most.is_some();
        if bounded && matches!(self.share, ShareOf::Fixed(_)) {
            return Err(SplitRuleRefusal::FixedWithBounds { account });
        }
        if let (Some(least), Some(most)) = (self.least, self.most)
            && least > most
        {
            return Err(SplitRuleRefusal::Bounds { account, least, most });
        }
        Ok(())
    }
}

impl CheckedRule {
    /// A rule as it was kept, with the floor that [`SplitRule::check`] found: looking for it
    /// again at each split could take milliseconds. Everything else is checked once more.
    ///
    /// # Errors
    /// A rule that could not have been kept, or a floor that no rule has.
    pub fn kept(rule: SplitRule, floor: Minor) -> Result<Self, SplitRuleRefusal> {
        let awaited = rule.sound()?;
        if !(0..=LARGEST_AMOUNT).contains(&floor) {
            return Err(SplitRuleRefusal::NeverFits { largest: LARGEST_AMOUNT });
        }
        Ok(Self { rule, awaited, floor })
    }

    /// The rule as it was given.
    #[must_use]
    pub fn rule(&self) -> &SplitRule {
        &self.rule
    }

    /// The least total that it shares; it shares every one from there on, up to the
    /// largest charge.
    #[must_use]
    pub fn floor(&self) -> Minor {
        self.floor
    }

    /// What each part waits for, in the rule's order.
    #[must_use]
    pub fn awaited(&self) -> &[Awaited] {
        &self.awaited
    }

    /// What each part received of `shares`, which this rule made, and what it is liable
    /// for.
    #[must_use]
    pub fn liable(&self, shares: &[Share]) -> Vec<Liable> {
        let parts = self.rule.parts.iter().zip(shares);
        parts.map(|(part, share)| Liable { received: share.net(), liability: part.liability }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::cast::{least, most, part, percent, rule, tier, tiered};
    use super::super::{Condition, Fact, Tiering};
    use super::*;
    use crate::split::Commission;

    const LR: Rounding = Rounding::LargestRemainder;

    /// The name of the rule that these parts break.
    #[track_caller]
    fn broken(rounding: Rounding, parts: &[RulePart]) -> &'static str {
        rule(rounding, parts).check().unwrap_err().rule()
    }

    #[test]
    fn a_rule_has_a_part_and_is_small() {
        assert_eq!(broken(LR, &[]), "split_rule_needs_a_part");
        let parts = |count: u32| -> Vec<RulePart> {
            (1..=count).map(|account| part(account, ShareOf::Weight(1))).collect()
        };
        assert!(rule(LR, &parts(200)).check().is_ok());
        assert_eq!(broken(LR, &parts(201)), "split_rule_must_be_small");

        let steps = |count: i64| {
            let mut tiers: Vec<_> = (1..count).map(|end| tier(Some(end), 1, 0)).collect();
            tiers.push(tier(None, 1, 0));
            tiered(Tiering::Whole, &tiers)
        };
        assert!(rule(LR, &[part(1, steps(16))]).check().is_ok());
        assert_eq!(broken(LR, &[part(1, steps(17))]), "split_rule_must_be_small");
        let many: Vec<RulePart> = (1..=26).map(|account| part(account, steps(16))).collect();
        assert!(rule(LR, &many[..25]).check().is_ok());
        assert_eq!(broken(LR, &many), "split_rule_must_be_small");
    }

    #[test]
    fn conditions_are_few_and_shallow() {
        let fact = || Condition::Fact(Fact::new(Fact::DELIVERY_CONFIRMED).unwrap());
        let held = |count: u32, condition: Condition| -> Vec<RulePart> {
            let each =
                |account| RulePart { condition: condition.clone(), ..part(account, ShareOf::Weight(1)) };
            (1..=count).map(each).collect()
        };
        // Eight facts in each of fifty parts are 400.
        let eight = Condition::AllOf(vec![fact(); 8]);
        assert!(rule(LR, &held(50, eight.clone())).check().is_ok());
        assert_eq!(broken(LR, &held(51, eight)), "split_rule_must_be_small");
        let deep = (0..4).fold(fact(), |inner, _| Condition::AllOf(vec![inner]));
        for wrong in [Condition::AllOf(vec![fact(); 9]), deep] {
            assert_eq!(broken(LR, &held(1, wrong)), "split_rule_conditions_must_be_shallow");
        }
    }

    #[test]
    fn amounts_lie_between_zero_and_the_largest_charge() {
        let kept = |amount| {
            let commission = Commission::Amount(amount);
            RulePart { commission, ..part(1, ShareOf::Remainder) }
        };
        assert!(rule(LR, &[part(1, ShareOf::Fixed(1))]).check().is_ok());
        for wrong in [
            part(1, ShareOf::Fixed(0)),
            part(1, ShareOf::Fixed(-1)),
            part(1, ShareOf::Fixed(LARGEST_AMOUNT + 1)),
            kept(-1),
            kept(LARGEST_AMOUNT + 1),
            least(-1, part(1, percent(10))),
            most(-1, part(1, percent(10))),
            most(LARGEST_AMOUNT + 1, part(1, percent(10))),
            part(1, tiered(Tiering::Whole, &[tier(None, 10, -1)])),
            part(1, tiered(Tiering::Whole, &[tier(Some(-5), 10, 0), tier(None, 10, 0)])),
        ] {
            assert_eq!(broken(LR, &[wrong]), "split_rule_amounts_must_be_in_range");
        }
        for weight in [0, LARGEST_WEIGHT + 1] {
            assert_eq!(
                broken(LR, &[part(1, ShareOf::Weight(weight))]),
                "split_rule_weights_must_be_in_range"
            );
        }
    }

    #[test]
    fn tiers_rise_and_bounds_fit() {
        let falling = [tier(Some(200), 10, 0), tier(Some(100), 10, 0), tier(None, 10, 0)];
        for tiers in [&falling[..], &falling[..1], &[]] {
            let wrong = part(1, tiered(Tiering::Marginal, tiers));
            assert_eq!(broken(LR, &[wrong]), "split_rule_tiers_must_rise");
        }
        let crossed = most(100, least(101, part(1, percent(10))));
        assert_eq!(broken(LR, &[crossed]), "split_rule_bounds_must_fit");
        assert!(rule(LR, &[most(100, least(100, part(1, percent(10))))]).check().is_ok());
        let fixed = most(100, part(1, ShareOf::Fixed(50)));
        assert_eq!(broken(LR, &[fixed]), "split_rule_fixed_parts_must_be_unbounded");
    }

    #[test]
    fn an_account_has_several_parts_only_where_they_wait_for_different_things() {
        let delivered = || Condition::Fact(Fact::new(Fact::DELIVERY_CONFIRMED).unwrap());
        let half = |condition| RulePart { condition, ..part(1, percent(50)) };
        assert!(rule(LR, &[half(Condition::NONE), half(delivered())]).check().is_ok());
        // Written otherwise, it is still the same.
        let same = half(Condition::AllOf(vec![delivered(), delivered()]));
        assert_eq!(broken(LR, &[half(delivered()), same]), "split_rule_parts_must_differ");
    }

    #[test]
    fn one_part_at_most_takes_what_is_left() {
        let rest = |account| part(account, ShareOf::Remainder);
        assert_eq!(broken(LR, &[rest(1), rest(2)]), "split_rule_must_have_one_remainder");
        let weighted = part(2, ShareOf::Weight(1));
        assert_eq!(broken(LR, &[rest(1), weighted]), "split_rule_must_have_one_remainder");
    }

    #[test]
    fn who_absorbs_odd_cents_can_take_them() {
        let tenth = || part(1, percent(10));
        for absorbed in [Rounding::Down, Rounding::HalfEven] {
            let by = |place| absorbed(Absorber::Part(place));
            assert!(rule(by(0), &[tenth()]).check().is_ok());
            assert_eq!(broken(by(1), &[tenth()]), "split_rule_absorber_must_be_free");
            assert_eq!(broken(by(0), &[most(5, tenth())]), "split_rule_absorber_must_be_free");
            assert_eq!(broken(by(0), &[part(1, ShareOf::Fixed(5))]), "split_rule_absorber_must_be_free");
        }
    }

    #[test]
    fn percents_come_to_the_whole_at_most_unless_they_are_bounded() {
        assert!(rule(LR, &[part(1, percent(60)), part(2, percent(40))]).check().is_ok());
        let beyond = [part(1, percent(60)), part(2, percent(41))];
        assert_eq!(broken(LR, &beyond), "split_rule_percents_must_fit");
        // Each 60 % and 10.00 at most: 20.00 have both.
        let bounded = [most(1_000, part(1, percent(60))), most(1_000, part(2, percent(60)))];
        assert_eq!(rule(LR, &bounded).check().unwrap().floor(), 2_000);
    }
}
