//! Merging runs in the background, so that a key is looked for in few of them.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;

use counterfoil_runs::{Run, RunError, Runs};

use super::recalled::Recalled;
use super::shelf::run_path;
use super::table::{Span, Table};

/// So many runs of a tier become one of the next.
const FAN_IN: usize = 8;

/// The positions of a run of the first tier; that of tier n covers eight to the power of
/// n as many.
const FIRST_TIER: u64 = 1 << 19;

/// A merge under way.
pub(super) struct Merge {
    /// Of which table.
    table: &'static str,
    /// The runs that are merged, which stand one after another.
    of: Vec<Span>,
    path: PathBuf,
    work: Work,
}

/// A thread that is waited for even where nobody wants its run any more: it writes into a
/// folder that another may open next.
struct Work(Option<JoinHandle<Result<Run, RunError>>>);

impl Merge {
    /// Begins the merge that is due in a table, if one is.
    pub(super) fn begin(table: &Table, folder: &Path) -> Option<Self> {
        let of = table.spans.get(due(&table.spans, table.largest)?)?.to_vec();
        let (first, last) = (of.first()?, of.last()?);
        let path = run_path(folder, table.name, first.first, last.end);
        let mut runs = Runs::new();
        of.iter().for_each(|span| runs.push(span.run.clone()));
        let (options, target) = (table.options(), path.clone());
        let merge = move || runs.merge(0..runs.len(), &target, options);
        match std::thread::Builder::new().name("counterfoil-merge".to_owned()).spawn(merge) {
            Ok(thread) => Some(Self { table: table.name, of, path, work: Work(Some(thread)) }),
            Err(error) => {
                tracing::warn!(%error, "no thread to merge runs; they stay as they are");
                None
            }
        }
    }

    /// Where its run is written.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn is_finished(&self) -> bool {
        self.work.0.as_ref().is_none_or(JoinHandle::is_finished)
    }

    /// Waits for the merged run and puts it in the place of those that it was made of;
    /// whether there is one.
    pub(super) fn settle(mut self, recalled: &mut Recalled) -> bool {
        let run = match self.work.0.take().map(JoinHandle::join) {
            Some(Ok(Ok(run))) => Arc::new(run),
            Some(Ok(Err(error))) => {
                tracing::warn!(%error, "runs were not merged; they stay as they are");
                return false;
            }
            Some(Err(_)) | None => {
                tracing::error!("merging runs panicked; they stay as they are");
                return false;
            }
        };
        for table in [&mut recalled.keys, &mut recalled.latest] {
            if table.name == self.table {
                exchange(&mut table.spans, &self.of, run.clone());
            }
        }
        true
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        // What it made is nobody's, and is removed by the next checkpoint.
        drop(self.0.take().map(JoinHandle::join));
    }
}

/// Exchanges `of` for one run, unless some of them have left the window meanwhile.
fn exchange(spans: &mut Vec<Span>, of: &[Span], run: Arc<Run>) {
    let (Some(first), Some(last)) = (of.first(), of.last()) else { return };
    let Some(start) = spans.iter().position(|span| Arc::ptr_eq(&span.run, &first.run)) else { return };
    let there = start..start + of.len();
    if spans.get(there.clone()).and_then(<[Span]>::last).is_some_and(|span| Arc::ptr_eq(&span.run, &last.run))
    {
        let whole = Span { run, first: first.first, end: last.end, recorded_at: last.recorded_at };
        spans.splice(there, [whole]);
    }
}

/// Neighbours of one tier, where there are enough of them to become one and they are not
/// as large as they may become.
fn due(spans: &[Span], largest: u64) -> Option<Range<usize>> {
    let tiers: Vec<u32> = spans.iter().map(|span| tier(span.end.saturating_sub(span.first))).collect();
    let mut start = 0;
    for same in tiers.chunk_by(|one, next| one == next) {
        if same.len() >= FAN_IN && same.first().is_some_and(|same| *same < tier(largest)) {
            return Some(start..start + FAN_IN);
        }
        start += same.len();
    }
    None
}

/// The tier of a run that covers so many positions.
fn tier(positions: u64) -> u32 {
    (positions.max(FIRST_TIER) / FIRST_TIER).ilog(FAN_IN as u64)
}
