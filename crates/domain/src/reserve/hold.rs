//! A reserve hold as it stands.

use super::release_hold::released;
use super::sale;
use crate::calendar::{Rank, Timestamp, Wait};
use crate::decide::Scene;
use crate::event::Events;
use crate::id::{AccountId, ChargeId, ReserveHoldId, ReservePlanId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Kept, Loaded, Needs, RecordId, Waits};
use crate::step::Step;

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
        self.release_after.day().plus(1).start()
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

    fn wait(&self) -> Option<Wait> {
        (self.left() > 0).then(|| Wait::Until(self.scheduled_release(), Rank::Release))
    }
}

impl Waits for ReserveHoldState {
    type Id = ReserveHoldId;

    fn due_needs(&self, loaded: &Loaded, needs: &mut Needs) {
        if let Some(source) = self.source {
            sale::needs(source, loaded, needs);
        }
    }

    fn do_due(&self, id: ReserveHoldId, scene: &Scene<'_>) -> Events {
        released(scene, (id, self), self.left(), Step::ReserveReleased).into()
    }
}
