//! Reserve plans and holds as JSON.

use counterfoil::domain::record::{Kept, RecordId};
use counterfoil::domain::reserve::{PlanSchedule, ReserveHoldState, ReservePlanState};
use counterfoil::domain::{ReserveHoldId, ReservePlanId};
use counterfoil::views::ObjectRef;
use serde_json::{Value, json};

use super::jsonl::Lines;

impl Lines<'_> {
    pub(super) fn reserve_plan(&self, id: ReservePlanId, plan: &ReservePlanState) -> Value {
        let schedule = match plan.schedule {
            PlanSchedule::Rolling { days, expires_on } => json!({
                "type": "rolling_release", "days_after_charge": days,
                "expires_on": expires_on.map(|at| at.to_string()),
            }),
            PlanSchedule::Fixed { release_after } => {
                json!({ "type": "fixed_release", "release_after": release_after.to_string() })
            }
        };
        json!({
            "id": self.names.id(id), "account": self.names.id(plan.account),
            "currency": plan.currency.code(), "rate": plan.rate.share().to_string(), "schedule": schedule,
            "status": plan.status(),
        })
    }

    pub(super) fn reserve_hold(&self, id: ReserveHoldId, hold: &ReserveHoldState) -> Value {
        let source = hold.source.map(|source| self.names.id(ObjectRef::from(RecordId::from(source))));
        json!({
            "id": self.names.id(id), "account": self.names.id(hold.account),
            "currency": hold.amount.currency.code(), "amount": hold.amount.minor,
            "amount_releasable": hold.left(), "status": hold.status(),
            "reason": if hold.source.is_some() { "charge" } else { "standalone" },
            "source": source, "plan": hold.plan.map(|plan| self.names.id(plan)),
            "release_after": hold.release_after.to_string(),
            "scheduled_release": hold.scheduled_release().to_string(),
        })
    }
}
