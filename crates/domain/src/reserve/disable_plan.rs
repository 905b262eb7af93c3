//! Disabling a reserve plan: it holds nothing more, and what it holds is released at once, one
//! hold after the other, the newest first, as due work of the same instant (Connect's reason
//! `plan_disabled`, <https://docs.stripe.com/api/reserve/plan/disable>).

use super::{PlanStatus, ReservePlanState, ReserveRefusal};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::ReservePlanId;
use crate::record::{Kept, Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Disables a reserve plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DisableReservePlan {
    /// Which plan.
    pub plan: ReservePlanId,
}

impl Verb for DisableReservePlan {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.plan);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        let id = self.plan;
        let plan = loaded.get(id).ok_or(ReserveRefusal::UnknownPlan { plan: id })?;
        if plan.status != PlanStatus::Active {
            return Err(ReserveRefusal::PlanEnded { status: plan.status() }.into());
        }

        let releasing = ledger.reserves.of_plan(id).map(|held| (context.now, held.newest));
        let state = ReservePlanState { status: PlanStatus::Disabled, releasing, ..plan.clone() };
        Ok(Moved::new(Step::ReservePlanDisabled, Record::ReservePlan(id, state)).into())
    }
}
