//! The payer got a refund that was pending with the rail: a fact, which no policy refuses.
//! The money is booked already, so nothing is posted. The refund remembers that it was the rail's
//! word: what the rail had said before, told again, opens it no more.

use super::{RefundState, RefundStatus, undo};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::RefundId;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Says that the payer got a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkRefundSucceeded {
    /// Which refund.
    pub refund: RefundId,
}

impl Verb for MarkRefundSucceeded {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.refund);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let refund = undo::refund(scene, self.refund, is_with_the_rail, "with the rail")?;
        let state = RefundState { status: RefundStatus::Confirmed, ..refund.clone() };
        Ok(Moved::new(Step::RefundSucceeded, Record::Refund(self.refund, state)).into())
    }
}

fn is_with_the_rail(status: RefundStatus) -> bool {
    matches!(status, RefundStatus::Processing | RefundStatus::RequiresAction)
}
