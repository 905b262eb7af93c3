//! A reserve plan as it stands.

use super::release_hold::released;
use super::sale;
use super::walk::{Walk, walk};
use crate::calendar::{Rank, Timestamp, Wait};
use crate::decide::Scene;
use crate::event::Events;
use crate::id::{AccountId, ReserveHoldId, ReservePlanId};
use crate::money::{Currency, Money, Rate};
use crate::record::{Kept, Loaded, Needs, Record, Waits};
use crate::step::{Moved, Step};

/// The whole remaining state of a reserve plan, carried by every event that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservePlanState {
    /// Of whose sales it holds a share.
    pub account: AccountId,
    /// Of sales in which currency. Connect's plan may be of all currencies; one of ours is of
    /// one (docs/decisions/reserves.md).
    pub currency: Currency,
    /// Which share of each sale; above zero.
    pub rate: Rate,
    /// When what it holds is released.
    pub schedule: PlanSchedule,
    /// How it stands.
    pub status: PlanStatus,
    /// Of one that was disabled while it held something: since when, and which of its holds is
    /// released next.
    pub releasing: Option<(Timestamp, ReserveHoldId)>,
}

/// When what a plan holds is released.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PlanSchedule {
    /// Each hold by itself.
    Rolling {
        /// So many days after its sale came in.
        days: u16,
        /// When the plan ends, if it does; what it holds then stays held for its days.
        expires_on: Option<Timestamp>,
    },
    /// All at once, and the plan ends then.
    Fixed {
        /// After this instant.
        release_after: Timestamp,
    },
}

/// How a reserve plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlanStatus {
    /// It holds a share of each sale.
    Active,
    /// It was disabled; while it releases what it holds, `disabling`.
    Disabled,
    /// It ended. What it holds of a rolling release stays held for its days (at Connect
    /// unconfirmed).
    Expired,
}

impl PlanStatus {
    /// The status's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Expired => "expired",
        }
    }
}

impl PlanSchedule {
    /// The instant after which what is held now is released.
    pub(super) fn release_after(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Rolling { days, .. } => now.plus_seconds(i64::from(days) * 86_400),
            Self::Fixed { release_after } => release_after,
        }
    }

    /// When the plan ends by itself.
    #[must_use]
    pub fn ends(self) -> Option<Timestamp> {
        match self {
            Self::Rolling { expires_on, .. } => expires_on,
            Self::Fixed { release_after } => Some(release_after),
        }
    }
}

impl Kept for ReservePlanState {
    fn owner(&self) -> AccountId {
        self.account
    }

    /// A plan has no amount; what it holds are its holds'.
    fn money(&self) -> Money {
        Money::new(self.currency, 0)
    }

    fn status(&self) -> &'static str {
        match self.releasing {
            Some(_) => "disabling",
            None => self.status.name(),
        }
    }

    fn wait(&self) -> Option<Wait> {
        match (self.status, self.releasing) {
            (PlanStatus::Active, _) => self.schedule.ends().map(|at| Wait::Until(at, Rank::Expire)),
            (PlanStatus::Disabled, Some((since, _))) => Some(Wait::Until(since, Rank::Release)),
            (PlanStatus::Disabled, None) | (PlanStatus::Expired, _) => None,
        }
    }
}

impl Waits for ReservePlanState {
    type Id = ReservePlanId;

    fn due_needs(&self, loaded: &Loaded, needs: &mut Needs) {
        let Some((_, first)) = self.releasing else {
            return;
        };
        match walk(first, loaded, |hold| hold.previous_of_plan) {
            Walk::Unread(id) => needs.add(id),
            Walk::Stands(_, hold) => {
                if let Some(source) = hold.source {
                    sale::needs(source, loaded, needs);
                }
            }
            Walk::Passed(..) => {}
        }
    }

    /// It ends; or, where it was disabled, its next hold is released, the newest first.
    fn do_due(&self, id: ReservePlanId, scene: &Scene<'_>) -> Events {
        let Some((since, first)) = self.releasing else {
            let expired = Self { status: PlanStatus::Expired, ..self.clone() };
            return Moved::new(Step::ReservePlanExpired, Record::ReservePlan(id, expired)).into();
        };
        let standing = scene.ledger.reserves.of_plan(id).map_or(0, |chain| chain.standing);
        let then = |next: Option<ReserveHoldId>, standing: u64| {
            let releasing = next.filter(|_| standing > 0).map(|next| (since, next));
            Record::ReservePlan(id, Self { releasing, ..self.clone() })
        };
        match walk(first, scene.loaded, |hold| hold.previous_of_plan) {
            Walk::Stands(of, hold) => {
                let plan = then(hold.previous_of_plan, standing.saturating_sub(1));
                let step = Step::ReserveReleasedWithPlan;
                released(scene, (of, hold), hold.left(), step).beside(plan, 0).into()
            }
            // Commands of the same instant, or before, have released them.
            Walk::Passed(_, hold) => {
                let plan = then(hold.previous_of_plan, standing);
                Moved::new(Step::ReservePlanDisabled, plan).into()
            }
            Walk::Unread(_) => Events::new(),
        }
    }
}
