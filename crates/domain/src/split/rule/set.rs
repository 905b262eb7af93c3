//! Setting a split rule: its first version, or the next of one that is there.

use super::{MOST_VERSIONS, SplitRule, SplitRuleRefusal, SplitRuleState, SplitRuleVersionState};
use crate::account::{AccountRefusal, Details};
use crate::charge::ChargeRefusal;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{SplitRuleId, SplitRuleVersionId};
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Sets a split rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SetSplitRule {
    /// Which rule.
    pub of: RuleSet,
    /// How totals are shared from now on.
    pub rule: SplitRule,
    /// The caller's own words about it; an external id names the rule.
    pub details: Option<Box<Details>>,
}

/// Which rule is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleSet {
    /// A new one, whose amounts are in this currency.
    New(Currency),
    /// One that is there, which gets its next version.
    Next(SplitRuleId),
}

impl Verb for SetSplitRule {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        if let RuleSet::Next(rule) = self.of {
            needs.add(rule);
        }
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        Details::check(self.details.as_deref()).map_err(|error| SplitRuleRefusal::Details { error })?;
        let (id, mut state) = match self.of {
            RuleSet::New(currency) => {
                let id = SplitRuleId::new(context.position, 0);
                (id, SplitRuleState { currency, floor: 0, versions: Vec::new() })
            }
            RuleSet::Next(id) => {
                let state = loaded.get(id).ok_or(SplitRuleRefusal::Unknown { rule: id })?;
                (id, state.clone())
            }
        };
        if state.versions.len() >= MOST_VERSIONS {
            return Err(SplitRuleRefusal::Versions.into());
        }
        refuse_accounts(ledger, &self.rule)?;
        let rule = self.rule.clone().check()?;

        let version = SplitRuleVersionId::new(context.position, 1);
        state.floor = rule.floor();
        state.versions.push(version);
        let number = state.newest();
        let stored = SplitRuleVersionState { of: id, number, currency: state.currency, rule };
        let moved = Moved::new(Step::SplitRuleSet, Record::SplitRule(id, state));
        let moved = moved.beside(Record::SplitRuleVersion(version, stored), 0);
        Ok(moved.told(self.details.clone()).into())
    }
}

/// An account that cannot take transfers yet may stand in a rule: the split asks for that.
fn refuse_accounts(ledger: &Ledger, rule: &SplitRule) -> Result<(), Refusal> {
    for part in &rule.parts {
        let account = part.account;
        if account.is_platform() {
            return Err(ChargeRefusal::SellerIsPlatform.into());
        }
        if ledger.account(account).is_none() {
            return Err(AccountRefusal::Unknown { account }.into());
        }
    }
    Ok(())
}
