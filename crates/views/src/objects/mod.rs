//! The objects view: any object by id, and lists of them, the newest first.
//!
//! A row holds what lists show and filter by. What is only ever shown of one object
//! (fees, description, metadata) is in its events: the one that made it, at its id's
//! position, and the one that last changed it.

mod index;
mod list;
mod object;
mod payment;
mod record;

#[cfg(test)]
mod tests;

pub use list::{Page, Query};
pub use object::{Object, Status};

use std::collections::BTreeMap;

use counterfoil_domain::books::{Entry, State};
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::payout::PayoutMoved;
use counterfoil_domain::{AccountId, Event, PayoutId, Recorded};
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference, Keyed};
use crate::movement::{Movement, movements};
use crate::object::{ObjectKind, ObjectRef};
use crate::projector::Projector;
use crate::unreadable::Unreadable;
use index::Indexes;
use payment::Payments;

/// Where a row is: its kind, then the log position and ordinal at which it was made. So
/// the rows of a kind lie in the order of their making.
pub(crate) type Key = (ObjectKind, u64);

/// Every object.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored")]
pub struct Objects {
    rows: BTreeMap<Key, Object>,
    /// Where each account's row is, by account number: its id tells no position.
    accounts: Vec<u64>,
    payments: Payments,
    /// Found again from the rows.
    #[serde(skip)]
    indexes: Indexes,
}

/// What a snapshot holds.
#[derive(Deserialize)]
struct Stored {
    rows: BTreeMap<Key, Object>,
    accounts: Vec<u64>,
    payments: Payments,
}

impl From<Stored> for Objects {
    fn from(stored: Stored) -> Self {
        let Stored { rows, accounts, payments } = stored;
        let mut indexes = Indexes::default();
        for (key, object) in &rows {
            indexes.add(*key, object);
        }
        Self { rows, accounts, payments, indexes }
    }
}

impl Objects {
    /// The object of that kind and id.
    #[must_use]
    pub fn get(&self, object: ObjectRef) -> Option<&Object> {
        self.rows.get(&self.key(object)?)
    }

    /// The object of that kind that a caller calls `external_id`. Accounts never share
    /// one; of other objects that do, the newest.
    #[must_use]
    pub fn by_external_id(&self, kind: ObjectKind, external_id: &str) -> Option<&Object> {
        let called = self.indexes.called(external_id, kind).filter_map(|key| self.rows.get(&key));
        called.into_iter().find(|object| object.external_id() == Some(external_id))
    }

    /// How many objects of that kind there are.
    #[must_use]
    pub fn count(&self, kind: ObjectKind) -> usize {
        self.rows.range((kind, 0)..=(kind, u64::MAX)).count()
    }

