//! The payer's bank decided for the payer: a fact, which no policy refuses. Posts nothing; the
//! money is gone already, and what sellers gave back stays with the platform.

use super::{DisputeStatus, accept, standing};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::DisputeId;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;

/// Says that a dispute was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkDisputeLost {
    /// Which dispute.
    pub dispute: DisputeId,
}

impl Verb for MarkDisputeLost {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.dispute);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let undecided = DisputeStatus::is_undecided;
        let dispute = standing(scene.loaded, self.dispute, undecided, "needs_response or under_review")?;
        Ok(accept::lost(self.dispute, dispute))
    }
}
