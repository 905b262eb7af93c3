//! Split rules and their versions, version 1.

use counterfoil_domain::split::Commission;
use counterfoil_domain::split::rule::{
    Absorber, CheckedRule, Liability, Rounding, RulePart, ShareOf, SplitRule, SplitRuleState,
    SplitRuleVersionState, Tier, Tiering,
};
use counterfoil_domain::{AccountId, SplitRuleId, SplitRuleVersionId};
use serde::{Deserialize, Serialize};

use super::condition::{ConditionV1, read_condition, write_condition};
use super::object::ObjectV1;
use super::rate::RateV1;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::{each, list};
use crate::codec::values::currency;

const LARGEST_REMAINDER: u8 = 0;
const ORDERED: u8 = 1;
const DOWN: u8 = 2;
const HALF_EVEN: u8 = 3;

/// A rule: where its versions are.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SplitRuleStateV1 {
    currency: u16,
    floor: i64,
    #[serde(deserialize_with = "list::read")]
    versions: Vec<ObjectV1>,
}

/// A version of a rule, with the floor that was found when it was set.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SplitRuleVersionStateV1<'a> {
    of: ObjectV1,
    number: u16,
    currency: u16,
    floor: i64,
    rounding: u8,
    /// The absorber's place, where it is a part.
    absorber: Option<u16>,
    #[serde(borrow, deserialize_with = "list::read")]
    parts: Vec<RulePartV1<'a>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct RulePartV1<'a> {
    account: u32,
    share: ShareOfV1,
    least: Option<i64>,
    most: Option<i64>,
    commission: CommissionV1,
    #[serde(borrow, deserialize_with = "list::read")]
    condition: Vec<ConditionV1<'a>>,
    liability: LiabilityV1,
}

/// What a part asks. A kind is added at the end.
#[derive(Debug, Serialize, Deserialize)]
enum ShareOfV1 {
    Fixed(i64),
    Percent(RateV1),
    Marginal(#[serde(deserialize_with = "list::read")] Vec<TierV1>),
    Whole(#[serde(deserialize_with = "list::read")] Vec<TierV1>),
    Weight(u32),
    Remainder,
}

#[derive(Debug, Serialize, Deserialize)]
struct TierV1 {
    up_to: Option<i64>,
    rate: RateV1,
    fixed: i64,
}

/// What the platform keeps. A kind is added at the end.
#[derive(Debug, Serialize, Deserialize)]
enum CommissionV1 {
    None,
    Amount(i64),
    Rate(RateV1),
}

/// What a part bears: of refunds, of disputes, of a dispute's fee; and who bears what its seller
/// has not.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct LiabilityV1(RateV1, RateV1, RateV1, u8);

impl From<&SplitRuleState> for SplitRuleStateV1 {
    fn from(rule: &SplitRuleState) -> Self {
        let versions = rule.versions.iter().map(|id| id.0.into()).collect();
        Self { currency: rule.currency.number(), floor: rule.floor, versions }
    }
}

impl TryFrom<SplitRuleStateV1> for SplitRuleState {
    type Error = Fault;

    fn try_from(shape: SplitRuleStateV1) -> Result<Self, Fault> {
        let ids: Vec<_> = each(shape.versions)?;
        let versions = ids.into_iter().map(SplitRuleVersionId).collect();
        Ok(Self { currency: currency(shape.currency)?, floor: shape.floor, versions })
    }
}

impl<'a> From<&'a SplitRuleVersionState> for SplitRuleVersionStateV1<'a> {
    fn from(version: &'a SplitRuleVersionState) -> Self {
        let rule = version.rule.rule();
        let place = |absorber| match absorber {
            Absorber::Rest => None,
            Absorber::Part(place) => Some(place),
        };
        let (rounding, absorber) = match rule.rounding {
            Rounding::LargestRemainder => (LARGEST_REMAINDER, None),
            Rounding::Ordered => (ORDERED, None),
            Rounding::Down(absorber) => (DOWN, place(absorber)),
            Rounding::HalfEven(absorber) => (HALF_EVEN, place(absorber)),
        };
        Self {
            of: version.of.0.into(),
            number: version.number,
            currency: version.currency.number(),
            floor: version.rule.floor(),
            rounding,
            absorber,
            parts: rule.parts.iter().map(RulePartV1::from).collect(),
        }
    }
}

impl TryFrom<SplitRuleVersionStateV1<'_>> for SplitRuleVersionState {
    type Error = Fault;

