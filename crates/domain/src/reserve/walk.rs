//! Walking from hold to hold: each names the one before it of its day, of its plan and of its sale,
//! and of some nothing is left by the time it is their turn.

use super::{MOST_FREED, ReserveHoldState};
use crate::id::ReserveHoldId;
use crate::record::Loaded;

/// At how many holds one piece of due work looks: where none of them stands, it records that, and
/// the next one goes on. So no event waits for more reads than this.
const MOST_LOOKED_AT: usize = 64;

/// With what a walk ended.
pub(super) enum Walk<'a> {
    /// The first of which something is left.
    Stands(ReserveHoldId, &'a ReserveHoldState),
    /// The last that was looked at: nothing is left of any.
    Passed(ReserveHoldId, &'a ReserveHoldState),
    /// One that is not loaded.
    Unread(ReserveHoldId),
}

/// Walks from a hold on to the one before it, until one stands.
pub(super) fn walk(
    first: ReserveHoldId,
    loaded: &Loaded,
    previous: impl Fn(&ReserveHoldState) -> Option<ReserveHoldId>,
) -> Walk<'_> {
    let mut id = first;
    let mut looked_at = 0;
    loop {
        let Some(hold) = loaded.get(id) else {
            return Walk::Unread(id);
        };
        if hold.left() > 0 {
            return Walk::Stands(id, hold);
        }
        looked_at += 1;
        match previous(hold) {
            Some(next) if looked_at < MOST_LOOKED_AT => id = next,
            Some(_) | None => return Walk::Passed(id, hold),
        }
    }
}

/// Of a sale whose newest hold this is, the newest that stands; where none of those does that were
/// looked at, the one behind them.
pub(super) fn newest_standing(newest: ReserveHoldId, loaded: &Loaded) -> Option<ReserveHoldId> {
    match walk(newest, loaded, |hold| hold.previous_of_sale) {
        Walk::Stands(id, _) | Walk::Unread(id) => Some(id),
        Walk::Passed(_, hold) => hold.previous_of_sale,
    }
}

/// Of a sale whose newest hold this is, all that stand, the oldest first.
pub(super) fn all_standing(
    newest: ReserveHoldId,
    loaded: &Loaded,
) -> Vec<(ReserveHoldId, &ReserveHoldState)> {
    let mut found: Vec<(ReserveHoldId, &ReserveHoldState)> =
        of_sale(newest, loaded).filter_map(|(id, hold)| Some((id, hold?))).collect();
    found.retain(|(_, hold)| hold.left() > 0);
    found.reverse();
    found
}

/// The first of a sale's holds, from its newest on, that is not loaded.
pub(crate) fn first_unread(newest: ReserveHoldId, loaded: &Loaded) -> Option<ReserveHoldId> {
    of_sale(newest, loaded).find(|(_, hold)| hold.is_none()).map(|(id, _)| id)
}

/// A sale's holds, from its newest on, up to one that is not loaded: at most so many as one event
/// frees.
fn of_sale(
    newest: ReserveHoldId,
    loaded: &Loaded,
) -> impl Iterator<Item = (ReserveHoldId, Option<&ReserveHoldState>)> + '_ {
    let mut next = Some(newest);
    let holds = std::iter::from_fn(move || {
        let id = next?;
        let hold = loaded.get(id);
        next = hold.and_then(|hold| hold.previous_of_sale);
        Some((id, hold))
    });
    holds.take(MOST_FREED)
}
