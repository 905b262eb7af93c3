//! Rules: split rules as they are told become those of the domain.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::Currency;
use counterfoil_domain::split::rule::{
    Absorber, Condition, Fact, Rounding, RulePart, RuleSet, SetSplitRule, ShareOf, Shortfall, SplitRule,
    Tier, Tiering,
};
use counterfoil_domain::split::{Commission, MeetCondition, SplitByRule, rule};
use counterfoil_domain::{ChargeId, RecordId, SplitId};

use super::phrase::{Asks, Part, Rounds, Ruling, RulingPart, Sharing};
use super::stage::Stage;
use super::terms::details;
use super::words::{Amount, Complaint};

impl Stage {
    /// The command that sets a rule, new or by the name of one that is known.
    pub(super) fn set_rule(&self, line: usize, ruling: &Ruling) -> Result<SetSplitRule, Complaint> {
        let known = match self.names.objects.find(&ruling.name) {
            Some(RecordId::SplitRule(rule)) => Some(rule),
            Some(_) | None => None,
        };
        let state = known.and_then(|rule| self.world.records().get(rule));
        let currency = ruling.currency.unwrap_or(state.map_or(self.home(), |state| state.currency));
        let of = known.map_or(RuleSet::New(currency), RuleSet::Next);
        let parts: Result<Vec<RulePart>, Complaint> =
            ruling.parts.iter().map(|part| self.rule_part(line, part, currency)).collect();
        let into = |name: &str| {
            let place = ruling.parts.iter().position(|part| part.account == name);
            match place.and_then(|place| u16::try_from(place).ok()) {
                Some(place) => Ok(Absorber::Part(place)),
                None if name == "rest" => Ok(Absorber::Rest),
                None => Err(Complaint::new(line, format!("{name} has no part of the rule"))),
            }
        };
        let rounding = match &ruling.rounding {
            Rounds::LargestRemainder => Rounding::LargestRemainder,
            Rounds::Ordered => Rounding::Ordered,
            Rounds::Down(name) => Rounding::Down(into(name)?),
            Rounds::HalfEven(name) => Rounding::HalfEven(into(name)?),
        };
        let rule = SplitRule { parts: parts?, rounding };
        Ok(SetSplitRule { of, rule, details: details(ruling.described) })
    }

    /// The command that shares charges by a rule.
    pub(super) fn split_by_rule(
        &self,
        line: usize,
        sharing: &Sharing,
        (name, version): (&str, Option<u16>),
    ) -> Result<SplitByRule, Complaint> {
        let charges: Result<Vec<ChargeId>, Complaint> =
            sharing.charges.iter().map(|charge| self.names.charges.get(charge, line)).collect();
        let RecordId::SplitRule(rule) = self.names.objects.get(name, line)? else {
            return Err(Complaint::new(line, format!("{name} is no split rule")));
        };
        let transfer_group = sharing.group.as_deref().map(Into::into);
        let details = details(sharing.described);
        Ok(SplitByRule { charges: charges?, rule, version, transfer_group, details })
    }

    /// The command that reports a fact.
    pub(super) fn meet(&self, line: usize, name: &str, told: &str) -> Result<MeetCondition, Complaint> {
        Ok(MeetCondition { split: self.shared_by_rule(line, name)?, fact: fact(line, told)? })
    }

    /// The split by a rule of that name.
    pub(super) fn shared_by_rule(&self, line: usize, name: &str) -> Result<SplitId, Complaint> {
        let RecordId::Split(split) = self.names.objects.get(name, line)? else {
            return Err(Complaint::new(line, format!("{name} is no split by a rule")));
        };
        Ok(split)
    }

    fn rule_part(&self, line: usize, told: &RulingPart, currency: Currency) -> Result<RulePart, Complaint> {
        let minor = |amount: &Option<Amount>| Amount::maybe(amount, currency);
        let share = match &told.share {
            Asks::Part(Part::Amount(amount)) => ShareOf::Fixed(amount.minor(currency)?),
            Asks::Part(Part::Percent(rate)) => ShareOf::Percent(*rate),
            Asks::Part(Part::Rest) => ShareOf::Remainder,
            Asks::Weight(weight) => ShareOf::Weight(*weight),
            Asks::Tiers(whole, tiers) => {
                let tiering = if *whole { Tiering::Whole } else { Tiering::Marginal };
                let tier = |(rate, added, end): &(_, Option<Amount>, Option<Amount>)| {
                    Ok(Tier { up_to: minor(end)?, rate: *rate, fixed: minor(added)?.unwrap_or(0) })
                };
                let tiers: Result<Vec<Tier>, Complaint> = tiers.iter().map(tier).collect();
                ShareOf::Tiered { tiering, tiers: tiers? }
            }
        };
        let commission = match &told.commission {
            None => Commission::None,
            Some(Part::Amount(amount)) => Commission::Amount(amount.minor(currency)?),
            Some(Part::Percent(rate)) => Commission::Rate(*rate),
            Some(Part::Rest) => return Err(Complaint::new(line, "a commission is no remainder")),
        };
        let mut part = RulePart::new(self.names.accounts.get(&told.account, line)?, share);
        (part.least, part.most, part.commission) = (minor(&told.least)?, minor(&told.most)?, commission);
        part.condition = condition(line, told.until, &told.facts)?;
        let liability = &mut part.liability;
        liability.refund = told.bearing.unwrap_or(liability.refund);
        liability.dispute = told.bearing_disputes.unwrap_or(liability.dispute);
        liability.dispute_fee = told.bearing_fees.unwrap_or(liability.dispute_fee);
        if told.owing_nothing {
            liability.shortfall = Shortfall::PlatformBears;
        }
        Ok(part)
    }
}

/// All of what is told; one thing alone is no list.
fn condition(line: usize, until: Option<Timestamp>, facts: &[String]) -> Result<Condition, Complaint> {
    let facts = facts.iter().map(|name| fact(line, name).map(Condition::Fact));
    let all: Result<Vec<Condition>, Complaint> =
        until.map(|at| Ok(Condition::At(at))).into_iter().chain(facts).collect();
    let mut all = all?;
    Ok(match (all.pop(), all.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            all.extend(last);
            Condition::AllOf(all)
        }
    })
}

/// The fact of that name.
pub(super) fn fact(line: usize, name: &str) -> Result<Fact, Complaint> {
    Fact::new(name).map_err(|error: rule::NotAFact| Complaint::new(line, format!("\"{name}\": {error}")))
}
