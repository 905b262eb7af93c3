//! Recent rows: those since the last flush, in memory.

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::Day;
use serde::{Deserialize, Serialize};

use super::accounts::{Accounts, Of, Row, Until};
use super::again::Again;
use super::row::{Belated, By, Key, Listed, Maturity, Pending, Purse, Taken};
use super::stretches::{Later, Sorting, each_list, each_list_of, each_of_lists, each_pending};
use crate::object::ObjectKind;
use crate::rows::{self, Chained, Linked as _};

/// What the view keeps of recent events.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Recent {
    /// Of each kind the places at which objects were made.
    kinds: [Vec<u64>; ObjectKind::ALL.len()],
    /// By account: the lists of the objects with the account at the other end, of those that
    /// live on it, and of those with money pending there.
    accounts: Accounts,
    /// The lists of what came of an object: nearly in the order of their keys.
    sources: Chained<Listed>,
    /// Those by transfer group and the caller's id.
    texts: Chained<Listed>,
    pub(super) maturities: Chained<Maturity>,
    pub(super) taken: Chained<Taken>,
    pub(super) belated: Chained<Belated>,
    pub(super) again: Chained<Again>,
}

/// Which of an account's lists it is.
fn of_account(by: By) -> Option<Of> {
    match by {
        By::Counterparty => Some(Of::Counterparty),
        By::Owner => Some(Of::Owner),
        By::Kind | By::Source | By::Group | By::ExternalId => None,
    }
}

impl Recent {
    /// Makes room for an account.
    pub(super) fn open_account(&mut self) {
        self.accounts.open();
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
        match of_account(row.by) {
            Some(of) => self.accounts.push(row.property, Row { of, kind: row.kind, made: row.made }),
            None if row.by == By::Source => self.sources.push(row),
            None => self.texts.push(row),
        }
    }

    /// Looks at what the next object of an account will change.
    #[inline]
    pub(super) fn touch(&self, account: AccountId) -> u64 {
        self.accounts.touch(account)
    }

    /// The places at which objects of a kind were made, the earliest first.
    pub(super) fn of_kind(&self, kind: ObjectKind) -> &[u64] {
        self.kinds.get(kind as usize).map_or(&[], Vec::as_slice)
    }

    /// The places of the objects in a list that is not that of all of a kind, the newest
    /// first.
    pub(super) fn newest(&self, asked: Listed) -> Box<dyn Iterator<Item = u64> + '_> {
        let Some(of) = of_account(asked.by) else {
            let lists = if asked.by == By::Source { &self.sources } else { &self.texts };
            let rows = lists.newest(asked.hash());
            return Box::new(
                rows.filter(move |row| Listed { made: asked.made, ..**row } == asked).map(|row| row.made),
            );
        };
        let rows = self.accounts.newest(asked.property);
        Box::new(rows.filter(move |row| (row.of, row.kind) == (of, asked.kind)).map(|row| row.made))
    }

    /// The objects with pending money of a day, the newest first; one may come more than once.
    pub(super) fn pending(&self, purse: Purse, day: Day) -> impl Iterator<Item = Pending> + '_ {
        let asked = Of::Pending(Until { currency: purse.currency, day });
        let rows = self.accounts.newest(purse.account.0.into()).filter(move |row| row.of == asked);
        rows.map(move |Row { kind, made, .. }| Pending { purse, day, made, kind })
    }

    /// Notes that an object has pending money.
    #[inline]
    pub(super) fn add_pending(&mut self, Pending { purse, day, made, kind }: Pending) {
        let of = Of::Pending(Until { currency: purse.currency, day });
        self.accounts.push(purse.account.0.into(), Row { of, kind, made });
    }

    /// Whether there are no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.kinds.iter().all(Vec::is_empty)
            && self.accounts.is_empty()
            && self.sources.rows().is_empty()
            && self.texts.rows().is_empty()
            && self.maturities.rows().is_empty()
            && self.taken.rows().is_empty()
            && self.belated.rows().is_empty()
            && self.again.rows().is_empty()
    }

    /// The memory that the rows take, roughly.
    pub(super) fn bytes(&self) -> usize {
        let kinds = self.kinds.iter().map(Vec::len).sum::<usize>() * size_of::<u64>();
        let lists = self.accounts.bytes() + self.sources.bytes() + self.texts.bytes();
        let later = self.belated.bytes() + self.again.bytes();
        kinds + lists + later + self.maturities.bytes() + self.taken.bytes()
    }

    /// Forgets every row; keeps the memory for the next ones.
    pub(super) fn clear(&mut self) {
        self.kinds.iter_mut().for_each(Vec::clear);
        self.accounts.clear();
        self.sources.clear();
        self.texts.clear();
        self.maturities.clear();
        self.taken.clear();
        self.belated.clear();
        self.again.clear();
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
        let pending = self.each_of_accounts(&mut value, &mut with)?;
        for lists in [&self.sources, &self.texts] {
            each_of_lists(lists.rows(), &mut value, &mut with)?;
        }
        pending.each(&mut with)?;
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
        for row in sorted(self.belated.rows()) {
            packed(row.key(), &|out| row.pack(out))?;
        }
        for row in sorted(self.again.rows()) {
            packed(row.key(), &|_| ())?;
        }
        Ok(())
    }

    /// The lists of accounts, account by account: first those of what has the account at the
    /// other end, then those of what lives on it; gives back those of what has money pending
    /// there, which come after all lists. A strand holds all three and is unpacked once.
    fn each_of_accounts<E>(
        &self,
        value: &mut Vec<u8>,
        with: &mut impl FnMut(&[u8], &[u8]) -> Result<(), E>,
    ) -> Result<Later, E> {
        let mut sorting = Sorting::default();
        let (mut owned, mut pending) = (Later::default(), Later::default());
        self.accounts.each(|account, rows, ends| {
            sorting.add(account, rows);
            if !ends {
                return Ok(());
            }
            sorting.sort();
            each_list_of(account, By::Counterparty, &sorting.counterparty, value, with)?;
            let Ok(()) = each_list_of(account, By::Owner, &sorting.owner, value, &mut owned.adding());
            let Ok(()) = each_pending(&sorting.pending, value, &mut pending.adding());
            sorting.clear();
            Ok(())
        })?;
        owned.each(with)?;
        Ok(pending)
    }
}

/// Rows in order; of those at one place the newest.
pub(super) fn sorted<R: rows::Row + Copy>(rows: &[R]) -> Vec<R> {
    let mut sorted = rows.to_vec();
    // Of equals the newest comes first, and the others are dropped.
    sorted.reverse();
    sorted.sort_by_key(rows::Row::place);
    sorted.dedup_by_key(|row| row.place());
    sorted
}
