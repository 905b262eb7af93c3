//! The queue of transfers: what waits has booked nothing, and whoever is served was first.

use std::collections::BTreeMap;

use super::{Broken, Law};
use crate::event::{Event, Recorded};
use crate::id::TransferId;
use crate::money::Currency;
use crate::record::Record;
use crate::step::{Moved, Step};
use crate::transfer::TransferState;

/// The transfers that wait, by currency, in the order in which they were asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Queues {
    waiting: BTreeMap<Currency, BTreeMap<TransferId, TransferState>>,
}

impl Queues {
    /// Follows a transfer through the queue.
    pub(super) fn check(&mut self, recorded: &Recorded, broken: &mut Broken) {
        let Event::Moved(moved) = &recorded.event else { return };
        let Record::Transfer(id, transfer) = &moved.subject.record else { return };
        let queue = self.waiting.entry(transfer.currency).or_default();
        let due = if moved.step == Step::TransferReleased { i128::from(transfer.amount) } else { 0 };
        if moved.step == Step::TransferQueued {
            let _new = queue.insert(*id, transfer.clone());
        } else {
            let first = queue.first_key_value().map(|(first, _)| *first);
            if moved.step == Step::TransferReleased && first != Some(*id) {
                broken.push(Law::Overtaken { transfer: *id, first });
            }
            let asked = queue.remove(id).map(|asked| (asked.destination, asked.amount));
            if asked != Some((transfer.destination, transfer.amount)) {
                broken.push(Law::QueueForgets { transfer: *id });
            }
        }
        if received(moved, transfer) != due {
            broken.push(Law::QueueBooks { transfer: *id, due, received: received(moved, transfer) });
        }
    }
}

/// What the destination received by the step.
fn received(moved: &Moved, transfer: &TransferState) -> i128 {
    let postings = moved.postings();
    let own = postings
        .filter(|posting| posting.book.owner().is_some_and(|(account, _)| account == transfer.destination));
    own.map(|posting| i128::from(posting.owed())).sum()
}
