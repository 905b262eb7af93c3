//! Freeing what is held of a sale before the sale itself is given back or disputed: its own
//! holds pay first (Connect's reason `hold_reversed`).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | account, reserved | freed | |
//! | account, pending while the sale is, else available | | freed |
//!
//! It stands in the entry of the refund, reversal, failure or dispute, before what that takes.
//! A verb that takes a sale's money makes a [`Freeing`], frees into each purse before it debits
//! that, and adds what was freed to its step.

use super::sale::standing;
use super::{HoldSource, ReserveHoldState};
use crate::books::{Book, Draft, Kind, State};
use crate::charge::Purse;
use crate::money::Minor;
use crate::record::{Loaded, Record};
use crate::step::{Moved, Part};

/// The most holds that are made of one sale by hand: what gives it back frees them all.
pub(crate) const MOST_HOLDS: usize = 20;

/// The most holds that one event frees, so that it fits 48 KiB with 100 transfers whose groups
/// are long; what more there are stays held until its day. At so many holds of a sale, the newest
/// ones, is looked at all.
pub const MOST_FREED: usize = 40;

/// What one event can free, reckoned beforehand.
pub(crate) struct Freeable<'a> {
    loaded: &'a Loaded,
    holds: usize,
}

impl<'a> Freeable<'a> {
    /// What it can before it frees anything.
    pub(crate) fn of(loaded: &'a Loaded) -> Self {
        Self { loaded, holds: 0 }
    }

    /// Whether it can still free of a sale as much as an event of its own could.
    pub(crate) fn has_room(&self, source: HoldSource, most: Minor) -> bool {
        let mut alone = Self::of(self.loaded);
        alone.take(source, most);
        self.holds + alone.holds <= MOST_FREED
    }

    /// What of a sale's holds [`Freeing::free`] will free, up to `most`.
    pub(crate) fn take(&mut self, source: HoldSource, most: Minor) -> Minor {
        let mut freed: Minor = 0;
        for (_, hold) in standing(source, self.loaded) {
            let amount = hold.left().min(most - freed);
            if amount <= 0 || self.holds >= MOST_FREED {
                break;
            }
            self.holds += 1;
            freed += amount;
        }
        freed
    }
}

/// Holds that a step frees.
pub(crate) struct Freeing<'a> {
    loaded: &'a Loaded,
    /// The place of the first among the objects of the step.
    first: u16,
    freed: Vec<Part>,
}

impl<'a> Freeing<'a> {
    /// Nothing yet; what will be freed stands behind so many objects of the step, its subject
    /// among them.
    pub(crate) fn behind(objects: usize, loaded: &'a Loaded) -> Self {
        Self { loaded, first: u16::try_from(objects).unwrap_or(u16::MAX), freed: Vec::new() }
    }

    /// Frees what is held of a sale, up to `most`, the oldest hold first, into the purse of its
    /// account, where no more than the `whole` sale is pending: what a hold took from available
    /// goes back there. The postings are the holds'; say whose those are that follow.
    pub(crate) fn free(
        &mut self,
        source: HoldSource,
        (most, whole): (Minor, Minor),
        purse: &mut Purse,
        draft: &mut Draft,
    ) {
        let mut rest = most;
        for (id, hold) in standing(source, self.loaded) {
            let amount = hold.left().min(rest);
            if amount <= 0 || self.freed.len() >= MOST_FREED {
                break;
            }
            rest -= amount;
            draft.of(self.first.saturating_add(u16::try_from(self.freed.len()).unwrap_or(u16::MAX)));
            draft.debit(Book::Account(hold.account, State::Reserved), Kind::ReserveRelease, amount);
            purse.credit_up_to(whole, draft, Kind::ReserveRelease, amount);
            let state = ReserveHoldState { released: hold.released + amount, ..hold.clone() };
            self.freed.push(Part { record: Record::ReserveHold(id, state), amount });
        }
    }

    /// Whether nothing was freed.
    pub(crate) fn is_empty(&self) -> bool {
        self.freed.is_empty()
    }

    /// The step with the holds that were freed, behind its other objects.
    pub(crate) fn add_to(self, mut moved: Moved) -> Moved {
        debug_assert!(
            self.freed.is_empty() || moved.beside.len() + 1 == usize::from(self.first),
            "the holds stand where their postings say"
        );
        moved.beside.extend(self.freed);
        moved
    }
}
