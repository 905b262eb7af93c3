//! Queueing a transfer: it is made at once where the platform's balance covers it and nobody
//! waits before it, and otherwise as soon as both is so. Until then nothing is booked.
//!
//! One that names its source charge never waits: it needs no balance.

use super::create::{make, platforms_available, refuse};
use super::{Queue, Transfer, TransferState};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, TransferId};
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Moves money to a seller, as soon as the platform has it. Connect refuses such a transfer
/// and never tries again; the queue is our own rule (docs/decisions/queued-transfers.md).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueueTransfer(pub Transfer);

impl Verb for QueueTransfer {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        self.0.needs(loaded, needs);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Self(command) = self;
        let Scene { ledger, context, .. } = *scene;
        let charge = refuse(command, scene)?;
        let currency = command.amount.currency;
        let covered = command.amount.minor <= platforms_available(ledger, currency)
            && !ledger.agenda.has_queue(AccountId::PLATFORM, currency);
        if charge.is_some() || covered {
            return make(command, charge, scene);
        }

        let transfer = TransferState {
            destination: command.destination,
            currency,
            amount: command.amount.minor,
            reversed: 0,
            source_charge: None,
            available_on: context.now.day(),
            pending_left: 0,
            transfer_group: command.transfer_group.clone(),
            queue: Some(Box::new(Queue::Waiting)),
        };
        let record = Record::Transfer(TransferId::new(context.position, 0), transfer);
        Ok(Moved::new(Step::TransferQueued, record).told(command.details.clone()).into())
    }
}
