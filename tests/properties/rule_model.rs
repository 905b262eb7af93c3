//! A naive model of split rules: ten-thousandths of a cent over the sum of the weights,
//! and the cents handed out one by one.

use counterfoil_domain::AccountId;
use counterfoil_domain::money::{Minor, Rate};
use counterfoil_domain::split::Commission;
use counterfoil_domain::split::rule::{Absorber, Rounding, RulePart, ShareOf, SplitRule, Tier, Tiering};

/// What a part of the model asks; rates are basis points.
#[derive(Clone, Debug)]
pub(crate) enum Asked {
    Cents(Minor),
    Points(u32),
    Tiers { whole: bool, ends: Vec<Minor>, each: Vec<(u32, Minor)> },
    Weight(u32),
    Rest,
}

#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) asked: Asked,
    pub(crate) least: Option<Minor>,
    pub(crate) most: Option<Minor>,
    pub(crate) kept: Minor,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) parts: Vec<Part>,
    pub(crate) rounding: Rounding,
}

/// Exact shares: numerators over one denominator, the platform's apart.
struct Exact {
    parts: Vec<i128>,
    platform: i128,
    of: i128,
}

impl Part {
    /// What it asks of the total alone, in ten-thousandths of a cent.
    fn claim(&self, total: Minor) -> Option<i128> {
        let claim = match &self.asked {
            Asked::Cents(cents) => cents * 10_000,
            Asked::Points(points) => total * Minor::from(*points),
            Asked::Tiers { whole, ends, each } => {
                let mut begins = vec![0];
                begins.extend(ends);
                let mut sum = 0;
                for (at, (points, fixed)) in each.iter().enumerate() {
                    let end = ends.get(at).copied().unwrap_or(Minor::MAX);
                    let inside = if *whole {
                        if begins[at] < total && total <= end { total } else { 0 }
                    } else {
                        total.clamp(begins[at], end) - begins[at]
                    };
                    if inside > 0 {
                        sum += inside * Minor::from(*points) + fixed * 10_000;
                    }
                }
                sum
            }
            Asked::Weight(_) | Asked::Rest => return None,
        };
        Some(self.bounded(i128::from(claim), 10_000))
    }

    fn bounded(&self, share: i128, of: i128) -> i128 {
        let least = self.least.map(|least| i128::from(least) * of);
        let most = self.most.map(|most| i128::from(most) * of);
        share.max(least.unwrap_or(share)).min(most.unwrap_or(i128::MAX))
    }

    /// The least with which it can be made.
    fn lowest(&self) -> Minor {
        self.least.unwrap_or(0).max(self.kept)
    }

    fn is_rounded(&self) -> bool {
        !matches!(self.asked, Asked::Cents(_))
    }
}

impl Model {
    pub(crate) fn rule(&self) -> SplitRule {
        let points = |points: &u32| Rate::from_basis_points(*points).unwrap();
        let share = |asked: &Asked| match asked {
            Asked::Cents(cents) => ShareOf::Fixed(*cents),
            Asked::Points(rate) => ShareOf::Percent(points(rate)),
            Asked::Tiers { whole, ends, each } => {
                let ends = ends.iter().copied().map(Some).chain([None]);
                let tiers = ends.zip(each).map(|(up_to, (rate, fixed))| Tier {
                    up_to,
                    rate: points(rate),
                    fixed: *fixed,
                });
                let tiering = if *whole { Tiering::Whole } else { Tiering::Marginal };
                ShareOf::Tiered { tiering, tiers: tiers.collect() }
            }
            Asked::Weight(weight) => ShareOf::Weight(*weight),
            Asked::Rest => ShareOf::Remainder,
        };
        let parts = self.parts.iter().zip(1..).map(|(part, account)| RulePart {
            least: part.least,
            most: part.most,
            commission: Commission::Amount(part.kept),
            ..RulePart::new(AccountId(account), share(&part.asked))
        });
        SplitRule { parts: parts.collect(), rounding: self.rounding }
    }

    fn exact(&self, total: Minor) -> Exact {
        let weight = |part: &Part| match part.asked {
            Asked::Weight(weight) => i128::from(weight),
            Asked::Rest => 1,
            Asked::Cents(_) | Asked::Points(_) | Asked::Tiers { .. } => 0,
        };
        let weights = self.parts.iter().map(weight).sum::<i128>().max(1);
        let claims: i128 = self.parts.iter().filter_map(|part| part.claim(total)).sum();
        let rest = (i128::from(total) * 10_000 - claims).max(0);
        let of = 10_000 * weights;
        let share = |part: &Part| match part.claim(total) {
            Some(claim) => claim * weights,
            None => part.bounded(rest * weight(part), of),
        };
        let parts: Vec<i128> = self.parts.iter().map(share).collect();
        let platform = i128::from(total) * of - parts.iter().sum::<i128>();
        Exact { parts, platform, of }
    }

