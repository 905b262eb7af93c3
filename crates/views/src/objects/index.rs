//! Indexes: rows by what lists filter by.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::{Day, Timestamp};

use super::{Key, Object};
use crate::object::{ObjectKind, ObjectRef};

/// Everything by which rows are found but their key. It follows from the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Indexes {
    by_owner: Index<AccountId>,
    by_counterparty: Index<AccountId>,
    by_source: Index<ObjectRef>,
    by_group: Index<Digest>,
    by_external_id: Index<Digest>,
    /// The first place in the log of each day that has one.
    days: BTreeMap<Day, u64>,
}

/// Rows by one property, the rows of a kind in the order of their making.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Index<T>(BTreeSet<(T, Key)>);

/// A text by its digest: rows are found by it, and told apart by the text itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Digest([u8; 8]);

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self(BTreeSet::new())
    }
}

impl<T: Ord + Copy + 'static> Index<T> {
    /// The rows of `kind` with this property made before `before`, the newest first.
    fn newest(&self, property: T, kind: ObjectKind, before: u64) -> impl Iterator<Item = Key> + '_ {
        let range = (property, (kind, 0))..(property, (kind, before));
        self.0.range(range).rev().map(|(_, key)| *key)
    }
}

impl Digest {
    fn of(text: &str) -> Self {
        let hash = blake3::hash(text.as_bytes());
        Self(hash.as_bytes().first_chunk().copied().unwrap_or_default())
    }
}

impl Indexes {
    /// Adds a row.
    pub(super) fn add(&mut self, key: Key, object: &Object) {
        self.by_owner.0.insert((object.owner, key));
        self.by_counterparty.0.extend(object.counterparty.map(|account| (account, key)));
        self.by_source.0.extend(object.source.map(|source| (source, key)));
        self.by_group.0.extend(object.transfer_group().map(|group| (Digest::of(group), key)));
        self.by_external_id.0.extend(object.external_id().map(|id| (Digest::of(id), key)));
        let first = self.days.entry(object.created.day()).or_insert(key.1);
        *first = key.1.min(*first);
    }

    /// Rows whose external id may be this one, the newest first.
    pub(super) fn called(&self, external_id: &str, kind: ObjectKind) -> impl Iterator<Item = Key> + '_ {
        self.by_external_id.newest(Digest::of(external_id), kind, u64::MAX)
    }

    /// Rows of that owner, the newest first.
    pub(super) fn owned(
        &self,
        owner: AccountId,
        kind: ObjectKind,
        before: u64,
    ) -> impl Iterator<Item = Key> + '_ {
        self.by_owner.newest(owner, kind, before)
    }

    /// Rows of that counterparty, the newest first.
    pub(super) fn shared_with(
        &self,
        account: AccountId,
        kind: ObjectKind,
        before: u64,
    ) -> impl Iterator<Item = Key> + '_ {
        self.by_counterparty.newest(account, kind, before)
    }

    /// Rows that came of that object, the newest first.
    pub(super) fn come_of(
        &self,
        source: ObjectRef,
        kind: ObjectKind,
        before: u64,
    ) -> impl Iterator<Item = Key> + '_ {
        self.by_source.newest(source, kind, before)
    }

    /// Rows whose transfer group may be this one, the newest first.
    pub(super) fn grouped(
        &self,
        group: &str,
        kind: ObjectKind,
        before: u64,
    ) -> impl Iterator<Item = Key> + '_ {
        self.by_group.newest(Digest::of(group), kind, before)
    }

    /// A place in the log after every row made at or before `time`.
    pub(super) fn after(&self, time: Timestamp) -> u64 {
        self.days.range(time.day().plus(1)..).next().map_or(u64::MAX, |(_, first)| *first)
    }
}
