//! Split rules as JSON.

use counterfoil::domain::record::Kept;
use counterfoil::domain::refund::Recover;
use counterfoil::domain::split::rule::{
    Absorber, Awaited, Liability, Rounding, RulePart, ShareOf, SplitRuleState, SplitRuleVersionState, Tier,
    Tiering,
};
use counterfoil::domain::split::{Borne, Commission, Piece, Share, SharedPart, Source, SplitState};
use counterfoil::domain::{SplitId, SplitRuleId, SplitRuleVersionId};
use counterfoil::views::ObjectRef;
use serde_json::{Value, json};

use super::jsonl::Lines;

impl Lines<'_> {
    pub(super) fn split_rule(&self, id: SplitRuleId, rule: &SplitRuleState) -> Value {
        let versions: Vec<Value> = rule.versions.iter().map(|id| json!(self.names.id(*id))).collect();
        json!({
            "id": self.names.id(id), "currency": rule.currency.code(), "floor": rule.floor,
            "newest": rule.newest(), "versions": versions,
        })
    }

    pub(super) fn split_rule_version(
        &self,
        id: SplitRuleVersionId,
        version: &SplitRuleVersionState,
    ) -> Value {
        let checked = &version.rule;
        let parts = checked.rule().parts.iter().zip(checked.awaited());
        let parts: Vec<Value> = parts.map(|(part, awaited)| self.rule_part(part, awaited)).collect();
        let (rounding, absorber) = rounding(checked.rule().rounding);
        json!({
            "id": self.names.id(id), "split_rule": self.names.id(version.of), "version": version.number,
            "currency": version.currency.code(), "floor": checked.floor(), "rounding": rounding,
            "absorber": absorber, "parts": parts,
        })
    }

    pub(super) fn split_by_rule(&self, id: SplitId, split: &SplitState) -> Value {
        let source = |source: &Source| json!({ "id": self.names.id(source.charge), "shared": source.shared, "refunded_before": source.refunded });
        let charges: Vec<Value> = split.charges.iter().map(source).collect();
        let parts: Vec<Value> = split.parts.iter().map(|part| self.shared_part(part)).collect();
        json!({
            "id": self.names.id(ObjectRef::Split(id.0)), "split_rule": self.names.id(split.rule),
            "version": split.version, "currency": split.currency.code(), "total": split.total,
            "amount": split.money().minor, "status": split.status(), "charges": charges, "parts": parts,
            "transfer_group": split.transfer_group,
        })
    }

    fn shared_part(&self, part: &SharedPart) -> Value {
        let Share { account, gross, commission } = part.share;
        let piece = |piece: &Piece| {
            json!({
                "charge": self.names.id(piece.charge), "amount": piece.amount, "kept": piece.kept,
                "transfer": piece.transfer.map(|transfer| self.names.id(transfer)),
            })
        };
        let pieces: Vec<Value> = part.pieces.iter().map(piece).collect();
        json!({
            "account": self.names.id(account), "gross": gross, "commission": commission,
            "net": part.share.net(), "liability": liability(part.liability),
            "awaits": part.awaits.as_ref().map(awaited), "pieces": pieces,
        })
    }

    /// What a refund takes back by the liability of parts; nothing where it is not by that.
    pub(super) fn by_liability(&self, recover: &Recover) -> Value {
        let Recover::ByLiability(by) = recover else {
            return Value::Null;
        };
        let splits: Vec<Value> =
            by.splits.iter().map(|split| json!(self.names.id(ObjectRef::Split(split.0)))).collect();
        let borne = |borne: &Borne| {
            json!({
                "transfer": self.names.id(borne.transfer), "amount": borne.amount,
                "shortfall": borne.shortfall.name(),
            })
        };
        let borne: Vec<Value> = by.borne.iter().map(borne).collect();
        json!({ "splits": splits, "borne": borne })
    }

    fn rule_part(&self, part: &RulePart, condition: &Awaited) -> Value {
        json!({
            "account": self.names.id(part.account), "share": share(&part.share), "least": part.least,
            "most": part.most, "commission": commission(part.commission), "awaits": awaited(condition),
            "liability": liability(part.liability),
        })
    }
}

fn rounding(rounding: Rounding) -> (&'static str, Value) {
    let place = |absorber| match absorber {
        Absorber::Rest => json!("rest"),
        Absorber::Part(place) => json!(place),
    };
    match rounding {
        Rounding::LargestRemainder => ("largest_remainder", Value::Null),
        Rounding::Ordered => ("ordered", Value::Null),
        Rounding::Down(absorber) => ("down", place(absorber)),
        Rounding::HalfEven(absorber) => ("half_even", place(absorber)),
    }
}

fn share(share: &ShareOf) -> Value {
    match share {
        ShareOf::Fixed(amount) => json!({ "fixed": amount }),
        ShareOf::Percent(rate) => json!({ "rate": rate.share().to_string() }),
        ShareOf::Tiered { tiering, tiers } => {
            let tier = |tier: &Tier| json!({ "up_to": tier.up_to, "rate": tier.rate.share().to_string(), "fixed": tier.fixed });
            let tiers: Vec<Value> = tiers.iter().map(tier).collect();
            match tiering {
                Tiering::Marginal => json!({ "marginal_tiers": tiers }),
                Tiering::Whole => json!({ "whole_tiers": tiers }),
            }
        }
        ShareOf::Weight(weight) => json!({ "weight": weight }),
        ShareOf::Remainder => json!("remainder"),
    }
}

fn commission(commission: Commission) -> Value {
    match commission {
        Commission::None => Value::Null,
        Commission::Amount(amount) => json!({ "amount": amount }),
        Commission::Rate(rate) => json!({ "rate": rate.share().to_string() }),
    }
}

/// What is waited for; nothing where it is met at once.
pub(super) fn awaited(awaited: &Awaited) -> Value {
    let facts: Vec<&str> = awaited.facts.iter().map(|fact| fact.as_str()).collect();
    if awaited.until.is_none() && facts.is_empty() {
        return Value::Null;
    }
    json!({ "until": awaited.until.map(|until| until.to_string()), "facts": facts })
}

pub(super) fn liability(liability: Liability) -> Value {
    json!({
        "refund": liability.refund.share().to_string(), "dispute": liability.dispute.share().to_string(),
        "dispute_fee": liability.dispute_fee.share().to_string(), "shortfall": liability.shortfall.name(),
    })
}
