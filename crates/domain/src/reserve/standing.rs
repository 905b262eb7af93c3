//! What the ledger keeps of reserves: active plans, holds of which something is left, and the
//! sales that a plan has yet to hold a share of. It is as large as what is held now.

use std::collections::{BTreeMap, BTreeSet};

use super::{HoldSource, PlanStatus, ReserveHoldState, ReservePlanState};
use crate::id::{AccountId, ReserveHoldId, ReservePlanId};
use crate::money::{Currency, Minor};
use crate::record::Record;
use crate::step::{Moved, Step};

/// The reserves of a ledger as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reserves {
    plans: BTreeMap<(AccountId, Currency), (ReservePlanId, ReservePlanState)>,
    holds: BTreeMap<ReserveHoldId, ReserveHoldState>,
    of_sale: BTreeSet<(HoldSource, ReserveHoldId)>,
    of_plan: BTreeSet<(ReservePlanId, ReserveHoldId)>,
    /// What came in of which sale and is not held of yet: of several captures of one group the
    /// sum. Gone before the next group of commands.
    to_hold: BTreeMap<HoldSource, ToHold>,
}

/// Of whose plan a share is to be held, and of how much.
type ToHold = (AccountId, Currency, Minor);

impl Reserves {
    /// The active plan of an account in a currency.
    #[must_use]
    pub fn plan_of(
        &self,
        account: AccountId,
        currency: Currency,
    ) -> Option<(ReservePlanId, &ReservePlanState)> {
        self.plans.get(&(account, currency)).map(|(id, plan)| (*id, plan))
    }

    /// Every active plan.
    pub fn plans(&self) -> impl Iterator<Item = (ReservePlanId, &ReservePlanState)> + '_ {
        self.plans.values().map(|(id, plan)| (*id, plan))
    }

    /// Every hold of which something is left, the oldest first.
    pub fn holds(&self) -> impl Iterator<Item = (ReserveHoldId, &ReserveHoldState)> + '_ {
        self.holds.iter().map(|(id, hold)| (*id, hold))
    }

    /// Of them those of a sale.
    pub fn of_sale(
        &self,
        source: HoldSource,
    ) -> impl Iterator<Item = (ReserveHoldId, &ReserveHoldState)> + '_ {
        let first = (source, ReserveHoldId::new(0, 0));
        let own = self.of_sale.range(first..).take_while(move |(of, _)| *of == source);
        own.filter_map(|(_, id)| self.holds.get(id).map(|hold| (*id, hold)))
    }

    /// The sales that a plan has yet to hold a share of, with what came in of each.
    pub fn sales_to_hold(&self) -> impl Iterator<Item = (HoldSource, AccountId, Currency, Minor)> + '_ {
        self.to_hold.iter().map(|(source, (account, of, gross))| (*source, *account, *of, *gross))
    }

    /// The reserves that were taken apart.
    pub(crate) fn from_parts(
        plans: impl IntoIterator<Item = (ReservePlanId, ReservePlanState)>,
        holds: impl IntoIterator<Item = (ReserveHoldId, ReserveHoldState)>,
        to_hold: impl IntoIterator<Item = (HoldSource, AccountId, Currency, Minor)>,
    ) -> Self {
        let mut reserves = Self::default();
        plans.into_iter().for_each(|(id, plan)| reserves.put_plan(id, &plan));
        holds.into_iter().for_each(|(id, hold)| reserves.put_hold(id, &hold));
        to_hold
            .into_iter()
            .for_each(|(source, account, of, gross)| reserves.note(source, (account, of, gross)));
        reserves
    }

    /// Whether any account has a plan.
    #[inline]
    pub(crate) fn has_plans(&self) -> bool {
        !self.plans.is_empty()
    }

    /// The first sale that a plan has yet to hold a share of.
    #[inline]
    pub(crate) fn first_to_hold(&self) -> Option<HoldSource> {
        self.to_hold.first_key_value().map(|(source, _)| *source)
    }

    /// The plan that has yet to hold a share of a sale, and what came in of it.
    pub(super) fn to_hold(&self, source: HoldSource) -> Option<(ReservePlanId, &ReservePlanState, Minor)> {
        let (account, currency, gross) = self.to_hold.get(&source)?;
        let (id, plan) = self.plan_of(*account, *currency)?;
        Some((id, plan, *gross))
    }

    /// The first hold of a plan after another of its holds.
    pub(super) fn of_plan_after(
        &self,
        plan: ReservePlanId,
        after: Option<ReserveHoldId>,
    ) -> Option<ReserveHoldId> {
        let first = (plan, after.unwrap_or(ReserveHoldId::new(0, 0)));
        let mut own = self.of_plan.range(first..).take_while(|(of, _)| *of == plan);
        own.find(|(_, id)| Some(*id) != after).map(|(_, id)| *id)
    }

    /// Notes that so much came in of a sale.
    pub(super) fn note(&mut self, source: HoldSource, (account, currency, gross): ToHold) {
        let noted = self.to_hold.entry(source).or_insert((account, currency, 0));
        noted.2 = noted.2.saturating_add(gross);
    }

    /// Takes in the plans and holds of a step.
    pub(crate) fn take_in(&mut self, moved: &Moved) {
        for part in moved.parts() {
            if let Record::ReservePlan(id, plan) = &part.record {
                self.put_plan(*id, plan);
            }
            if let Record::ReserveHold(id, hold) = &part.record {
                if let (Step::ReserveHeld, Some(source), Some(_)) = (moved.step, hold.source, hold.plan) {
                    self.to_hold.remove(&source);
                }
                self.put_hold(*id, hold);
            }
        }
    }

    fn put_plan(&mut self, id: ReservePlanId, plan: &ReservePlanState) {
        let key = (plan.account, plan.currency);
        if plan.status == PlanStatus::Active {
            self.plans.insert(key, (id, plan.clone()));
        } else if self.plans.get(&key).is_some_and(|(of, _)| *of == id) {
            self.plans.remove(&key);
            // It ended before it held a share of what came in at the same instant.
            self.to_hold.retain(|_, (account, currency, _)| (*account, *currency) != key);
        }
    }

    fn put_hold(&mut self, id: ReserveHoldId, hold: &ReserveHoldState) {
        if hold.left() > 0 {
            self.holds.insert(id, hold.clone());
            self.of_sale.extend(hold.source.map(|source| (source, id)));
            self.of_plan.extend(hold.plan.map(|plan| (plan, id)));
        } else if self.holds.remove(&id).is_some() {
            if let Some(source) = hold.source {
                self.of_sale.remove(&(source, id));
            }
            if let Some(plan) = hold.plan {
                self.of_plan.remove(&(plan, id));
            }
        }
    }
}
