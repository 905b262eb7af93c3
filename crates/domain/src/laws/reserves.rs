//! Reserves: what is held of an account is the sum of its holds, each of which remembers what
//! was released of it, books what it says, and is gone after its day.

use std::collections::{BTreeMap, BTreeSet};

use super::{Broken, Law};
use crate::books::State;
use crate::calendar::{Day, Timestamp};
use crate::event::{Event, Recorded};
use crate::id::{AccountId, ChargeId, ReserveHoldId, ReservePlanId, TransferId};
use crate::money::{Currency, Minor};
use crate::record::{Record, RecordId, RecordKey};
use crate::reserve::{HoldSource, ReserveHoldState};
use crate::step::{Moved, Part, Step};

/// What is held, added up from what holds say and from what was booked.
#[derive(Clone, Debug, Default)]
pub(super) struct Reserves {
    /// Holds of which something is left, as they stood last.
    holds: BTreeMap<ReserveHoldId, ReserveHoldState>,
    /// When each of them is released.
    due: BTreeSet<(Timestamp, ReserveHoldId)>,
    /// How many stand of each day and of each plan, and the newest that was made.
    of_day: BTreeMap<Day, (u64, ReserveHoldId)>,
    of_plan: BTreeMap<ReservePlanId, (u64, ReserveHoldId)>,
    /// The same of each sale.
    of_sale: BTreeMap<HoldSource, (u64, ReserveHoldId)>,
    /// What is left of all holds of an account, and what its reserved balance is.
    sums: BTreeMap<(AccountId, Currency), (i128, i128)>,
}

impl Reserves {
    /// How many holds stand of a day.
    pub(super) fn of_days(&self) -> impl Iterator<Item = (Day, u64)> + '_ {
        self.of_day.iter().map(|(day, (standing, _))| (*day, *standing))
    }

    /// How many stand of a plan.
    pub(super) fn of_plan(&self, plan: ReservePlanId) -> u64 {
        self.of_plan.get(&plan).map_or(0, |(standing, _)| *standing)
    }

    /// Adds an event, and checks the accounts of which it held or released something.
    pub(super) fn check(&mut self, (recorded, records): (&Recorded, &[Record]), broken: &mut Broken) {
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
        self.check_sales(records, broken);
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
        if before.is_none() && passes_over(hold, (moved, part)) {
            return;
        }
        self.due.remove(&(hold.scheduled_release(), id));
        let moves = i128::from(part.amount);
        let is_new = moved.step == Step::ReserveHeld;
        let (expected, due) = match &before {
            Some(before) => {
                let released = before.released.saturating_add(part.amount);
                (Some(ReserveHoldState { released, ..before.clone() }), -moves)
            }
            None => (is_new.then(|| self.made(hold)), moves),
        };
        let sale = || hold.source.is_none_or(|source| has_sale(moved, source));
        let amount_fits = !is_new || hold.amount.minor == part.amount && (left(hold) == 0 || sale());
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
        self.count((id, hold), (left(hold) > 0, before.is_some()));
        if left(hold) > 0 {
            self.due.insert((hold.scheduled_release(), id));
            self.holds.insert(id, hold.clone());
        }
    }

    /// A hold as it should be made: nothing of it is released, and it names the newest of its day
    /// and of its plan where any stands, and one of its sale likewise.
    fn made(&self, hold: &ReserveHoldState) -> ReserveHoldState {
        let something = left(hold) > 0;
        let of_day = self.of_day.get(&hold.release_day()).map(|(_, newest)| *newest);
        let of_plan = hold.plan.and_then(|plan| self.of_plan.get(&plan)).map(|(_, newest)| *newest);
        // Of a sale it is the newest that stands, or one of which nothing is left leads to that.
        let of_sale = hold.source.and_then(|source| self.of_sale.get(&source)).map(|(_, newest)| *newest);
        ReserveHoldState {
            released: 0,
            previous_of_sale: hold.previous_of_sale.or(of_sale).filter(|_| something),
            previous_of_day: of_day.filter(|_| something),
            previous_of_plan: of_plan.filter(|_| something),
            ..hold.clone()
        }
    }

    /// Counts a hold that stands now, or stood before.
    fn count(&mut self, (id, hold): (ReserveHoldId, &ReserveHoldState), (stands, stood): (bool, bool)) {
        if stands == stood {
            return;
        }
        step(&mut self.of_day, hold.release_day(), stands.then_some(id));
        if let Some(plan) = hold.plan {
            step(&mut self.of_plan, plan, stands.then_some(id));
        }
        if let Some(source) = hold.source {
            step(&mut self.of_sale, source, stands.then_some(id));
        }
    }

    /// A sale names its newest hold while any stands, and while anything of a transfer is left.
    fn check_sales(&self, records: &[Record], broken: &mut Broken) {
        if self.of_sale.is_empty() {
            return;
        }
        let charges = records.iter().filter_map(ChargeId::of);
        let charges = charges.map(|(id, charge)| (HoldSource::Charge(id), charge.held()));
        let transfers = records.iter().filter_map(TransferId::of).filter(|(_, made)| made.reversible() > 0);
        let transfers = transfers.map(|(id, transfer)| (HoldSource::Transfer(id), transfer.held));
        for (source, named) in charges.chain(transfers) {
            let newest = self.of_sale.get(&source).map(|(_, newest)| *newest);
            if let Some(hold) = newest.filter(|newest| named != Some(*newest)) {
                broken.push(Law::HoldForgets { hold });
            }
        }
    }
}

/// Whether a step leaves the sale of a hold behind.
fn has_sale(moved: &Moved, source: HoldSource) -> bool {
    moved.parts().any(|part| part.record.id() == RecordId::from(source))
}

/// One more that stands, or one fewer.
fn step<K: Ord>(counts: &mut BTreeMap<K, (u64, ReserveHoldId)>, key: K, made: Option<ReserveHoldId>) {
    if let Some(newest) = made {
        let standing = counts.get(&key).map_or(0, |(standing, _)| *standing);
        counts.insert(key, (standing + 1, newest));
    } else if let Some((standing, _)) = counts.get_mut(&key) {
        *standing = standing.saturating_sub(1);
        if *standing == 0 {
            counts.remove(&key);
        }
    }
}

/// Whether the step says no more than that nothing is left of the hold, which was looked at on
/// its day.
fn passes_over(hold: &ReserveHoldState, (moved, part): (&Moved, &Part)) -> bool {
    moved.step == Step::ReserveReleased && part.amount == 0 && moved.books.is_none() && left(hold) == 0
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