    /// The objects whose money a payout took, each once, in the order of their making.
    /// Those of a payout that failed are the ones that it would have paid.
    pub fn paid_by(&self, payout: PayoutId) -> impl Iterator<Item = &Object> + '_ {
        self.payments.members(payout).into_iter().filter_map(|key| self.rows.get(&key))
    }

    /// Where a row is; `None` for an account that does not exist.
    fn key(&self, object: ObjectRef) -> Option<Key> {
        match object {
            ObjectRef::Account(account) => {
                self.accounts.get(account.index()).map(|made| (ObjectKind::Account, *made))
            }
            ObjectRef::Charge(_)
            | ObjectRef::Transfer(_)
            | ObjectRef::Refund(_)
            | ObjectRef::Reversal(_)
            | ObjectRef::Payout(_)
            | ObjectRef::Split(_) => Some((object.kind(), object.number())),
        }
    }

    /// Adds a row; `made` is its place in the log.
    fn add(&mut self, made: u64, object: Object) {
        let key = (object.reference.kind(), made);
        self.indexes.add(key, &object);
        self.rows.insert(key, object);
    }

    fn add_account(&mut self, recorded: &Recorded, object: Object) {
        let made = ObjectId::new(recorded.position, 0).to_bits();
        self.accounts.push(made);
        self.add(made, object);
    }

    fn change(&mut self, reference: ObjectRef, change: impl FnOnce(&mut Object)) {
        if let Some(object) = self.key(reference).and_then(|key| self.rows.get_mut(&key)) {
            change(object);
        }
    }

    fn touch_account(&mut self, account: AccountId, position: u64) {
        self.change(ObjectRef::Account(account), |object| object.changed = position);
    }

    fn count_payments(&mut self, recorded: &Recorded) {
        let Some(currency) = recorded.event.entry().map(Entry::currency) else {
            return;
        };
        movements(recorded, |Movement { account, state, posting, source }| match &recorded.event {
            // One entry for the pending money of every object of the day.
            Event::FundsMatured { day, .. } if state == State::Available => {
                self.payments.mature(account, currency, *day, posting.number);
            }
            // Its own movements are no object's money.
            Event::PayoutCreated(_) | Event::PayoutPaid(_) | Event::PayoutFailed(_) => {}
            Event::ChargeSucceeded(_)
            | Event::ChargesSplit(_)
            | Event::TransferCreated(_)
            | Event::TransferReversed(_)
            | Event::ChargeRefunded(_)
            | Event::FundsMatured { .. }
            | Event::RailSettled { .. }
            | Event::LedgerOpened(_)
            | Event::TimeAdvanced { .. }
            | Event::AccountOnboarded(_)
            | Event::RequirementChanged { .. }
            | Event::BankAccountAttached { .. }
            | Event::PayoutScheduleSet { .. }
            | Event::RailOpened { .. }
            | Event::BookmarkSet { .. } => {
                if let Some(key) = source.and_then(|source| self.key(source)) {
                    self.payments.add(account, currency, state, posting.number, key);
                }
            }
        });
    }

    fn pay(&mut self, moved: &PayoutMoved) {
        let payout = moved.id;
        for key in self.payments.take(payout, &moved.payout) {
            self.set_payout(key, moved.payout.account, Some(payout));
        }
    }

    fn fail(&mut self, moved: &PayoutMoved) {
        for key in self.payments.give_back(moved.id, &moved.payout) {
            // Another live payout may have taken a part of the object since.
            if self.rows.get(&key).is_some_and(|object| object.payout == Some(moved.id)) {
                self.set_payout(key, moved.payout.account, None);
            }
        }
    }

    /// An object shows the payout of whoever the money is for: a destination charge's
    /// fee in the platform's payout does not hide the seller's.
    fn set_payout(&mut self, key: Key, payee: AccountId, payout: Option<PayoutId>) {
        if let Some(object) = self.rows.get_mut(&key).filter(|object| object.beneficiary() == payee) {
            object.payout = payout;
        }
    }
}

impl Projector for Objects {
    const NAME: &'static str = "objects";
    const VERSION: u32 = 2;

    fn apply(&mut self, recorded: &Recorded) {
        self.record(recorded);
        self.payments.open_of(recorded);
        self.count_payments(recorded);
        match &recorded.event {
            Event::PayoutCreated(moved) => self.pay(moved),
            Event::PayoutFailed(moved) => self.fail(moved),
            Event::RequirementChanged { account, .. }
            | Event::BankAccountAttached { account, .. }
            | Event::PayoutScheduleSet { account, .. } => self.touch_account(*account, recorded.position),
            // Their rows are recorded above; the rest leaves no object behind.
            Event::LedgerOpened(_)
            | Event::TimeAdvanced { .. }
            | Event::AccountOnboarded(_)
            | Event::RailOpened { .. }
            | Event::ChargeSucceeded(_)
            | Event::ChargesSplit(_)
            | Event::TransferCreated(_)
            | Event::TransferReversed(_)
            | Event::ChargeRefunded(_)
            | Event::FundsMatured { .. }
            | Event::PayoutPaid(_)
            | Event::RailSettled { .. }
            | Event::BookmarkSet { .. } => {}
        }
    }
}

impl Comparable for Objects {
    fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Unreadable> {
        let place = |(kind, made): &Key| {
            let made = ObjectId::from_bits(*made);
            format!("{} {}.{}", kind.name(), made.position(), made.ordinal())
        };
        fn rows(view: &Objects) -> impl Iterator<Item = Keyed<Key, &Object>> {
            view.rows.iter().map(|(key, object)| Ok((*key, object)))
        }
        let difference = difference::of_rows(rows(self), rows(other), place, |object| object.to_string())?;
        Ok(difference.or_else(|| (self != other).then(Difference::unnamed)))
    }
}
