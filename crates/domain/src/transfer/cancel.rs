//! Calling a transfer off that waits for the platform's balance. Nothing was booked for it.

use super::{Cancellation, Queue, TransferRefusal};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::TransferId;
use crate::record::{Kept, Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Calls a transfer off that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CancelTransfer {
    /// Which transfer.
    pub transfer: TransferId,
}

impl Verb for CancelTransfer {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.transfer);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let id = self.transfer;
        let transfer = scene.loaded.get(id).ok_or(TransferRefusal::Unknown { transfer: id })?;
        if transfer.queue.as_deref() != Some(&Queue::Waiting) {
            let status = transfer.status();
            return Err(TransferRefusal::Lifecycle { status, needed: "queued" }.into());
        }

        let canceled = transfer.standing(Queue::Canceled(Cancellation::Requested));
        Ok(Moved::new(Step::TransferCanceled, Record::Transfer(id, canceled)).into())
    }
}
