//! Samples of split rules and of splits by them.

use counterfoil_domain::money::{Currency, Rate};
use counterfoil_domain::split::rule::{
    Absorber, Awaited, Condition, Fact, Liability, Rounding, RulePart, ShareOf, Shortfall, SplitRule,
    SplitRuleState, SplitRuleVersionState, Tier, Tiering,
};
use counterfoil_domain::split::{Commission, Piece, Share, SharedPart, Source, SplitState};
use counterfoil_domain::{AccountId, ChargeId, SplitRuleId, SplitRuleVersionId, TransferId};

use super::samples::{BAKERY, FLORIST, instant};

/// A rule with two versions.
pub(super) fn rule() -> SplitRuleState {
    let versions = vec![SplitRuleVersionId::new(999_996, 1), SplitRuleVersionId::new(999_997, 1)];
    SplitRuleState { currency: Currency::BRL, floor: 7_500, versions }
}

/// A version with a part of each kind but weights, which stand beside no remainder.
pub(super) fn rule_version() -> SplitRuleVersionState {
    let rate = |points| Rate::from_basis_points(points).unwrap();
    let tier = |up_to, points, fixed| Tier { up_to, rate: rate(points), fixed };
    let tiers = vec![tier(Some(5_000), 1_000, 30), tier(None, 500, 0)];
    let part = |account, share| RulePart::new(AccountId(account), share);
    let fact = |name| Condition::Fact(Fact::new(name).unwrap());
    let parts = vec![
        RulePart {
            least: Some(500),
            most: Some(90_000),
            commission: Commission::Rate(rate(1_000)),
            condition: Condition::AllOf(vec![
                Condition::At(instant()),
                Condition::AllOf(vec![fact(Fact::DELIVERY_CONFIRMED), Condition::AllOf(Vec::new())]),
            ]),
            liability: Liability {
                refund: rate(5_000),
                dispute: rate(2_500),
                dispute_fee: rate(10_000),
                shortfall: Shortfall::PlatformBears,
            },
            ..part(BAKERY.0, ShareOf::Percent(rate(3_000)))
        },
        RulePart { commission: Commission::Amount(90), ..part(FLORIST.0, ShareOf::Fixed(3_000)) },
        part(3, ShareOf::Tiered { tiering: Tiering::Marginal, tiers: tiers.clone() }),
        part(4, ShareOf::Tiered { tiering: Tiering::Whole, tiers }),
        RulePart { condition: fact("inspected"), ..part(5, ShareOf::Remainder) },
    ];
    let rule = SplitRule { parts, rounding: Rounding::HalfEven(Absorber::Part(4)) };
    SplitRuleVersionState {
        of: SplitRuleId::new(999_996, 0),
        number: 2,
        currency: Currency::BRL,
        rule: rule.check().unwrap(),
    }
}

/// A part that moved, one that waits, and one of which something stayed.
pub(super) fn split_by_rule() -> SplitState {
    let charge = ChargeId::new(999_998, 0);
    let rate = |points| Rate::from_basis_points(points).unwrap();
    let part = |account, awaits, kept, transfer| SharedPart {
        share: Share { account, gross: 10_000, commission: 1_000 },
        liability: Liability { refund: rate(5_000), ..Liability::default() },
        awaits,
        pieces: vec![Piece { charge, amount: 9_000, kept, transfer }],
    };
    let facts = [Fact::DELIVERY_CONFIRMED, "inspected"].map(|name| Fact::new(name).unwrap());
    let awaited = Awaited { until: Some(instant()), facts: facts.into() };
    SplitState {
        rule: SplitRuleId::new(999_996, 0),
        version: 2,
        currency: Currency::BRL,
        total: 30_000,
        charges: vec![Source { charge, shared: 30_000, refunded: 700 }],
        parts: vec![
            part(BAKERY, None, 0, Some(TransferId::new(999_998, 1))),
            part(FLORIST, Some(awaited), 0, None),
            part(AccountId(3), None, 600, Some(TransferId::new(999_999, 1))),
        ],
        transfer_group: Some("order-17".into()),
    }
}
