//! What the ledger keeps of reserves: active plans, where the holds of each day and of each plan
//! begin to be found, and the sales that a plan has yet to hold a share of.
//!
//! The holds themselves are in the log. Each names the one before it of its day and of its plan,
//! so the newest of a day leads to all others, and the memory is a few bytes for each day and for
//! each plan, however much is held (docs/decisions/reserves.md).

use std::collections::BTreeMap;

use super::{HoldSource, PlanStatus, ReserveHoldState, ReservePlanState};
use crate::calendar::Day;
use crate::id::{AccountId, ReserveHoldId, ReservePlanId};
use crate::money::{Currency, Minor};
use crate::record::Record;
use crate::step::{Moved, Step};

/// The reserves of a ledger as they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reserves {
    plans: BTreeMap<(AccountId, Currency), (ReservePlanId, ReservePlanState)>,
    /// By the day at whose start they are released.
    of_day: BTreeMap<Day, Chain>,
    /// Of plans that are active, or disabled and still release.
    of_plan: BTreeMap<ReservePlanId, Chain>,
    /// What came in of which sale and is not held of yet: of several captures of one group the
    /// sum. Gone before the next group of commands.
    to_hold: BTreeMap<HoldSource, ToHold>,
}

/// Holds of which each names the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The newest that may stand: nothing is left of any newer one.
    pub newest: ReserveHoldId,
    /// Of how many something is left; never 0.
    pub standing: u64,
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

    /// The holds that are released at the start of each day, the earliest day first.
    pub fn days(&self) -> impl Iterator<Item = (Day, Chain)> + '_ {
        self.of_day.iter().map(|(day, chain)| (*day, *chain))
    }

    /// What each plan holds that is active, or disabled and still releases.
    pub fn held_by_plans(&self) -> impl Iterator<Item = (ReservePlanId, Chain)> + '_ {
        self.of_plan.iter().map(|(plan, chain)| (*plan, *chain))
    }

    /// The sales that a plan has yet to hold a share of, with what came in of each.
    pub fn sales_to_hold(&self) -> impl Iterator<Item = (HoldSource, AccountId, Currency, Minor)> + '_ {
        self.to_hold.iter().map(|(source, (account, of, gross))| (*source, *account, *of, *gross))
    }

    /// The reserves that were taken apart.
    pub(crate) fn from_parts(
        plans: impl IntoIterator<Item = (ReservePlanId, ReservePlanState)>,
        of_day: impl IntoIterator<Item = (Day, Chain)>,
        of_plan: impl IntoIterator<Item = (ReservePlanId, Chain)>,
        to_hold: impl IntoIterator<Item = (HoldSource, AccountId, Currency, Minor)>,
    ) -> Self {
        let mut reserves = Self {
            of_day: of_day.into_iter().collect(),
            of_plan: of_plan.into_iter().collect(),
            ..Self::default()
        };
        plans.into_iter().for_each(|(id, plan)| reserves.put_plan(id, &plan));
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

    /// The first day at whose start holds are released, and the hold with which that begins.
    #[inline]
    pub(crate) fn first_day(&self) -> Option<(Day, ReserveHoldId)> {
        self.of_day.first_key_value().map(|(day, chain)| (*day, chain.newest))
    }

    /// The plan that has yet to hold a share of a sale, and what came in of it.
    pub(super) fn to_hold(&self, source: HoldSource) -> Option<(ReservePlanId, &ReservePlanState, Minor)> {
        let (account, currency, gross) = self.to_hold.get(&source)?;
        let (id, plan) = self.plan_of(*account, *currency)?;
        Some((id, plan, *gross))
    }

    /// The newest hold that is released at the start of a day.
    pub(super) fn newest_of_day(&self, day: Day) -> Option<ReserveHoldId> {
        self.of_day.get(&day).map(|chain| chain.newest)
    }

    /// What a plan holds.
    pub(super) fn of_plan(&self, plan: ReservePlanId) -> Option<Chain> {
        self.of_plan.get(&plan).copied()
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
                self.put_hold(moved.step, *id, hold, part.amount);
            }
        }
    }

    fn put_plan(&mut self, id: ReservePlanId, plan: &ReservePlanState) {
        let key = (plan.account, plan.currency);
        if plan.status != PlanStatus::Active && plan.releasing.is_none() {
            self.of_plan.remove(&id);
        }
        if plan.status == PlanStatus::Active {
            self.plans.insert(key, (id, plan.clone()));
        } else if self.plans.get(&key).is_some_and(|(of, _)| *of == id) {
            self.plans.remove(&key);
            // It ended before it held a share of what came in at the same instant.
            self.to_hold.retain(|_, (account, currency, _)| (*account, *currency) != key);
        }
    }

    /// A hold is made, or `amount` of it was released.
    fn put_hold(&mut self, step: Step, id: ReserveHoldId, hold: &ReserveHoldState, amount: Minor) {
        let day = hold.release_day();
        let stands = hold.left() > 0;
        if step == Step::ReserveHeld && stands {
            join(&mut self.of_day, day, id);
            if let Some(plan) = hold.plan {
                join(&mut self.of_plan, plan, id);
            }
        } else if step != Step::ReserveHeld && !stands && amount > 0 {
            leave(&mut self.of_day, day);
            if let Some(plan) = hold.plan {
                leave(&mut self.of_plan, plan);
            }
        }
        // The day goes on with the hold before it.
        if let (Step::ReserveReleased, Some(chain), Some(previous)) =
            (step, self.of_day.get_mut(&day), hold.previous_of_day)
        {
            chain.newest = previous;
        }
    }
}

fn join<K: Ord>(chains: &mut BTreeMap<K, Chain>, key: K, newest: ReserveHoldId) {
    let chain = chains.entry(key).or_insert(Chain { newest, standing: 0 });
    *chain = Chain { newest, standing: chain.standing.saturating_add(1) };
}

fn leave<K: Ord>(chains: &mut BTreeMap<K, Chain>, key: K) {
    if let Some(chain) = chains.get_mut(&key) {
        chain.standing = chain.standing.saturating_sub(1);
        if chain.standing == 0 {
            chains.remove(&key);
        }
    }
}
