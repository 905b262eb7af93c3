//! Recent rows: those since the last flush, in memory.

use counterfoil_domain::AccountId;
use counterfoil_domain::books::State;
use serde::{Deserialize, Serialize};

use super::places::{put_listed, put_made, put_made_of, take_listed};
use super::row::{By, Key, Listed, Maturity, Pending, Purse, Taken};
use crate::numbered::numbered;
use crate::object::ObjectKind;
use crate::rows::{Chained, Linked as _, Packed, Row, STRETCH, Strand, Strands, Stretch, put};

/// What the view keeps of recent events.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Recent {
    /// Of each kind the places at which objects were made.
    kinds: [Vec<u64>; ObjectKind::ALL.len()],
    /// By account number: the lists of the objects with the account at the other end, and
    /// of those that live on it.
    accounts: Vec<OfAccount>,
    of_accounts: Strands,
    /// All other lists.
    lists: Chained<Listed>,
    pub(super) pending: Chained<Pending>,
    pub(super) maturities: Chained<Maturity>,
    pub(super) taken: Chained<Taken>,
}

/// An account's objects in memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct OfAccount {
    strand: Strand,
    /// The place of the newest.
    made: u64,
}

/// Which of an account's lists it is.
fn lives_there(by: By) -> Option<bool> {
    match by {
        By::Counterparty => Some(false),
        By::Owner => Some(true),
        By::Kind | By::Source | By::Group | By::ExternalId => None,
    }
}

impl Recent {
    /// Makes room for an account.
    pub(super) fn open_account(&mut self) {
        self.accounts.push(OfAccount::default());
    }

    /// Adds an object to the list of its kind.
    #[inline]
    pub(super) fn add_kind(&mut self, kind: ObjectKind, made: u64) {
        if let Some(places) = self.kinds.get_mut(kind as usize) {
            places.push(made);
        }
    }

    /// Adds an object to another list.
    #[inline]
    pub(super) fn list(&mut self, row: Listed) {
        let Some(lives_there) = lives_there(row.by) else {
            return self.lists.push(row);
        };
        let place = usize::try_from(row.property).unwrap_or(usize::MAX);
        if let Some(of) = self.accounts.get_mut(place) {
            self.of_accounts.push(&mut of.strand, |first, out| {
                put_listed(out, if first { 0 } else { of.made }, row.made, row.kind, lives_there);
            });
            of.made = row.made;
        }
    }

    /// Looks at what the next object of an account will change.
    #[inline]
    pub(super) fn touch(&self, account: AccountId) -> u64 {
        self.accounts.get(account.index()).map_or(0, |of| self.of_accounts.touch(of.strand))
    }

    /// The places at which objects of a kind were made, the earliest first.
    pub(super) fn of_kind(&self, kind: ObjectKind) -> &[u64] {
        self.kinds.get(kind as usize).map_or(&[], Vec::as_slice)
    }

