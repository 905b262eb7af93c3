//! Draws split rules that could have been kept.

use counterfoil_domain::money::Rate;
use counterfoil_domain::split::rule::{
    Absorber, Awaited, CheckedRule, Condition, Fact, Liability, Rounding, RulePart, ShareOf, SplitRule,
    SplitRuleState, SplitRuleVersionState, Tier, Tiering,
};
use counterfoil_domain::split::{Commission, Piece, Share, SharedPart, Source, SplitState};
use counterfoil_domain::{AccountId, ChargeId, SplitRuleId, SplitRuleVersionId, TransferId};

use super::draw::Draw;

const LARGEST: u64 = 1_000_000_000_000;

impl Draw {
    pub(super) fn split_rule(&mut self) -> SplitRuleState {
        SplitRuleState {
            currency: self.currency(),
            floor: self.i64(),
            versions: self.list(20, |draw| SplitRuleVersionId(draw.object())),
        }
    }

    pub(super) fn split_rule_version(&mut self) -> SplitRuleVersionState {
        let weighted = self.bool();
        let mut parts: Vec<RulePart> = self.list(5, |draw| draw.rule_part(weighted));
        // The last can absorb: it is neither fixed nor bounded above.
        let share = if weighted { ShareOf::Weight(1_000_000) } else { ShareOf::Remainder };
        parts.push(RulePart { most: None, ..RulePart::new(AccountId(0), share) });
        for (part, number) in parts.iter_mut().zip(self.below(1 << 31) as u32..) {
            part.account = AccountId(number);
        }
        let last = (parts.len() - 1) as u16;
        let absorber = if self.bool() { Absorber::Part(last) } else { Absorber::Rest };
        let rounding = match self.below(4) {
            0 => Rounding::LargestRemainder,
            1 => Rounding::Ordered,
            2 => Rounding::Down(absorber),
            _ => Rounding::HalfEven(absorber),
        };
        let floor = self.below(LARGEST + 1) as i64;
        SplitRuleVersionState {
            of: SplitRuleId(self.object()),
            number: self.u16(),
            currency: self.currency(),
            rule: CheckedRule::kept(SplitRule { parts, rounding }, floor).unwrap(),
        }
    }

    pub(super) fn split_by_rule(&mut self) -> SplitState {
        SplitState {
            rule: SplitRuleId(self.object()),
            version: self.u16(),
            currency: self.currency(),
            total: self.i64(),
            charges: self.list(4, |draw| {
                let shared = draw.below(1 << 63) as i64;
                Source { charge: ChargeId(draw.object()), shared, refunded: draw.below(1 << 63) as i64 }
            }),
            parts: self.list(6, Self::shared_part),
            transfer_group: self.option(Self::text),
        }
    }

    fn shared_part(&mut self) -> SharedPart {
        let pieces: Vec<Piece> = self.list(3, |draw| {
            let amount = draw.below(1 << 63) as i64;
            let kept = draw.below(amount as u64 + 1) as i64;
            let transfer = draw.option(|draw| TransferId(draw.object()));
            Piece { charge: ChargeId(draw.object()), amount, kept, transfer }
        });
        let waits = pieces.iter().any(Piece::waits);
        SharedPart {
            share: Share { account: self.account(), gross: self.i64(), commission: self.i64() },
            liability: self.liability(),
            awaits: waits
                .then(|| Awaited { until: self.option(Self::time), facts: self.list(3, Self::fact) }),
            pieces,
        }
    }

    fn rule_part(&mut self, weighted: bool) -> RulePart {
        let share = match self.below(4) {
            0 => ShareOf::Fixed(1 + self.below(LARGEST) as i64),
            // A bound keeps percent parts from coming to more than the whole.
            1 => ShareOf::Percent(self.rate()),
            2 if weighted => ShareOf::Weight(1 + self.below(1_000_000) as u32),
            _ => self.tiers(),
        };
        let mut part = RulePart::new(AccountId(0), share);
        if !matches!(part.share, ShareOf::Fixed(_)) {
            let least = self.below(LARGEST) as i64;
            part.least = self.option(|_| least);
            part.most = Some(least + self.below(LARGEST - least as u64 + 1) as i64);
        }
        part.commission = match self.below(3) {
            0 => Commission::None,
            1 => Commission::Amount(self.below(LARGEST + 1) as i64),
            _ => Commission::Rate(self.rate()),
        };
        part.condition = self.condition(0);
        part.liability = self.liability();
        part
    }

    fn tiers(&mut self) -> ShareOf {
        let mut end = 0;
        let mut tiers: Vec<Tier> = self.list(4, |draw| {
            end += 1 + draw.below(LARGEST / 8) as i64;
            Tier { up_to: Some(end), rate: draw.rate(), fixed: draw.below(LARGEST + 1) as i64 }
        });
        tiers.push(Tier { up_to: None, rate: Rate::ZERO, fixed: 0 });
        let tiering = if self.bool() { Tiering::Marginal } else { Tiering::Whole };
        ShareOf::Tiered { tiering, tiers }
    }

    fn condition(&mut self, depth: usize) -> Condition {
        match self.below(if depth < 3 { 4 } else { 2 }) {
            0 => Condition::At(self.time()),
            1 => Condition::Fact(self.fact()),
            _ => Condition::AllOf(self.list(3, |draw| draw.condition(depth + 1))),
        }
    }

    pub(super) fn fact(&mut self) -> Fact {
        let name: String = self.list(31, |draw| ['a', 'z', '0', '9', '_'][draw.below(5) as usize]);
        Fact::new(&(name + "x")).unwrap()
    }

    pub(super) fn liability(&mut self) -> Liability {
        let shortfall = self.named();
        Liability { refund: self.rate(), dispute: self.rate(), dispute_fee: self.rate(), shortfall }
    }
}
