//! Due work: a refund that waited for money is done once its payer has it, by the same
//! booking as one that is done at once, with what is there then.
//!
//! Where it still cannot be done (its sale matured meanwhile, and more is to come from the
//! available balance; somebody else is short) it waits for more than there is, so that due
//! work ends. One whose payment failed meanwhile is called off at once, wherever it stands in the
//! queue: there is nothing to give back (our own rule, docs/decisions/waiting-refunds.md).
//! One fails of whose charge a dispute took so much meanwhile that the payer would have more than
//! was paid, at once too (<https://docs.stripe.com/api/refunds/object#refund_object-failure_reason>).

use super::carry_out::carry_out;
use super::undo::undo;
use super::{RefundFailure, RefundState, RefundStatus};
use crate::decide::Scene;
use crate::event::Events;
use crate::id::RefundId;
use crate::record::Record;
use crate::step::{Moved, Step};

/// The refund is done, or waits for something else.
pub(super) fn retry(id: RefundId, refund: &RefundState, scene: &Scene<'_>) -> Events {
    let Some(charge) = scene.loaded.get(refund.charge) else {
        return Events::new();
    };
    if charge.refuse_unless_succeeded().is_err() {
        let off = undo(scene, id, refund, (Step::RefundCanceled, RefundStatus::Canceled));
        return off.map_or_else(|_| Events::new(), Into::into);
    }
    if charge.refunded.saturating_add(charge.disputed()) > charge.amount {
        let failed = (Step::RefundFailed, RefundStatus::Failed(RefundFailure::ChargeDisputed));
        return undo(scene, id, refund, failed).map_or_else(|_| Events::new(), Into::into);
    }
    match carry_out(scene, refund.clone(), charge.clone()) {
        Ok(done) => done.moved(Step::RefundSucceeded, id, scene).into(),
        Err(short) => {
            let status = RefundStatus::Waiting { payer: short.payer, need: short.need };
            let waiting = RefundState { status, ..refund.clone() };
            Moved::new(Step::RefundWaited, Record::Refund(id, waiting)).into()
        }
    }
}
