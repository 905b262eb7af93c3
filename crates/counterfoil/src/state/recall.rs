//! Recall: where each idempotency key was used and each changed record stands, gathered
//! by who follows the log and put into runs at each checkpoint.

use std::path::Path;

use counterfoil_domain::Recorded;
use counterfoil_runs::RunError;

use super::merge::Merge;
use super::recalled::Recalled;
use super::table::Span;
use crate::writer::Mark;

/// What was gathered, and what is in runs.
#[derive(Default)]
pub(crate) struct Recall {
    /// Short keys with the positions at which they were used, since the last checkpoint.
    keys: Vec<(u64, u64)>,
    /// Records that changed since the last checkpoint with the positions at which they did.
    changed: Vec<(u64, u64)>,
    recalled: Recalled,
    next: Mark,
    merging: Option<Merge>,
}

impl Recall {
    /// What a checkpoint held.
    pub(crate) fn resumed(recalled: Recalled) -> Self {
        let next = Mark { position: recalled.covered, recorded_at: 0 };
        Self { recalled, next, ..Self::default() }
    }

    /// Takes in which records an event changed.
    pub(crate) fn add(&mut self, recorded: &Recorded) {
        recorded.changed(|id| self.changed.push((id.to_bits(), recorded.position)));
    }

    /// Takes in short keys with the positions at which they were used; every event before
    /// `next` has been taken in.
    pub(crate) fn end(&mut self, keys: &[(u64, u64)], next: Mark) {
        self.keys.extend_from_slice(keys);
        self.next = next;
    }

    /// The file that a merge under way is writing.
    pub(crate) fn merging(&self) -> Option<&Path> {
        self.merging.as_ref().map(Merge::path)
    }

    /// What is in runs.
    pub(crate) fn recalled(&self) -> &Recalled {
        &self.recalled
    }

    /// Puts what was gathered into runs in a folder, and lets go of keys that left the
    /// window. After an error everything is as it was.
    pub(crate) fn flush(&mut self, folder: &Path) -> Result<(), RunError> {
        if let Some(merged) = self.merging.take_if(|merge| merge.is_finished()) {
            merged.settle(&mut self.recalled);
        }
        let recorded_at = self.next.recorded_at;
        let span = (self.recalled.covered, self.next.position);
        let mut recalled = self.recalled.clone();
        recalled.keys.add(&mut self.keys, span, recorded_at, folder)?;
        recalled.latest.add(&mut self.changed, span, recorded_at, folder)?;
        recalled.covered = self.next.position;
        let now = self.next;
        let newest =
            |span: &Span| Mark { position: span.end.saturating_sub(1), recorded_at: span.recorded_at };
        recalled.keys.spans.retain(|span| newest(span).is_kept(now));
        self.recalled = recalled;
        self.keys.clear();
        self.changed.clear();
        self.begin_merge(folder);
        Ok(())
    }

    fn begin_merge(&mut self, folder: &Path) {
        if self.merging.is_none() {
            self.merging = self.recalled.tables().into_iter().find_map(|table| Merge::begin(table, folder));
        }
    }

    /// Waits for every merge that is due: a ledger that is opened and closed often would
    /// never come to one, and nothing is written after the end.
    pub(crate) fn merge_all(&mut self, folder: &Path) {
        while let Some(merge) = self.merging.take() {
            // A merge that failed is tried again next time.
            if !merge.settle(&mut self.recalled) {
                return;
            }
            self.begin_merge(folder);
        }
    }
}
