//! Listing objects, the newest first, page by page.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::{AccountId, PayoutId};

use super::{Key, Object, Objects};
use crate::object::{ObjectKind, ObjectRef};

/// Which objects are asked for. What is absent is not asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Of this kind; of any kind where absent.
    pub kind: Option<ObjectKind>,
    /// Living on this account.
    pub owner: Option<AccountId>,
    /// With this account at the other end.
    pub counterparty: Option<AccountId>,
    /// Made at this business time or later.
    pub from: Option<Timestamp>,
    /// Made before this business time.
    pub until: Option<Timestamp>,
    /// Of this transfer group.
    pub transfer_group: Option<Box<str>>,
    /// Come of this object: the transfers and refunds of a charge, the reversals of a
    /// transfer.
    pub source: Option<ObjectRef>,
    /// Whose money this payout took.
    pub payout: Option<PayoutId>,
    /// Older than this one: the `next` of the page before.
    pub after: Option<ObjectRef>,
    /// At most so many.
    pub limit: usize,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<'a> {
    /// The objects, the newest first.
    pub objects: Vec<&'a Object>,
    /// Where the next page starts; `None` where this is the last. It stays good
    /// whatever is added meanwhile.
    pub next: Option<ObjectRef>,
}

impl Objects {
    /// One page of the objects that `query` asks for. An `after` that does not exist
    /// gives an empty page.
    #[must_use]
    pub fn list(&self, query: &Query) -> Page<'_> {
        let after = match query.after {
            Some(object) => match self.key(object).filter(|key| self.rows.contains_key(key)) {
                Some(key) => Some(key),
                None => return Page { objects: Vec::new(), next: None },
            },
            None => None,
        };
        // Each kind gives at most one page and one row more; the newest of them all are
        // the page.
        let mut found: Vec<(Key, &Object)> = Vec::new();
        for kind in ObjectKind::ALL.into_iter().filter(|kind| query.kind.is_none_or(|asked| asked == *kind)) {
            let rows = self.candidates(query, kind, before(after, kind)).filter_map(|key| self.row(key));
            let rows =
                rows.skip_while(|(_, object)| query.until.is_some_and(|until| object.created >= until));
            let rows = rows.take_while(|(_, object)| query.from.is_none_or(|from| object.created >= from));
            let asked = rows.filter(|(_, object)| query.asks_for(object));
            found.extend(asked.take(query.limit.saturating_add(1)));
        }
        found.sort_unstable_by_key(|((kind, made), _)| std::cmp::Reverse((*made, *kind)));
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let objects: Vec<&Object> = found.into_iter().map(|(_, object)| object).collect();
        let next = objects.last().filter(|_| more).map(|object| object.reference);
        Page { objects, next }
    }

    /// The rows of a kind that may be asked for, the newest first, by the narrowest
    /// index there is for the query.
    fn candidates<'a>(
        &'a self,
        query: &Query,
        kind: ObjectKind,
        before: u64,
    ) -> Box<dyn Iterator<Item = Key> + 'a> {
        let before = query.until.map_or(before, |until| before.min(self.indexes.after(until)));
        let indexes = &self.indexes;
        if let Some(payout) = query.payout {
            let members = self.payments.members(payout).into_iter().rev();
            return Box::new(members.filter(move |(of, made)| *of == kind && *made < before));
        }
        if let Some(source) = query.source {
            return Box::new(indexes.come_of(source, kind, before));
        }
        if let Some(group) = &query.transfer_group {
            return Box::new(indexes.grouped(group, kind, before));
        }
        if let Some(account) = query.counterparty {
            return Box::new(indexes.shared_with(account, kind, before));
        }
        match query.owner {
            Some(owner) => Box::new(indexes.owned(owner, kind, before)),
            None => Box::new(self.rows.range((kind, 0)..(kind, before)).rev().map(|(key, _)| *key)),
        }
    }

    fn row(&self, key: Key) -> Option<(Key, &Object)> {
        self.rows.get(&key).map(|object| (key, object))
    }
}

impl Query {
    /// The first `limit` objects of any kind.
    #[must_use]
    pub fn first(limit: usize) -> Self {
        Self { limit, ..Self::default() }
    }

    fn asks_for(&self, object: &Object) -> bool {
        let Self { owner, counterparty, transfer_group, source, .. } = self;
        owner.is_none_or(|owner| object.owner == owner)
            && (counterparty.is_none() || object.counterparty == *counterparty)
            && (source.is_none() || object.source == *source)
            && (transfer_group.is_none() || object.transfer_group() == transfer_group.as_deref())
    }
}

/// Rows of `kind` older than the cursor were made before this. Of rows made in the same
/// place of the log, a later kind counts as newer.
fn before(after: Option<Key>, kind: ObjectKind) -> u64 {
    match after {
        Some((cursor, made)) if kind < cursor => made.saturating_add(1),
        Some((_, made)) => made,
        None => u64::MAX,
    }
}