    /// The place of the part that absorbs differences, if one does.
    fn absorber(&self) -> Option<usize> {
        match self.rounding {
            Rounding::LargestRemainder | Rounding::Ordered => None,
            Rounding::Down(Absorber::Part(place)) | Rounding::HalfEven(Absorber::Part(place)) => {
                Some(usize::from(place))
            }
            Rounding::Down(Absorber::Rest) | Rounding::HalfEven(Absorber::Rest) => self.rest(),
        }
    }

    fn rest(&self) -> Option<usize> {
        self.parts.iter().position(|part| matches!(part.asked, Asked::Rest))
    }

    /// Whether a total fits by the words of the decision: the exact shares fit, each covers
    /// what is kept of it, and half a cent for each that may be rounded up is there.
    pub(crate) fn fits(&self, total: Minor) -> bool {
        let Exact { parts, platform, of } = self.exact(total);
        let covered = self.parts.iter().zip(&parts).all(|(part, share)| *share >= i128::from(part.kept) * of);
        if !covered || platform < 0 {
            return false;
        }
        let Rounding::HalfEven(absorber) = self.rounding else {
            return true;
        };
        let place = self.absorber();
        let rounded =
            self.parts.iter().enumerate().filter(|(at, part)| Some(*at) != place && part.is_rounded());
        let margin = i128::try_from(rounded.count()).unwrap() * of / 2;
        match place {
            None => platform >= margin,
            Some(at) => {
                let spare = if absorber == Absorber::Rest { platform } else { 0 };
                parts[at] + spare - margin >= i128::from(self.parts[at].lowest()) * of
            }
        }
    }

    /// The grosses; none where a part or the platform comes out below what it must have.
    pub(crate) fn divide(&self, total: Minor) -> Option<Vec<Minor>> {
        let exact = self.exact(total);
        if exact.platform < 0 {
            return None;
        }
        let grosses = match self.rounding {
            Rounding::LargestRemainder | Rounding::Ordered => self.handed_out(&exact, total),
            Rounding::Down(_) => self.absorbed(&exact, total, |share| share / exact.of),
            Rounding::HalfEven(_) => self.absorbed(&exact, total, |share| nearest_even(share, exact.of)),
        };
        let low = self.parts.iter().zip(&grosses).any(|(part, gross)| *gross < part.lowest());
        (!low && grosses.iter().sum::<Minor>() <= total).then_some(grosses)
    }

    /// One cent after the other: to the largest fraction that has none yet, or to the
    /// first; the remainder after the other parts, the platform last.
    fn handed_out(&self, exact: &Exact, total: Minor) -> Vec<Minor> {
        let rest = self.rest();
        let mut order: Vec<usize> = (0..self.parts.len()).filter(|at| Some(*at) != rest).collect();
        order.extend(rest);
        order.push(self.parts.len());
        let mut shares = exact.parts.clone();
        shares.push(exact.platform);
        let mut whole: Vec<i128> = shares.iter().map(|share| share / exact.of).collect();
        while whole.iter().sum::<i128>() < i128::from(total) {
            let mut best: Option<(usize, i128)> = None;
            for at in &order {
                let lacks = shares[*at] - whole[*at] * exact.of;
                let better = match best {
                    None => true,
                    Some((_, most)) => self.rounding == Rounding::LargestRemainder && lacks > most,
                };
                if lacks > 0 && better {
                    best = Some((*at, lacks));
                }
            }
            whole[best.unwrap().0] += 1;
        }
        whole.pop();
        whole.into_iter().map(|share| Minor::try_from(share).unwrap()).collect()
    }

    fn absorbed(&self, exact: &Exact, total: Minor, round: impl Fn(i128) -> i128) -> Vec<Minor> {
        let mut whole: Vec<Minor> =
            exact.parts.iter().map(|share| Minor::try_from(round(*share)).unwrap()).collect();
        let Some(place) = self.absorber() else {
            return whole;
        };
        whole[place] = 0;
        let mut left = total - whole.iter().sum::<Minor>();
        if matches!(self.rounding, Rounding::Down(Absorber::Part(_)) | Rounding::HalfEven(Absorber::Part(_)))
        {
            left -= Minor::try_from(exact.platform / exact.of).unwrap();
        }
        whole[place] = left.min(self.parts[place].most.unwrap_or(Minor::MAX));
        whole
    }
}

/// The nearest unit, halves to the even one, by looking at both neighbours.
fn nearest_even(share: i128, of: i128) -> i128 {
    let below = share / of;
    let (to_below, to_above) = (share - below * of, (below + 1) * of - share);
    let up = to_above < to_below || (to_above == to_below && below % 2 == 1);
    below + i128::from(up)
}