    /// The places of the objects in a list that is not that of all of a kind, the newest
    /// first.
    pub(super) fn newest(&self, asked: Listed) -> Box<dyn Iterator<Item = u64> + '_> {
        let Some(lives_there) = lives_there(asked.by) else {
            let rows = self.lists.newest(asked.hash());
            return Box::new(
                rows.filter(move |row| Listed { made: asked.made, ..**row } == asked).map(|row| row.made),
            );
        };
        let of = usize::try_from(asked.property).ok().and_then(|place| self.accounts.get(place));
        let strand = of.copied().unwrap_or_default().strand;
        let rows = self.of_accounts.newest_first(strand).flat_map(|(bytes, _)| listed(&bytes).rev());
        Box::new(rows.filter(move |row| (row.1, row.2) == (asked.kind, lives_there)).map(|row| row.0))
    }

    /// Notes an object's posting to a pending balance; other states need no row.
    pub(super) fn add_posting(&mut self, purse: Purse, state: State, kind: ObjectKind, made: u64) {
        if let State::Pending(day) = state {
            let row = Pending { purse, day, made, kind };
            // The postings of one event come together.
            if self.pending.rows().last() != Some(&row) {
                self.pending.push(row);
            }
        }
    }

    /// Whether there are no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.kinds.iter().all(Vec::is_empty)
            && self.of_accounts.is_empty()
            && self.lists.rows().is_empty()
            && self.pending.rows().is_empty()
            && self.maturities.rows().is_empty()
            && self.taken.rows().is_empty()
    }

    /// The memory that the rows take, roughly.
    pub(super) fn bytes(&self) -> usize {
        let kinds = self.kinds.iter().map(Vec::len).sum::<usize>() * size_of::<u64>();
        let lists = self.of_accounts.bytes() + self.lists.bytes();
        kinds + lists + self.pending.bytes() + self.maturities.bytes() + self.taken.bytes()
    }

    /// Forgets every row; keeps the memory for the next ones.
    pub(super) fn clear(&mut self) {
        self.kinds.iter_mut().for_each(Vec::clear);
        self.accounts.iter_mut().for_each(|of| of.strand = Strand::default());
        self.of_accounts.clear();
        self.lists.clear();
        self.pending.clear();
        self.maturities.clear();
        self.taken.clear();
    }

    /// Calls `with` for the key and value of every stretch of rows, in the order of keys.
    ///
    /// # Errors
    /// The first that `with` gives.
    pub(super) fn each<E>(&self, mut with: impl FnMut(&[u8], &[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut value = Vec::new();
        for kind in ObjectKind::ALL {
            let row = Listed { by: By::Kind, property: 0, kind, made: 0 };
            each_list(row, self.of_kind(kind), &mut value, &mut with)?;
        }
        self.each_of_accounts(&mut value, &mut with)?;
        for by in [By::Source, By::Group, By::ExternalId] {
            let mut rows: Vec<Listed> =
                self.lists.rows().iter().filter(|row| row.by == by).copied().collect();
            // Most come in order, of which this sort makes use.
            rows.sort();
            let mut made = Vec::new();
            for list in rows.chunk_by(|one, next| Listed { made: next.made, ..*one } == *next) {
                made.clear();
                made.extend(list.iter().map(|row| row.made));
                list.first().map_or(Ok(()), |row| each_list(*row, &made, &mut value, &mut with))?;
            }
        }
        for day in
            sorted(self.pending.rows()).chunk_by(|one, next| (one.purse, one.day) == (next.purse, next.day))
        {
            for rows in day.chunks(STRETCH) {
                value.clear();
                for (one, next) in rows.iter().zip(rows.iter().skip(1)) {
                    put_made_of(&mut value, one.made, next.made, next.kind);
                }
                rows.first().map_or(Ok(()), |row| with(row.key().bytes(), &value))?;
            }
        }
        let mut packed = |key: Key, pack: &dyn Fn(&mut Vec<u8>)| {
            value.clear();
            pack(&mut value);
            with(key.bytes(), &value)
        };
        for row in sorted(self.maturities.rows()) {
            packed(row.key(), &|out| row.pack(out))?;
        }
        for row in sorted(self.taken.rows()) {
            packed(row.key(), &|out| row.pack(out))?;
        }
        Ok(())
    }

    /// The lists of accounts, account by account: first those of what has the account at the
    /// other end, then those of what lives on it. A strand holds both and is unpacked once.
    fn each_of_accounts<E>(
        &self,
        value: &mut Vec<u8>,
        with: &mut impl FnMut(&[u8], &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let strands = numbered(&self.accounts, None).map(|(account, of)| (account, of.strand));
        let mut lists: [[Vec<u64>; ObjectKind::ALL.len()]; 2] = Default::default();
        let mut later = Later::default();
        self.of_accounts.each(strands, |account, Stretch { left, bytes }| {
            let mut rows = 0;
            for (made, kind, lives_there) in listed(bytes) {
                rows += 1;
                let list = lists.get_mut(usize::from(lives_there));
                if let Some(places) = list.and_then(|kinds| kinds.get_mut(kind as usize)) {
                    places.push(made);
                }
            }
            if left > rows {
                return Ok(());
            }
            let list = |by, kind| Listed { by, property: account.0.into(), kind, made: 0 };
            let [counterparty, owner] = &mut lists;
            for (kind, places) in ObjectKind::ALL.into_iter().zip(counterparty) {
                each_list(list(By::Counterparty, kind), places, value, with)?;
                places.clear();
            }
            for (kind, places) in ObjectKind::ALL.into_iter().zip(owner) {
                each_list(list(By::Owner, kind), places, value, &mut |key, value| {
                    later.add(key, value);
                    Ok(())
                })?;
                places.clear();
            }
            Ok(())
        })?;
        later.each(with)
    }
}

/// Stretches whose keys come after those of others, one behind another: each with the lengths
/// of its key and its value before it.
#[derive(Default)]
struct Later(Vec<u8>);

impl Later {
    fn add(&mut self, key: &[u8], value: &[u8]) {
        put(&mut self.0, key.len() as u64);
        put(&mut self.0, value.len() as u64);
        self.0.extend_from_slice(key);
        self.0.extend_from_slice(value);
    }

    fn each<E>(&self, with: &mut impl FnMut(&[u8], &[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut packed = Packed(&self.0);
        while let Some((key, value)) = take(&mut packed) {
            with(key, value)?;
        }
        Ok(())
    }
}

/// Takes what [`Later::add`] put there.
fn take<'a>(packed: &mut Packed<'a>) -> Option<(&'a [u8], &'a [u8])> {
    let (key, value) = (packed.number()?, packed.number()?);
    Some((packed.bytes(key)?, packed.bytes(value)?))
}

/// Calls `with` for the stretches of a list, of which a row is known.
fn each_list<E>(
    list: Listed,
    places: &[u64],
    value: &mut Vec<u8>,
    with: &mut impl FnMut(&[u8], &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    for places in places.chunks(STRETCH) {
        value.clear();
        for (one, next) in places.iter().zip(places.iter().skip(1)) {
            put_made(value, *one, *next);
        }
        let first = places.first().copied().unwrap_or_default();
        with(Listed { made: first, ..list }.key().bytes(), value)?;
    }
    Ok(())
}

/// The rows of a stretch of an account's lists. What was packed here is unpacked.
fn listed(bytes: &[u8]) -> std::vec::IntoIter<(u64, ObjectKind, bool)> {
    let (mut packed, mut before, mut rows) = (Packed(bytes), 0, Vec::with_capacity(STRETCH));
    while let Some(row) = take_listed(&mut packed, before) {
        before = row.0;
        rows.push(row);
    }
    rows.into_iter()
}

/// Rows in order; of those at one place the newest.
pub(super) fn sorted<R: Row + Copy>(rows: &[R]) -> Vec<R> {
    let mut sorted = rows.to_vec();
    // Of equals the newest comes first, and the others are dropped.
    sorted.reverse();
    sorted.sort_by_key(Row::place);
    sorted.dedup_by_key(|row| row.place());
    sorted
}
