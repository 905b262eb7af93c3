//! The statement's rows on disk: written in order of account, currency and number.

use std::path::Path;

use counterfoil_runs::RunError;

use super::row::Row;
use super::{NAME, Statement};
use crate::rows::{Row as _, Written};

impl Statement {
    /// Writes the rows that are in memory as one run.
    pub(super) fn write_rows(&self, folder: &Path) -> Result<Written, RunError> {
        if self.newer.is_empty() {
            return Ok(Written::default());
        }
        self.older.write(folder, NAME, self.next, |writer| {
            let mut value = Vec::new();
            for row in self.in_order() {
                value.clear();
                row.pack(&mut value);
                writer.add(&Row::key(row.account, row.currency, row.number), &value)?;
            }
            Ok(())
        })
    }

    /// The rows in memory in order of account, currency and number.
    pub(super) fn in_order(&self) -> impl Iterator<Item = &Row> + '_ {
        // Accounts are counted first, so that each row is put where it belongs at once.
        let mut ends: Vec<u32> = Vec::new();
        for row in &self.newer {
            let account = row.account.index();
            if account >= ends.len() {
                ends.resize(account + 1, 0);
            }
            if let Some(count) = ends.get_mut(account) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let mut order = vec![0_u32; self.newer.len()];
        for (place, row) in (0..).zip(&self.newer) {
            let slot = ends.get_mut(row.account.index()).map(|end| std::mem::replace(end, *end + 1));
            if let Some(slot) = slot.and_then(|slot| order.get_mut(slot as usize)) {
                *slot = place;
            }
        }
        let row = |place: &u32| self.newer.get(*place as usize);
        // The rows of one account come in the order of their numbers, but currencies may mix.
        for of_one in
            order.chunk_by_mut(|a, b| row(a).map(|row| row.account) == row(b).map(|row| row.account))
        {
            if !of_one.is_sorted_by_key(|place| row(place).map(Row::place)) {
                of_one.sort_unstable_by_key(|place| row(place).map(Row::place));
            }
        }
        order.into_iter().filter_map(|place| self.newer.get(place as usize))
    }
}
