//! The rail has a refund in hand, or needs the payer to do something for it: a fact, which
//! no policy refuses. The money is booked already, so nothing is posted. Once the rail has said that
//! the payer has it, this was said before and is told again: it is refused.

use super::{RefundState, RefundStatus, undo};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::RefundId;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Says that a refund is not done yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkRefundPending {
    /// Which refund.
    pub refund: RefundId,
    /// Whether the payer must do something; else the rail is at work.
    pub requires_action: bool,
}

impl Verb for MarkRefundPending {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.refund);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let needed = "with the rail, or booked before the rail said anything";
        let refund = undo::refund(scene, self.refund, may_be_pending, needed)?;
        let status =
            if self.requires_action { RefundStatus::RequiresAction } else { RefundStatus::Processing };
        let state = RefundState { status, ..refund.clone() };
        Ok(Moved::new(Step::RefundPending, Record::Refund(self.refund, state)).into())
    }
}

fn may_be_pending(status: RefundStatus) -> bool {
    status.is_booked() && status != RefundStatus::Confirmed
}
