//! Listing objects, the newest first, page by page.

use std::collections::VecDeque;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::{AccountId, PayoutId};

use super::row::{By, Listed};
use super::{Digest, NAME, Object, Objects, Place, Reader};
use crate::object::{ObjectKind, ObjectRef};
use crate::rows::Scan;
use crate::unreadable::Unreadable;

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
pub struct Page {
    /// The objects, the newest first.
    pub objects: Vec<Object>,
    /// Where the next page starts; `None` where this is the last. It stays good
    /// whatever is added meanwhile.
    pub next: Option<ObjectRef>,
}

/// The places of one kind's objects, the newest first.
type Places<'a> = Box<dyn Iterator<Item = Result<u64, Unreadable>> + 'a>;

impl<'a> Reader<'a> {
    /// One page of the objects that `query` asks for. An `after` that does not exist
    /// gives an empty page.
    ///
    /// # Errors
    /// Rows or events that cannot be read.
    pub fn list(&self, query: &Query) -> Result<Page, Unreadable> {
        let after = match query.after {
            Some(object) => match self.made(object)? {
                Some(_) => self.objects.place(object),
                None => return Ok(Page { objects: Vec::new(), next: None }),
            },
            None => None,
        };
        // Each kind gives at most one page and one object more; the newest of them all are
        // the page.
        let mut found: Vec<(Place, Object)> = Vec::new();
        for kind in ObjectKind::ALL.into_iter().filter(|kind| query.kind.is_none_or(|asked| asked == *kind)) {
            let mut left = query.limit.saturating_add(1);
            for made in self.candidates(query, kind, before(after, kind))? {
                if left == 0 {
                    break;
                }
                let made = made?;
                let object = self.at((kind, made))?;
                if query.from.is_some_and(|from| object.created < from) {
                    break;
                }
                if query.until.is_none_or(|until| object.created < until) && query.asks_for(&object) {
                    found.push(((kind, made), object));
                    left -= 1;
                }
            }
        }
        found.sort_unstable_by_key(|((kind, made), _)| std::cmp::Reverse((*made, *kind)));
        let more = found.len() > query.limit;
        found.truncate(query.limit);
        let next = found.last().filter(|_| more).map(|(_, object)| object.reference);
        let objects = found.into_iter().map(|(_, object)| self.whole(object)).collect::<Result<_, _>>()?;
        Ok(Page { objects, next })
    }

    /// The places of a kind's objects that may be asked for, by the narrowest list there
    /// is for the query.
    fn candidates(&self, query: &Query, kind: ObjectKind, before: u64) -> Result<Places<'a>, Unreadable> {
        let before = query.until.map_or(before, |until| before.min(self.objects.after(until)));
        if let Some(payout) = query.payout {
            let members = self.members(payout)?.into_iter().rev();
            let members = members.filter(move |(of, made)| *of == kind && *made < before);
            return Ok(Box::new(members.map(|(_, made)| Ok(made))));
        }
        let (by, property) = if let Some(source) = query.source {
            (By::Source, source.number())
        } else if let Some(group) = &query.transfer_group {
            (By::Group, Digest::of(group).0)
        } else if let Some(account) = query.counterparty {
            (By::Counterparty, u64::from(account.0))
        } else if let Some(owner) = query.owner.filter(|owner| Objects::lists_by_owner(kind, *owner)) {
            (By::Owner, u64::from(owner.0))
        } else {
            (By::Kind, 0)
        };
        Ok(self.newest(by, property, kind, before))
    }

    /// The objects of a kind that live on an account and were made at a time or later, as they
    /// were made, the newest first.
    pub(crate) fn owned_since(
        &self,
        account: AccountId,
        kind: ObjectKind,
        from: Timestamp,
    ) -> Result<Vec<Object>, Unreadable> {
        self.made_since(By::Owner, account, kind, from)
    }

    /// Those with the account at the other end.
    pub(crate) fn received_since(
        &self,
        account: AccountId,
        kind: ObjectKind,
        from: Timestamp,
    ) -> Result<Vec<Object>, Unreadable> {
        self.made_since(By::Counterparty, account, kind, from)
    }

    fn made_since(
        &self,
        by: By,
        account: AccountId,
        kind: ObjectKind,
        from: Timestamp,
    ) -> Result<Vec<Object>, Unreadable> {
        let mut found = Vec::new();
        for made in self.newest(by, u64::from(account.0), kind, u64::MAX) {
            let object = self.at((kind, made?))?;
            if object.created < from {
                break;
            }
            found.push(object);
        }
        Ok(found)
    }

    /// The places of the objects in a list made before a place.
    pub(super) fn newest(&self, by: By, property: u64, kind: ObjectKind, before: u64) -> Places<'a> {
        let Some(last) = before.checked_sub(1) else {
            return Box::new(std::iter::empty());
        };
        let objects = self.objects;
        let recent: Places<'a> = match (by, kind) {
            (By::Kind, ObjectKind::Account) => {
                let accounts = objects.accounts.iter().rev().map(|account| account.place());
                return Box::new(accounts.filter(move |made| *made < before).map(Ok));
            }
            (By::Owner, ObjectKind::Account) => {
                let account = usize::try_from(property).ok().and_then(|number| objects.accounts.get(number));
                let made = account.map(|account| account.place());
                return Box::new(made.filter(|made| *made < before).into_iter().map(Ok));
            }
            (By::Kind, _) => {
                let places = objects.recent.of_kind(kind);
                let end = places.partition_point(|made| *made < before);
                Box::new(places.get(..end).unwrap_or_default().iter().rev().copied().map(Ok))
            }
            (By::Counterparty | By::Owner | By::Source | By::Group | By::ExternalId, _) => {
                let asked = Listed { by, property, kind, made: 0 };
                Box::new(objects.recent.newest(asked).filter(move |made| *made < before).map(Ok))
            }
        };
        // All that is on disk is older than what is in memory.
        let (from, to) = (Listed { by, property, kind, made: 0 }, Listed { by, property, kind, made: last });
        let older =
            objects.older.scan(NAME, (from.key().bytes(), to.key().bytes()), from..=to, VecDeque::new());
        Box::new(recent.chain(older.rev().map(|row| row.map(|row: Listed| row.made))))
    }
}

impl Objects {
    /// The rows of a list, from either end; of no list of accounts.
    pub(super) fn scan(&self, by: By, property: u64, kind: ObjectKind) -> Scan<'_, Listed> {
        let asked = Listed { by, property, kind, made: 0 };
        let recent: VecDeque<Listed> = if by == By::Kind {
            self.recent.of_kind(kind).iter().map(|made| Listed { made: *made, ..asked }).collect()
        } else {
            let newest = self.recent.newest(asked).map(|made| Listed { made, ..asked });
            newest.collect::<Vec<_>>().into_iter().rev().collect()
        };
        let last = Listed { made: u64::MAX, ..asked };
        self.older.scan(NAME, (asked.key().bytes(), last.key().bytes()), asked..=last, recent)
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

/// Objects of `kind` older than the cursor were made before this. Of those made in the
/// same place of the log, a later kind counts as newer.
fn before(after: Option<Place>, kind: ObjectKind) -> u64 {
    match after {
        Some((cursor, made)) if kind < cursor => made.saturating_add(1),
        Some((_, made)) => made,
        None => u64::MAX,
    }
}
