//! Recent rows: those since the last flush, in memory.

use counterfoil_domain::books::State;
use serde::{Deserialize, Serialize};

use super::row::{By, Key, Listed, Maturity, Pending, Purse, Taken};
use crate::object::ObjectKind;
use crate::rows::{Chained, Row};

/// What the view keeps of recent events.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Recent {
    /// Of each kind the places at which objects were made.
    kinds: [Vec<u64>; ObjectKind::ALL.len()],
    pub(super) lists: Chained<Listed>,
    pub(super) pending: Chained<Pending>,
    pub(super) maturities: Chained<Maturity>,
    pub(super) taken: Chained<Taken>,
}

impl Recent {
    /// Adds an object to the list of its kind.
    #[inline]
    pub(super) fn add_kind(&mut self, kind: ObjectKind, made: u64) {
        if let Some(places) = self.kinds.get_mut(kind as usize) {
            places.push(made);
        }
    }

    /// The places at which objects of a kind were made, the earliest first.
    pub(super) fn of_kind(&self, kind: ObjectKind) -> &[u64] {
        self.kinds.get(kind as usize).map_or(&[], Vec::as_slice)
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
            && self.lists.rows().is_empty()
            && self.pending.rows().is_empty()
            && self.maturities.rows().is_empty()
            && self.taken.rows().is_empty()
    }

    /// The memory that the rows take, roughly.
    pub(super) fn bytes(&self) -> usize {
        let kinds = self.kinds.iter().map(Vec::len).sum::<usize>() * size_of::<u64>();
        kinds + self.lists.bytes() + self.pending.bytes() + self.maturities.bytes() + self.taken.bytes()
    }

    /// Forgets every row; keeps the memory for the next ones.
    pub(super) fn clear(&mut self) {
        self.kinds.iter_mut().for_each(Vec::clear);
        self.lists.clear();
        self.pending.clear();
        self.maturities.clear();
        self.taken.clear();
    }

    /// Calls `with` for the key and value of every row, in the order of keys.
    ///
    /// # Errors
    /// The first that `with` gives.
    pub(super) fn each<E>(&self, mut with: impl FnMut(&[u8], &[u8]) -> Result<(), E>) -> Result<(), E> {
        for kind in ObjectKind::ALL {
            for made in self.of_kind(kind) {
                let row = Listed { by: By::Kind, property: 0, kind, made: *made };
                with(row.key().bytes(), &[])?;
            }
        }
        let mut lists = self.lists.rows().to_vec();
        lists.sort_unstable();
        for row in lists {
            with(row.key().bytes(), &[])?;
        }
        for row in sorted(self.pending.rows()) {
            with(row.key().bytes(), &[])?;
        }
        let mut value = Vec::new();
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
