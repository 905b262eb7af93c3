//! Liability: what a part gives back when its charge is refunded or disputed.
//!
//! What a part bears in all is what it received times its rate, rounded half-even once.
//! Of that it has to have given back the proportion in which the total was refunded, a
//! running total rounded half-even (docs/decisions/rounding.md). It never falls as more
//! is refunded, it is never above what the part received, and at a full refund it is
//! exactly what the part bears. Each part's total is rounded by itself, so the steps of
//! all parts may differ from a refund by cents, which the platform carries until the
//! last.

use crate::money::apportion::by_largest_remainder;
use crate::money::round::{proportion_half_even, rate_half_even};
use crate::money::{Minor, Rate};

/// What a part bears, each as a share of its own proportion. The platform bears the rest.
/// By default a part bears its refunds and disputes in full and none of the dispute fee, and
/// owes what its seller does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Liability {
    /// Of refunds.
    pub refund: Rate,
    /// Of money that a dispute took.
    pub dispute: Rate,
    /// Of the fee for a dispute.
    pub dispute_fee: Rate,
    /// Who bears what its seller does not have when it is taken back.
    pub shortfall: Shortfall,
}

/// Who bears what a seller was to give back and does not have (our own rule,
/// docs/decisions/split-rules.md).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shortfall {
    /// The seller, whose available balance falls below zero; what it owes is collected as any debt.
    #[default]
    SellerOwes,
    /// The platform: no more is taken than the sale's pending part and the available balance have.
    PlatformBears,
}

impl Shortfall {
    /// Its name in exports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SellerOwes => "seller_owes",
            Self::PlatformBears => "platform_bears",
        }
    }
}

/// What a part received of a total that was shared, and what it is liable for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Liable {
    /// Its net, in minor units.
    pub received: Minor,
    /// What it bears.
    pub liability: Liability,
}

impl Default for Liability {
    fn default() -> Self {
        let shortfall = Shortfall::SellerOwes;
        Self { refund: Rate::ONE, dispute: Rate::ONE, dispute_fee: Rate::ZERO, shortfall }
    }
}

impl Liable {
    /// What it has to have given back for refunds, once `refunded` of the total `of` went
    /// back to the payer. What is refunded beyond the total is the platform's.
    #[must_use]
    pub fn due_for_refunds(&self, refunded: Minor, of: Minor) -> Minor {
        due(self.received, self.liability.refund, refunded, of)
    }

    /// What it has to have given back for disputes, once they took `disputed` of the
    /// total `of`. What they take beyond the total is the platform's.
    #[must_use]
    pub fn due_for_disputes(&self, disputed: Minor, of: Minor) -> Minor {
        due(self.received, self.liability.dispute, disputed, of)
    }

    /// What its two totals, rounded each by itself, leave of what it received or take beyond it
    /// once refunds and disputes together took all of the total `of`: a cent at most. Nothing of a
    /// part that does not bear both in full, whose odd cents are the platform's.
    #[must_use]
    pub fn cent_of_both(&self, refunded: Minor, disputed: Minor, of: Minor) -> Minor {
        let in_full = self.liability.refund == Rate::ONE && self.liability.dispute == Rate::ONE;
        let gone = refunded.saturating_add(disputed);
        if !in_full || refunded <= 0 || disputed <= 0 || gone < of {
            return 0;
        }
        let both = self.due_for_refunds(refunded, of) + self.due_for_disputes(disputed, of);
        (self.received - both).clamp(if gone == of { -1 } else { 0 }, 1)
    }
}

/// What one refund or dispute takes from a part: what is due after it less what was due
/// before, and never more than is `left` of what the part received. Where refunds and
/// disputes together ask for more than that, the platform bears it.
#[must_use]
pub fn recover(due_before: Minor, due_after: Minor, left: Minor) -> Minor {
    (due_after - due_before).max(0).min(left.max(0))
}

/// What each part bears of a dispute's `fee`: its proportion of the total `of`, times its
/// rate. Divided once, by largest remainder with the platform as the last party, so that
/// the parts never bear more than the fee together.
#[must_use]
pub fn dispute_fees(parts: &[Liable], fee: Minor, of: Minor) -> Vec<Minor> {
    let received: Minor = parts.iter().map(|part| part.received).sum();
    // Nobody's proportion is above the whole, even of a total that is said too small.
    let whole = i128::from(of.max(received).max(1)) * i128::from(Rate::ONE.hundred_millionths());
    let fee = i128::from(fee.max(0));
    let bears = |part: &Liable| {
        fee * i128::from(part.received) * i128::from(part.liability.dispute_fee.hundred_millionths())
    };
    let mut exact: Vec<i128> = parts.iter().map(bears).collect();
    exact.push(fee * whole - exact.iter().sum::<i128>());
    let mut shares = by_largest_remainder(&exact, whole);
    shares.pop();
    shares
}

