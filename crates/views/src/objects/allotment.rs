//! Which payout holds whose money, reckoned a second way: event by event, with every part of
//! every object in memory.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_domain::account::EntryRange;
use counterfoil_domain::books::State;
use counterfoil_domain::payout::PayoutState;
use counterfoil_domain::{AccountId, Event, PayoutId, Recorded};

use crate::driver::Driver;
use crate::movement::movements;
use crate::object::ObjectRef;

/// The parts of one account in one currency.
#[derive(Default)]
struct Purse {
    pending: BTreeMap<i32, Vec<ObjectRef>>,
    /// Each object's available entries, and the live payout that took each.
    parts: Vec<(u64, ObjectRef, Option<PayoutId>)>,
}

/// Everybody's parts, and what each payout took when it was made.
#[derive(Default)]
pub(super) struct Allotment {
    purses: BTreeMap<(AccountId, u16), Purse>,
    taken: BTreeMap<PayoutId, Vec<ObjectRef>>,
}

impl Allotment {
    /// After all that happened.
    pub(super) fn of(driver: &Driver) -> Self {
        let mut allotment = Self::default();
        driver.log.iter().for_each(|recorded| allotment.add(recorded));
        allotment
    }

    /// The live payouts that took money which an object brought an account, the earliest first.
    pub(super) fn payouts(&self, object: ObjectRef, account: AccountId) -> Vec<PayoutId> {
        let purses = self.purses.iter().filter(|((of, _), _)| *of == account);
        let parts = purses.flat_map(|(_, purse)| &purse.parts).filter(|(_, of, _)| *of == object);
        let payouts: BTreeSet<PayoutId> = parts.filter_map(|(_, _, payout)| *payout).collect();
        payouts.into_iter().collect()
    }

    /// The objects whose money a payout took, by kind and in the order of their making.
    pub(super) fn members(&self, payout: PayoutId) -> Vec<ObjectRef> {
        let mut members = self.taken.get(&payout).cloned().unwrap_or_default();
        members.sort_unstable_by_key(|object| (object.kind(), object.number()));
        members.dedup();
        members
    }

    fn add(&mut self, recorded: &Recorded) {
        if let Event::PayoutCreated(moved) | Event::PayoutFailed(moved) = &recorded.event {
            let live = matches!(recorded.event, Event::PayoutCreated(_));
            self.move_parts(moved.id, &moved.payout, live);
        }
        let Some(entry) = recorded.event.entry() else { return };
        movements(recorded, |movement| {
            let purse = self.purses.entry((movement.account, entry.currency().number())).or_default();
            match (&recorded.event, movement.state, movement.source) {
                (_, _, Some(ObjectRef::Payout(_))) => {}
                (Event::FundsMatured { day, .. }, State::Available, _) => {
                    let objects = purse.pending.remove(&day.days()).unwrap_or_default();
                    purse
                        .parts
                        .extend(objects.into_iter().map(|object| (movement.posting.number, object, None)));
                }
                (_, State::Pending(day), Some(object)) => {
                    purse.pending.entry(day.days()).or_default().push(object);
                }
                (_, State::Available, Some(object)) => {
                    purse.parts.push((movement.posting.number, object, None));
                }
                _ => {}
            }
        });
    }

    fn move_parts(&mut self, id: PayoutId, payout: &PayoutState, live: bool) {
        let purse = self.purses.entry((payout.account, payout.currency.number())).or_default();
        for (number, object, holder) in &mut purse.parts {
            let in_range = |range: &EntryRange| (range.first..=range.last).contains(number);
            if live && payout.entries.iter().any(in_range) {
                assert_eq!(holder.replace(id), None, "two live payouts hold one entry");
                self.taken.entry(id).or_default().push(*object);
            } else if !live && *holder == Some(id) {
                *holder = None;
            }
        }
    }
}
