//! Reserves: what is held of an account is the sum of its holds, each of which remembers what
//! was released of it, books what it says, and is gone after its day.

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Law};
use crate::books::State;
use crate::calendar::Timestamp;
use crate::event::{Event, Recorded};
use crate::id::{AccountId, ReserveHoldId};
use crate::money::{Currency, Minor};
use crate::record::{Record, RecordId};
use crate::reserve::ReserveHoldState;
use crate::step::{Moved, Part, Step};

/// What is held, added up from what holds say and from what was booked.
#[derive(Clone, Debug, Default)]
pub(super) struct Reserves {
    /// Holds of which something is left, as they stood last.
    holds: BTreeMap<ReserveHoldId, ReserveHoldState>,
    /// When each of them is released.
    due: BTreeSet<(Timestamp, ReserveHoldId)>,
    /// What is left of all holds of an account, and what its reserved balance is.
    sums: BTreeMap<(AccountId, Currency), (i128, i128)>,
}

impl Reserves {
    /// What is left of each hold.
    pub(super) fn left(&self) -> impl Iterator<Item = (ReserveHoldId, Minor)> + '_ {
        self.holds.iter().map(|(id, hold)| (*id, left(hold)))
    }

    /// Adds an event, and checks the accounts of which it held or released something.
    pub(super) fn check(&mut self, recorded: &Recorded, broken: &mut Broken) {
        if let Some((due, hold)) = self.due.first().copied().filter(|(due, _)| *due < recorded.time) {
            broken.push(Law::HoldLate { hold, due });
        }
        let mut touched = BTreeSet::new();
        if let Some(entry) = recorded.event.entry() {
            for posting in entry.postings() {
                if let Some((account, State::Reserved)) = posting.book.owner() {
                    let key = (account, entry.currency());
                    self.sums.entry(key).or_default().1 += i128::from(posting.owed());
                    touched.insert(key);
                }
            }
        }
        if let Event::Moved(moved) = &recorded.event {
            for part in moved.parts() {
                if let Record::ReserveHold(id, hold) = &part.record {
                    self.hold(*id, hold, (moved, part), recorded.time, broken);
                    touched.insert((hold.account, hold.amount.currency));
                }
            }
        }
        for (account, currency) in touched {
            let (holds, held) = self.sums.get(&(account, currency)).copied().unwrap_or_default();
            if holds != held {
                broken.push(Law::Held { account, currency, holds, held });
            }
        }
    }

    fn hold(
        &mut self,
        id: ReserveHoldId,
        hold: &ReserveHoldState,
        (moved, part): (&Moved, &Part),
        now: Timestamp,
        broken: &mut Broken,
    ) {
        let before = self.holds.remove(&id);
        self.due.remove(&(hold.scheduled_release(), id));
        let moves = i128::from(part.amount);
        let is_new = moved.step == Step::ReserveHeld;
        let (expected, due) = match &before {
            Some(before) => {
                let released = before.released.saturating_add(part.amount);
                (Some(ReserveHoldState { released, ..before.clone() }), -moves)
            }
            None => (Some(ReserveHoldState { released: 0, ..hold.clone() }).filter(|_| is_new), moves),
        };
        let amount_fits = !is_new || hold.amount.minor == part.amount;
        let in_bounds = (0..=hold.amount.minor).contains(&hold.released);
        if expected.as_ref() != Some(hold) || before.is_some() == is_new || !amount_fits || !in_bounds {
            broken.push(Law::HoldForgets { hold: id });
        }
        if moved.step == Step::ReserveReleased && now < hold.scheduled_release() {
            broken.push(Law::HoldEarly { hold: id, due: hold.scheduled_release() });
        }
        let booked = booked(moved, id);
        if booked != due {
            broken.push(Law::HoldBooks { hold: id, due, booked });
        }
        let change = i128::from(left(hold)) - before.as_ref().map_or(0, |before| i128::from(left(before)));
        self.sums.entry((hold.account, hold.amount.currency)).or_default().0 += change;
        if left(hold) > 0 {
            self.due.insert((hold.scheduled_release(), id));
            self.holds.insert(id, hold.clone());
        }
    }
}

fn left(hold: &ReserveHoldState) -> Minor {
    hold.amount.minor.saturating_sub(hold.released)
}

/// What a step's entry added to the reserved balance of a hold's account, as the hold's.
fn booked(moved: &Moved, id: ReserveHoldId) -> i128 {
    let postings = moved.postings();
    let own = postings.zip(moved.owners()).filter(|(posting, owner)| {
        owner.id() == RecordId::ReserveHold(id)
            && posting.book.owner().is_some_and(|(_, state)| state == State::Reserved)
    });
    own.map(|(posting, _)| i128::from(posting.owed())).sum()
}
