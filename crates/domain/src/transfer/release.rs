//! Releasing a transfer that waited: due as soon as the platform has what the first in the
//! queue needs.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, available | amount | |
//! | seller, available | | amount |
//!
//! Where a requirement keeps the destination from receiving it by now, it is canceled
//! instead, so that it does not hold up those behind it.

use super::{Cancellation, Queue, TransferState};
use crate::books::{Book, Draft, Kind, State};
use crate::charge::receiving_account;
use crate::decide::Scene;
use crate::event::Events;
use crate::id::{AccountId, TransferId};
use crate::record::Record;
use crate::step::{Moved, Step};

/// Makes a transfer that waited, or cancels it.
pub(super) fn release(transfer: &TransferState, id: TransferId, scene: &Scene<'_>) -> Events {
    let Scene { ledger, context, .. } = *scene;
    if receiving_account(ledger, transfer.destination).is_err() {
        let canceled = transfer.standing(Queue::Canceled(Cancellation::DestinationClosed));
        return Moved::new(Step::TransferCanceled, Record::Transfer(id, canceled)).into();
    }

    let (amount, seller) = (transfer.amount, transfer.destination);
    let mut draft = Draft::new(transfer.currency);
    draft.debit(Book::Account(AccountId::PLATFORM, State::Available), Kind::Transfer, amount).credit(
        Book::Account(seller, State::Available),
        Kind::Transfer,
        amount,
    );
    let mut released = transfer.standing(Queue::Released(context.position));
    released.available_on = context.now.day();
    let record = Record::Transfer(id, released);
    Moved::new(Step::TransferReleased, record).of(amount).booked(draft, ledger).into()
}
