//! Calling a refund off: one that waits for money, or one whose payer has yet to do
//! something for it (<https://docs.stripe.com/api/refunds/cancel>). What the rail already
//! works on is not called off; the rail says what became of it.
//!
//! What was booked is undone (`undo.rs`); of one that waited nothing was.

use super::{RefundStatus, undo};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::RefundId;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Calls a refund off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CancelRefund {
    /// Which refund.
    pub refund: RefundId,
}

impl Verb for CancelRefund {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        super::needs(self.refund, loaded, needs);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let needed = "waiting for money, or one that requires_action";
        let refund = undo::refund(scene, self.refund, cancelable, needed)?;
        let taken = (Step::RefundCanceled, RefundStatus::Canceled);
        Ok(undo::undo(scene, self.refund, refund, taken)?.into())
    }
}

fn cancelable(status: RefundStatus) -> bool {
    matches!(status, RefundStatus::Waiting { .. } | RefundStatus::RequiresAction)
}
