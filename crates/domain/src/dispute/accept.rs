//! Accepting a dispute instead of answering it: it is lost
//! (<https://docs.stripe.com/api/disputes/close>). Posts nothing; the money is gone already.

use super::{DisputeState, DisputeStatus, standing};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::DisputeId;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Accepts a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AcceptDispute {
    /// Which dispute.
    pub dispute: DisputeId,
}

impl Verb for AcceptDispute {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.dispute);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let unanswered = |status| status == DisputeStatus::NeedsResponse;
        let dispute = standing(scene.loaded, self.dispute, unanswered, "needs_response")?;
        Ok(lost(self.dispute, dispute))
    }
}

/// A dispute comes to stand as lost.
pub(super) fn lost(id: DisputeId, dispute: &DisputeState) -> Events {
    let state = DisputeState { status: DisputeStatus::Lost, ..dispute.clone() };
    Moved::new(Step::DisputeLost, Record::Dispute(id, state)).into()
}
