//! Payments: which objects' money each payout took.
//!
//! A payout takes entries of the available balance by number. Some are an object's own;
//! a maturity is one entry for the pending money of all objects of its day.

use std::collections::BTreeMap;

use counterfoil_domain::account::EntryRange;
use counterfoil_domain::books::State;
use counterfoil_domain::calendar::Day;
use counterfoil_domain::money::Currency;
use counterfoil_domain::payout::PayoutState;
use counterfoil_domain::{AccountId, PayoutId};
use serde::{Deserialize, Serialize};

use super::Key;
use crate::holding::Holdings;

/// Which objects' money is unpaid, and which payout took the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Payments {
    unpaid: Holdings<Unpaid>,
    /// By payout.
    taken: BTreeMap<u64, Vec<Part>>,
}

/// The money of one account in one currency that no live payout has taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Unpaid {
    /// Objects with pending money, by the day it matures, in days since 1970.
    pending: BTreeMap<i32, Vec<Key>>,
    /// Objects with available money, in the order of their entries' numbers.
    open: Vec<Part>,
}

/// An object's money in one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Part {
    entry: u64,
    object: Key,
}

/// How far back to look for an object before noting it again: further than the
/// postings of one event that alternate between two objects.
const LOOK_BACK: usize = 4;

impl Payments {
    /// Makes room for the account that an event opened, if it did.
    pub(super) fn open_of(&mut self, recorded: &counterfoil_domain::Recorded) {
        self.unpaid.open_of(recorded);
    }

    /// An object's posting to an account.
    pub(super) fn add(
        &mut self,
        account: AccountId,
        currency: Currency,
        state: State,
        entry: u64,
        object: Key,
    ) {
        self.unpaid.with(account, currency, |unpaid| match state {
            State::Pending(day) => {
                let objects = unpaid.pending.entry(day.days()).or_default();
                if !objects.iter().rev().take(LOOK_BACK).any(|known| *known == object) {
                    objects.push(object);
                }
            }
            State::Available => {
                if unpaid.open.last().is_none_or(|last| last.object != object) {
                    unpaid.open.push(Part { entry, object });
                }
            }
            // No payout takes these.
            State::InTransit | State::Reserved | State::Prefunded | State::ConnectReserved => {}
        });
    }

    /// A day's pending money became available in `entry`.
    pub(super) fn mature(&mut self, account: AccountId, currency: Currency, day: Day, entry: u64) {
        self.unpaid.with(account, currency, |unpaid| {
            let objects = unpaid.pending.remove(&day.days()).unwrap_or_default();
            // Days mature in order: what is left of an earlier one came to nothing.
            unpaid.pending = unpaid.pending.split_off(&day.days());
            unpaid.open.extend(objects.into_iter().map(|object| Part { entry, object }));
        });
    }

    /// A payout takes its entries; gives the objects whose money that is.
    pub(super) fn take(&mut self, id: PayoutId, payout: &PayoutState) -> Vec<Key> {
        let mut taken = Vec::new();
        self.unpaid.with(payout.account, payout.currency, |unpaid| {
            let in_payout = |part: &Part| {
                let holds = |range: &EntryRange| (range.first..=range.last).contains(&part.entry);
                payout.entries.iter().any(holds)
            };
            taken = unpaid.open.iter().copied().filter(in_payout).collect();
            unpaid.open.retain(|part| !in_payout(part));
        });
        let objects = taken.iter().map(|part| part.object).collect();
        self.taken.insert(id.0.to_bits(), taken);
        objects
    }

    /// A payout failed: its entries are open again. Gives the objects whose money that is.
    pub(super) fn give_back(&mut self, id: PayoutId, payout: &PayoutState) -> Vec<Key> {
        let taken = self.taken.get(&id.0.to_bits()).map_or(&[][..], Vec::as_slice);
        self.unpaid.with(payout.account, payout.currency, |unpaid| {
            unpaid.open.extend_from_slice(taken);
            unpaid.open.sort_unstable();
        });
        taken.iter().map(|part| part.object).collect()
    }

    /// The objects of a payout, each once, by kind and in the order of their making.
    pub(super) fn members(&self, id: PayoutId) -> Vec<Key> {
        let parts = self.taken.get(&id.0.to_bits()).map_or(&[][..], Vec::as_slice);
        let mut objects: Vec<Key> = parts.iter().map(|part| part.object).collect();
        objects.sort_unstable();
        objects.dedup();
        objects
    }
}
