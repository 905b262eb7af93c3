//! A refund failed: a fact, which no policy refuses. A refund that succeeded may still fail
//! later (<https://docs.stripe.com/refunds#failed-refunds>).
//!
//! What was booked is undone (`undo.rs`); of one that waited nothing was.

use super::{RefundFailure, RefundStatus, undo};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::RefundId;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Says that a refund failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkRefundFailed {
    /// Which refund.
    pub refund: RefundId,
    /// Why.
    pub failure: RefundFailure,
}

impl Verb for MarkRefundFailed {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        super::needs(self.refund, loaded, needs);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let needed = "pending, requires_action or succeeded";
        let refund = undo::refund(scene, self.refund, may_fail, needed)?;
        let taken = (Step::RefundFailed, RefundStatus::Failed(self.failure));
        Ok(undo::undo(scene, self.refund, refund, taken)?.into())
    }
}

fn may_fail(status: RefundStatus) -> bool {
    status.is_booked() || matches!(status, RefundStatus::Waiting { .. })
}
