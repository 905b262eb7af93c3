//! A reserve hold as it stands.

use super::release_hold::released;
use super::sale;
use super::walk::{Walk, walk};
use crate::calendar::{Day, Timestamp};
use crate::decide::Scene;
use crate::event::Events;
use crate::id::{AccountId, ChargeId, ReserveHoldId, ReservePlanId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Kept, Loaded, Needs, Record, RecordId, Waits};
use crate::step::{Moved, Step};

/// The whole remaining state of a reserve hold, carried by every event that changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReserveHoldState {
    /// Whose money.
    pub account: AccountId,
    /// How much was held. By hand always above zero; of a plan 0 where nothing of the sale was
    /// left to hold.
    pub amount: Money,
    /// What of it was released, in minor units.
    pub released: Minor,
    /// The sale that it was held of and stands for; none of a hold of the balance as a whole.
    pub source: Option<HoldSource>,
    /// The plan that made it; none where it was made by hand.
    pub plan: Option<ReservePlanId>,
    /// The instant after which the rest is released: at the first midnight (UTC) that follows
    /// its day.
    pub release_after: Timestamp,
    /// The hold before it that is released at the same midnight, where any was standing when this
    /// was made.
    pub previous_of_day: Option<ReserveHoldId>,
    /// The hold before it of its plan, likewise.
    pub previous_of_plan: Option<ReserveHoldId>,
    /// The hold before it of its sale, likewise.
    pub previous_of_sale: Option<ReserveHoldId>,
}

/// What brought the money that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HoldSource {
    /// A direct charge on the account.
    Charge(ChargeId),
    /// A transfer to it: a destination charge's, a split's, or one made by itself.
    Transfer(TransferId),
}

impl From<HoldSource> for RecordId {
    fn from(source: HoldSource) -> Self {
        match source {
            HoldSource::Charge(charge) => charge.into(),
            HoldSource::Transfer(transfer) => transfer.into(),
        }
    }
}

impl ReserveHoldState {
    /// What is still held.
    #[must_use]
    pub fn left(&self) -> Minor {
        self.amount.minor - self.released
    }

    /// When the rest is released: at midnight (UTC) of the day after
    /// (Connect's `scheduled_release`).
    #[must_use]
    pub fn scheduled_release(&self) -> Timestamp {
        self.release_day().start()
    }

    /// The day at whose start that is.
    pub(crate) fn release_day(&self) -> Day {
        self.release_after.day().plus(1)
    }
}

impl Kept for ReserveHoldState {
    fn owner(&self) -> AccountId {
        self.account
    }

    fn money(&self) -> Money {
        self.amount
    }

    fn returned(&self) -> Minor {
        self.released
    }

    /// Connect's hold has no status (unconfirmed); what is left of it says the same.
    fn status(&self) -> &'static str {
        if self.left() > 0 { "held" } else { "released" }
    }

    fn source(&self) -> Option<RecordId> {
        self.source.map(Into::into)
    }
}

impl Waits for ReserveHoldState {
    type Id = ReserveHoldId;

    fn due_needs(&self, loaded: &Loaded, needs: &mut Needs) {
        let before = || self.previous_of_day.map(|id| walk(id, loaded, |hold| hold.previous_of_day));
        let stands = match if self.left() > 0 { None } else { before() } {
            Some(Walk::Stands(_, hold)) => hold,
            Some(Walk::Unread(id)) => return needs.add(id),
            Some(Walk::Passed(..)) | None => self,
        };
        if let Some(source) = stands.source {
            sale::needs(source, loaded, needs);
        }
    }

    /// Of its day it is the newest that may stand: the first that does is released. Where none of
    /// those that were looked at does, the last of them says so, and the day goes on behind it.
    fn do_due(&self, id: ReserveHoldId, scene: &Scene<'_>) -> Events {
        match walk(id, scene.loaded, |hold| hold.previous_of_day) {
            Walk::Stands(id, hold) => released(scene, (id, hold), hold.left(), Step::ReserveReleased).into(),
            Walk::Passed(id, hold) if hold.previous_of_day.is_some() => {
                Moved::new(Step::ReserveReleased, Record::ReserveHold(id, hold.clone())).into()
            }
            // Something stands, and no hold leads to it: no event recorded that.
            Walk::Passed(..) | Walk::Unread(_) => Events::new(),
        }
    }
}
