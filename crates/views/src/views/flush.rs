//! Flushing: moving the views' rows from memory to files, while they answer.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use counterfoil_runs::RunError;

use super::Views;
use crate::follower::Fed;
use crate::projector::View;
use crate::rows::{Merge, Merged, Written};

/// What the views wrote of their rows, until they take it over. It holds what was true
/// when it was written: a view that was handed an event since passes it over.
#[derive(Debug)]
#[must_use = "the rows are still in memory"]
pub struct Flush(Vec<(View, Written)>);

impl Views {
    /// How many bytes a flush would move out of memory, roughly.
    #[must_use]
    pub fn unwritten(&self) -> usize {
        View::ALL.into_iter().map(|view| self.one(view).unwritten()).sum()
    }

    /// Writes the rows that are in memory to new files in a folder. The views are as they
    /// were, and may be asked meanwhile, until they take it over by [`Views::settle`].
    ///
    /// # Errors
    /// What the disk says. Files that were written are nobody's.
    pub fn write(&self, folder: &Path) -> Result<Flush, RunError> {
        let written = |view| Ok((view, self.one(view).write(folder)?));
        View::ALL.into_iter().map(written).collect::<Result<_, RunError>>().map(Flush)
    }

    /// Takes over what was written, and lets go of the rows in memory.
    pub fn settle(&mut self, flush: Flush) {
        for (view, written) in flush.0 {
            self.one_mut(view).settle(written);
        }
    }

    /// Moves the rows that are in memory to new files in a folder, and merges files where
    /// there are many.
    ///
    /// # Errors
    /// What the disk says; what was moved before is moved.
    pub fn flush(&mut self, folder: &Path) -> Result<(), RunError> {
        let flush = self.write(folder)?;
        self.settle(flush);
        View::ALL.into_iter().try_for_each(|view| merge_all(self.one_mut(view), folder))
    }

    /// Files of a view that should become one and have no more than so many bytes, if there are
    /// any: a file is named by a view once [`Views::replace`] was called.
    #[must_use]
    pub fn merge(&self, most: u64) -> Option<(View, Merge)> {
        View::ALL.into_iter().find_map(|view| Some((view, self.one(view).merge(most)?)))
    }

    /// Puts one file of a view in the place of those that became it.
    pub fn replace(&mut self, view: View, merged: Merged) {
        self.one_mut(view).replace(merged);
    }

    /// The names of the files of one view's rows.
    #[must_use]
    pub fn files_of(&self, view: View) -> Vec<String> {
        self.one(view).files()
    }

    /// The names of the files of all views' rows. Others are nobody's, unless a snapshot on
    /// the shelf still names them.
    #[must_use]
    pub fn files(&self) -> BTreeSet<String> {
        View::ALL.into_iter().flat_map(|view| self.files_of(view)).collect()
    }
}

/// Merges a view's files for as long as there are many.
pub(super) fn merge_all(view: &mut dyn Fed, folder: &Path) -> Result<(), RunError> {
    while let Some(merge) = view.merge(u64::MAX) {
        if let Some(merged) = merge.write(folder, &AtomicBool::new(false))? {
            view.replace(merged);
        }
    }
    Ok(())
}
