//! An inquiry came to nothing: a fact, which no policy refuses. Posts nothing.

use super::{DisputeState, DisputeStatus, standing};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::DisputeId;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Says that an inquiry came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CloseInquiry {
    /// Which inquiry.
    pub dispute: DisputeId,
    /// Whether it was settled before it could become a dispute, by a full refund say; otherwise
    /// the payer let it rest.
    pub prevented: bool,
}

impl Verb for CloseInquiry {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.dispute);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let open = DisputeStatus::is_open_inquiry;
        let needed = "warning_needs_response or warning_under_review";
        let dispute = standing(scene.loaded, self.dispute, open, needed)?;
        let status = if self.prevented { DisputeStatus::Prevented } else { DisputeStatus::WarningClosed };
        let state = DisputeState { status, ..dispute.clone() };
        Ok(Moved::new(Step::DisputeInquiryClosed, Record::Dispute(self.dispute, state)).into())
    }
}
