//! Setting a reserve plan: from now on a share of each sale of an account is held. Nothing is
//! held of what came before.

use super::{
    MOST_DAYS, PlanSchedule, PlanStatus, ReservePlanState, ReserveRefusal, is_in_time, refuse_account,
};
use crate::account::Details;
use crate::calendar::Timestamp;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, ReservePlanId};
use crate::money::{Currency, Rate};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Holds a share of each sale of an account.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SetReservePlan {
    /// Whose sales.
    pub account: AccountId,
    /// Sales in which currency.
    pub currency: Currency,
    /// Which share.
    pub rate: Rate,
    /// When what is held is released.
    pub schedule: PlanSchedule,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
}

impl Verb for SetReservePlan {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, context, .. } = *scene;
        let (account, currency) = (self.account, self.currency);
        if self.rate == Rate::ZERO {
            return Err(ReserveRefusal::NoShare.into());
        }
        if !fits(self.schedule, context.now) {
            return Err(ReserveRefusal::Schedule { most: MOST_DAYS }.into());
        }
        Details::check(self.details.as_deref()).map_err(|error| ReserveRefusal::Details { error })?;
        refuse_account(ledger, account)?;
        if let Some((plan, _)) = ledger.reserves.plan_of(account, currency) {
            return Err(ReserveRefusal::AnotherPlan { plan }.into());
        }

        let (rate, schedule) = (self.rate, self.schedule);
        let status = PlanStatus::Active;
        let state = ReservePlanState { account, currency, rate, schedule, status, releasing: None };
        let plan = Record::ReservePlan(ReservePlanId::new(context.position, 0), state);
        Ok(Moved::new(Step::ReservePlanSet, plan).told(self.details.clone()).into())
    }
}

fn fits(schedule: PlanSchedule, now: Timestamp) -> bool {
    match schedule {
        PlanSchedule::Rolling { days, expires_on } => {
            (1..=MOST_DAYS).contains(&days) && expires_on.is_none_or(|at| at > now)
        }
        PlanSchedule::Fixed { release_after } => is_in_time(now, release_after),
    }
}
