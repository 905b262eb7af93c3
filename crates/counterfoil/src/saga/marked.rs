//! Where a desk begins: at its bookmark, with what the log shows no answer to.

use std::collections::{BTreeMap, VecDeque};

use counterfoil_domain::{Event, ObjectId, Recorded, Step};

use super::error::SagaError;
use super::line::{Line, Wanted};
use crate::Counterfoil;

/// Where to read on, and the asks from the bookmark to there that were not answered. An ask
/// whose answer the log does not show is among them: asked again, it gets the same answer.
pub(super) async fn unanswered<L: Line>(
    ledger: &Counterfoil,
    line: &mut L,
    bookmark: u64,
) -> Result<(u64, VecDeque<Wanted<L::Ask>>), SagaError> {
    let mut waiting: BTreeMap<u64, Wanted<L::Ask>> = BTreeMap::new();
    let mut places: BTreeMap<ObjectId, u64> = BTreeMap::new();
    let mut feed = ledger.subscribe(bookmark);
    let mut next = bookmark;
    while let Some(recorded) = feed.try_next().await? {
        next = recorded.position + 1;
        if let Some(place) = answered(&recorded).and_then(|object| places.remove(&object)) {
            waiting.remove(&place);
        }
        if let Some(wanted) = line.sees(&recorded) {
            places.insert(wanted.key.id(), wanted.position);
            waiting.insert(wanted.position, wanted);
        }
    }
    Ok((next, waiting.into_values().collect()))
}

/// The object of whose ask an event shows the answer. A refund that is done at once leaves none.
pub(super) fn answered(recorded: &Recorded) -> Option<ObjectId> {
    if let Event::PayoutPaid(moved) | Event::PayoutFailed(moved) = &recorded.event {
        return Some(moved.id.0);
    }
    let Event::Moved(moved) = &recorded.event else { return None };
    let answers = [Step::ChargeCaptured, Step::ChargeDeclined, Step::RefundPending, Step::RefundFailed];
    // One that books is the ask of a refund that waited for its payer's money.
    let answers =
        answers.contains(&moved.step) || (moved.step == Step::RefundSucceeded && moved.books.is_none());
    answers.then(|| moved.subject.record.id().object())
}