    fn try_from(shape: SplitRuleVersionStateV1<'_>) -> Result<Self, Fault> {
        let absorber = shape.absorber.map_or(Absorber::Rest, Absorber::Part);
        let rounding = match (shape.rounding, shape.absorber) {
            (LARGEST_REMAINDER, None) => Rounding::LargestRemainder,
            (ORDERED, None) => Rounding::Ordered,
            (DOWN, _) => Rounding::Down(absorber),
            (HALF_EVEN, _) => Rounding::HalfEven(absorber),
            (other, _) => return Err(Fault::Number { what: "rounding", found: other.into() }),
        };
        let rule = SplitRule { parts: each(shape.parts)?, rounding };
        Ok(Self {
            of: SplitRuleId(shape.of.try_into()?),
            number: shape.number,
            currency: currency(shape.currency)?,
            rule: CheckedRule::kept(rule, shape.floor).map_err(Fault::Rule)?,
        })
    }
}

impl<'a> From<&'a RulePart> for RulePartV1<'a> {
    fn from(part: &'a RulePart) -> Self {
        let share = match &part.share {
            ShareOf::Fixed(amount) => ShareOfV1::Fixed(*amount),
            ShareOf::Percent(rate) => ShareOfV1::Percent((*rate).into()),
            ShareOf::Tiered { tiering, tiers } => {
                let tiers = tiers.iter().map(TierV1::from).collect();
                match tiering {
                    Tiering::Marginal => ShareOfV1::Marginal(tiers),
                    Tiering::Whole => ShareOfV1::Whole(tiers),
                }
            }
            ShareOf::Weight(weight) => ShareOfV1::Weight(*weight),
            ShareOf::Remainder => ShareOfV1::Remainder,
        };
        let commission = match part.commission {
            Commission::None => CommissionV1::None,
            Commission::Amount(amount) => CommissionV1::Amount(amount),
            Commission::Rate(rate) => CommissionV1::Rate(rate.into()),
        };
        Self {
            account: part.account.0,
            share,
            least: part.least,
            most: part.most,
            commission,
            condition: write_condition(&part.condition),
            liability: part.liability.into(),
        }
    }
}

impl TryFrom<RulePartV1<'_>> for RulePart {
    type Error = Fault;

    fn try_from(shape: RulePartV1<'_>) -> Result<Self, Fault> {
        let tiered = |tiering, tiers| Ok(ShareOf::Tiered { tiering, tiers: each(tiers)? });
        Ok(Self {
            account: AccountId(shape.account),
            share: match shape.share {
                ShareOfV1::Fixed(amount) => ShareOf::Fixed(amount),
                ShareOfV1::Percent(rate) => ShareOf::Percent(rate.try_into()?),
                ShareOfV1::Marginal(tiers) => tiered(Tiering::Marginal, tiers)?,
                ShareOfV1::Whole(tiers) => tiered(Tiering::Whole, tiers)?,
                ShareOfV1::Weight(weight) => ShareOf::Weight(weight),
                ShareOfV1::Remainder => ShareOf::Remainder,
            },
            least: shape.least,
            most: shape.most,
            commission: match shape.commission {
                CommissionV1::None => Commission::None,
                CommissionV1::Amount(amount) => Commission::Amount(amount),
                CommissionV1::Rate(rate) => Commission::Rate(rate.try_into()?),
            },
            condition: read_condition(shape.condition)?,
            liability: shape.liability.try_into()?,
        })
    }
}

impl From<&Tier> for TierV1 {
    fn from(tier: &Tier) -> Self {
        Self { up_to: tier.up_to, rate: tier.rate.into(), fixed: tier.fixed }
    }
}

impl TryFrom<TierV1> for Tier {
    type Error = Fault;

    fn try_from(shape: TierV1) -> Result<Self, Fault> {
        Ok(Self { up_to: shape.up_to, rate: shape.rate.try_into()?, fixed: shape.fixed })
    }
}

impl From<Liability> for LiabilityV1 {
    fn from(liability: Liability) -> Self {
        let Liability { refund, dispute, dispute_fee, shortfall } = liability;
        Self(refund.into(), dispute.into(), dispute_fee.into(), Numbered::number(shortfall))
    }
}

impl TryFrom<LiabilityV1> for Liability {
    type Error = Fault;

    fn try_from(LiabilityV1(refund, dispute, fee, shortfall): LiabilityV1) -> Result<Self, Fault> {
        Ok(Self {
            refund: refund.try_into()?,
            dispute: dispute.try_into()?,
            dispute_fee: fee.try_into()?,
            shortfall: Numbered::numbered(shortfall)?,
        })
    }
}