fn due(received: Minor, rate: Rate, returned: Minor, of: Minor) -> Minor {
    if received <= 0 || returned <= 0 || of <= 0 {
        return 0;
    }
    proportion_half_even(rate_half_even(received, rate), returned.min(of), of)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A part that received so much and bears so many percent of its refunds, all of its
    /// disputes, and so many percent of a dispute's fee.
    fn part(received: Minor, refund: u32, fee: u32) -> Liable {
        let rate = |percent: u32| Rate::from_basis_points(percent * 100).unwrap();
        let liability = Liability { refund: rate(refund), dispute_fee: rate(fee), ..Liability::default() };
        Liable { received, liability }
    }

    /// What each refund in turn takes from each part of a total.
    fn taken(parts: &[Liable], refunds: &[Minor], of: Minor) -> Vec<Vec<Minor>> {
        let (mut refunded, mut left) = (0, parts.iter().map(|part| part.received).collect::<Vec<_>>());
        let mut steps = Vec::new();
        for refund in refunds {
            let (before, after) = (refunded, refunded + refund);
            let step = parts.iter().zip(&mut left).map(|(part, left)| {
                let due = |refunded| part.due_for_refunds(refunded, of);
                let takes = recover(due(before), due(after), *left);
                *left -= takes;
                takes
            });
            steps.push(step.collect());
            refunded = after;
        }
        steps
    }

    #[test]
    fn three_partial_refunds_of_three_parts_return_exactly_what_each_got() {
        // 100.01 as 50.01, 30.00 and 20.00. After 33.33 the exact proportions are
        // 16.6666…, 9.9980… and 6.6653…; after 66.67 they are 33.3383…, 19.9990… and 13.3326….
        // Totals: 16.67, 10.00, 6.67; 33.34, 20.00, 13.33; 50.01, 30.00, 20.00.
        let parts = [5_001, 3_000, 2_000].map(|received| part(received, 100, 0));
        let steps = taken(&parts, &[3_333, 3_334, 3_334], 10_001);
        assert_eq!(steps, [[1_667, 1_000, 667], [1_667, 1_000, 666], [1_667, 1_000, 667]]);
        // The first step recovers 33.34 of 33.33: the platform has a cent more, until the
        // second recovers 33.33 of 33.34.
        let sums: Vec<Minor> = steps.iter().map(|step| step.iter().sum()).collect();
        assert_eq!(sums, [3_334, 3_333, 3_334]);
    }

    #[test]
    fn a_part_that_bears_no_refunds_gives_nothing_back() {
        // 100.00: bakery 60.00 bears its refunds, florist 30.00 does not. Of 10.00 the
        // bakery bears a tenth of its 60.00; the platform its own 1.00 and the florist's 3.00.
        let parts = [part(6_000, 100, 0), part(3_000, 0, 0)];
        assert_eq!(taken(&parts, &[1_000], 10_000), [[600, 0]]);
        // All of it: bakery 60.00.
        assert_eq!(taken(&parts, &[1_000, 9_000], 10_000), [[600, 0], [5_400, 0]]);
    }

    #[test]
    fn a_part_bears_its_rate_of_its_proportion() {
        // 30.01 at 50 % is 15.005, half-even 15.00. A third of the total: 5.00.
        let half = part(3_001, 50, 0);
        assert_eq!(half.due_for_refunds(3_000, 9_000), 500);
        assert_eq!(half.due_for_refunds(9_000, 9_000), 1_500);
    }

    #[test]
    fn a_dispute_takes_no_more_than_refunds_left() {
        // 100.00: bakery 60.00, florist 30.00. 40.00 refunded take 24.00 and 12.00; a
        // dispute of 100.00 then asks for 60.00 and 30.00, and finds 36.00 and 18.00.
        let parts = [part(6_000, 100, 0), part(3_000, 100, 0)];
        let refunded = parts.map(|part| part.due_for_refunds(4_000, 10_000));
        assert_eq!(refunded, [2_400, 1_200]);
        let asked = parts.map(|part| part.due_for_disputes(10_000, 10_000));
        let takes = [0, 1].map(|at| recover(0, asked[at], parts[at].received - refunded[at]));
        assert_eq!((asked, takes), ([6_000, 3_000], [3_600, 1_800]));
    }

    #[test]
    fn what_goes_beyond_the_total_is_the_platform_s() {
        let bakery = part(6_000, 100, 0);
        assert_eq!(bakery.due_for_disputes(20_000, 10_000), 6_000);
        assert_eq!(bakery.due_for_refunds(-1, 10_000), 0);
        assert_eq!(bakery.due_for_refunds(1, 0), 0);
    }

    #[test]
    fn a_dispute_s_fee_is_divided_once() {
        // 15.00 over parts of 1/3, 1/3 and 1/3 that bear it all, of a total of 90.01 of
        // which the platform has a cent: 4.9994… each, and 0.0016… the platform's. Cut
        // down that is 3 times 4.99; the three cents left go to the three fractions of .94.
        let thirds = [part(3_000, 100, 100); 3];
        assert_eq!(dispute_fees(&thirds, 1_500, 9_001), [500, 500, 500]);
        // A part that bears half of its proportion of two thirds: 5.00 of 15.00.
        assert_eq!(dispute_fees(&[part(6_000, 100, 50), part(3_000, 100, 0)], 1_500, 9_000), [500, 0]);
    }
}
