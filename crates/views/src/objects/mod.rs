//! The objects view: any object by id, and lists of them, the newest first.
//!
//! The view keeps places, not things: for each property that lists filter by, where in
//! the log the objects with it were made. An object is built when it is asked for, from
//! the event that made it and the newest that changed it. What is only ever shown of one
//! object (fees, description, metadata) is in the same events.

mod accounts;
mod again;
mod any;
mod list;
mod made;
mod object;
mod payment;
mod places;
mod reader;
mod recent;
mod row;
mod stretches;
mod terms;

#[cfg(test)]
mod allotment;
#[cfg(test)]
mod tests;

pub use list::{Page, Query};
pub use object::Object;
pub(crate) use payment::Part;
pub use reader::Reader;
pub(crate) use terms::LossBearers;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::path::Path;

use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::Currency;
use counterfoil_domain::{AccountId, Event, Recorded};
use counterfoil_runs::RunError;
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference, Keyed};
use crate::object::{ObjectKind, ObjectRef};
use crate::projector::Projector;
use crate::rows::{self, Older, Written};
use crate::unreadable::Unreadable;
use recent::Recent;
use row::{By, Listed};

const NAME: &str = "objects";

/// Where an object was made: its kind, then the log position and ordinal. So the objects
/// of a kind lie in the order of their making.
pub(crate) type Place = (ObjectKind, u64);

/// Where every object is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Objects {
    /// By account number: an account's id tells no position.
    accounts: Vec<Account>,
    /// How many objects there are of each kind.
    counts: [u64; ObjectKind::ALL.len()],
    /// The first place of each day that has one, the earliest first.
    days: Vec<FirstPlace>,
    recent: Recent,
    older: Older,
    /// The position after the newest event.
    next: u64,
}

/// The positions of the events that made an account and that last changed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Account {
    made: u64,
    changed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct FirstPlace {
    #[serde(with = "crate::shape")]
    day: Day,
    made: u64,
}

/// A text by its digest: objects are found by it, and told apart by the text itself.
struct Digest(u64);

impl Digest {
    fn of(text: &str) -> Self {
        let hash = blake3::hash(text.as_bytes());
        Self(u64::from_be_bytes(hash.as_bytes().first_chunk().copied().unwrap_or_default()))
    }
}

impl Account {
    fn place(&self) -> u64 {
        ObjectId::new(self.made, 0).to_bits()
    }
}

impl Objects {
    /// Where an object was made; `None` for an account that does not exist.
    fn place(&self, object: ObjectRef) -> Option<Place> {
        if let ObjectRef::Account(account) = object {
            return self.accounts.get(account.index()).map(|account| (ObjectKind::Account, account.place()));
        }
        Some((object.kind(), object.number()))
    }

    /// What was made at a place; `None` for an account that was not.
    fn reference(&self, (kind, made): Place) -> Option<ObjectRef> {
        if kind != ObjectKind::Account {
            return kind.object(made);
        }
        let index = self.accounts.binary_search_by_key(&made, Account::place).ok()?;
        u32::try_from(index).ok().map(|number| ObjectRef::Account(AccountId(number)))
    }

    /// Whether there is a list of an owner's objects of a kind. The platform owns most of
    /// what is no payout: those are found by their kind.
    fn lists_by_owner(kind: ObjectKind, owner: AccountId) -> bool {
        !owner.is_platform() || matches!(kind, ObjectKind::Payout | ObjectKind::Account)
    }

    /// A place in the log after every object made at or before `time`.
    fn after(&self, time: Timestamp) -> u64 {
        let later = self.days.partition_point(|first| first.day <= time.day());
        self.days.get(later).map_or(u64::MAX, |first| first.made)
    }

    /// Adds an object to every list that it belongs to.
    fn add(&mut self, object: &Object, position: u64) {
        let kind = object.reference.kind();
        if let Some(count) = self.counts.get_mut(kind as usize) {
            *count += 1;
        }
        let made = if let ObjectRef::Account(_) = object.reference {
            let account = Account { made: position, changed: position };
            self.accounts.push(account);
            self.recent.open_account();
            account.place()
        } else {
            self.recent.add_kind(kind, object.reference.number());
            object.reference.number()
        };
        let day = object.created.day();
        if self.days.last().is_none_or(|last| last.day < day) {
            self.days.push(FirstPlace { day, made });
        }
        let mut list = |by, property| self.recent.list(Listed { by, property, kind, made });
        if let Some(account) = object.counterparty {
            list(By::Counterparty, u64::from(account.0));
        }
        if kind != ObjectKind::Account && Self::lists_by_owner(kind, object.owner) {
            list(By::Owner, u64::from(object.owner.0));
        }
        if let Some(source) = object.source {
            list(By::Source, source.number());
        }
        if let Some(group) = object.transfer_group() {
            list(By::Group, Digest::of(group).0);
        }
        if let Some(external_id) = object.external_id() {
            list(By::ExternalId, Digest::of(external_id).0);
        }
    }

    fn touch_account(&mut self, account: AccountId, position: u64) {
        if let Some(account) = self.accounts.get_mut(account.index()) {
            account.changed = position;
        }
    }
}

impl Projector for Objects {
    const NAME: &'static str = NAME;
    const VERSION: u32 = 16;

    fn apply(&mut self, recorded: &Recorded) {
        self.next = recorded.position + 1;
        made::made(recorded, |object| self.add(&object, recorded.position));
        self.note_payments(recorded);
        if let Event::RequirementChanged { account, .. }
        | Event::BankAccountAttached { account, .. }
        | Event::PayoutScheduleSet { account, .. } = &recorded.event
        {
            self.touch_account(*account, recorded.position);
        }
    }

    #[inline]
    fn touch(&self, account: AccountId, _: Currency) -> u64 {
        self.recent.touch(account)
    }

    fn unwritten(&self) -> usize {
        self.recent.bytes()
    }

    fn write(&self, folder: &Path, end: u64) -> Result<Written, RunError> {
        if self.recent.is_empty() {
            return Ok(Written::default());
        }
        self.older.write(folder, NAME, end, |writer| self.recent.each(|key, value| writer.add(key, value)))
    }

    fn let_go(&mut self) {
        self.recent.clear();
    }

    fn older(&self) -> Option<&Older> {
        Some(&self.older)
    }

    fn older_mut(&mut self) -> Option<&mut Older> {
        Some(&mut self.older)
    }
}

impl Comparable for Objects {
    fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Unreadable> {
        fn rows(view: &Objects) -> impl Iterator<Item = Keyed<any::Any, ()>> + '_ {
            let mut recent = VecDeque::new();
            let Ok(()) = view.recent.each(|key, value| {
                let _ = <any::Any as rows::Row>::read(key, value, &mut recent);
                Ok::<(), Infallible>(())
            });
            view.older.scan_all::<any::Any>(NAME, recent).map(|row| row.map(|row| (row, ())))
        }
        let difference =
            difference::of_rows(rows(self), rows(other), ToString::to_string, |()| "a row".to_owned())?;
        let rest = |view: &Self| (view.accounts.clone(), view.counts, view.days.clone());
        Ok(difference.or_else(|| (rest(self) != rest(other)).then(Difference::unnamed)))
    }
}
