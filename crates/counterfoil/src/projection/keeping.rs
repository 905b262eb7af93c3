//! Keeping the views: their rows on disk before they fill the memory, their snapshots
//! every now and then.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, PoisonError};

use counterfoil_log::Head;
use counterfoil_views::views::CheckpointError;
use counterfoil_views::{Lineage, Shelf, View, Views};

use super::Shared;
use super::merging::Merging;
use crate::state::{is_awaited, is_due, is_worth};

/// After so many events the rows in memory are written to disk.
const EVENTS: u64 = 1 << 19;

/// So many bytes of rows are in memory at most, and what one reading of the log adds.
pub(crate) const BYTES: usize = 64 << 20;

/// So many while somebody waits for the views.
const AWAITED_BYTES: usize = 3 * BYTES;

/// Files of so many bytes are merged while somebody waits: less than the rows that are written
/// then.
const LITTLE: u64 = 8 << 20;

/// Where rows were written last, or could not be: to try again at once would be to write the
/// same rows for every batch.
#[derive(Default)]
pub(super) struct Rows {
    position: u64,
    /// So many bytes stayed in memory.
    stayed: usize,
}

impl Rows {
    /// Rows up to a position are on disk.
    pub(super) fn up_to(position: u64) -> Self {
        Self { position, stayed: 0 }
    }

    /// Whether so much came since then that rows should be written.
    fn are_due(&self, position: u64, unwritten: usize) -> bool {
        position.saturating_sub(self.position) >= EVENTS || unwritten.saturating_sub(self.stayed) >= BYTES
    }
}

/// Where the views were written last.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) rows: Rows,
    /// Snapshots were written at this position.
    pub(super) snapshots: Option<u64>,
    /// How many events there were at the opening.
    pub(super) opened: u64,
    pub(super) merging: Merging,
}

impl Kept {
    /// Writes what is due, where every event before `head` was seen.
    pub(super) fn keep(&mut self, shared: &Arc<Shared>, head: Head) {
        let Some(folder) = shared.shelf.as_ref().map(|shelf| shelf.folder().to_owned()) else {
            return;
        };
        let (unwritten, accounts) =
            shared.read_views(|views| (views.unwritten(), views.balance().accounts() as u64));
        let awaited = is_awaited(head.next_position, self.opened);
        // Somebody waits for the views: only what would fill the memory is written.
        let due =
            self.rows.are_due(head.next_position, unwritten) && (!awaited || unwritten >= AWAITED_BYTES);
        if due {
            self.flush(shared, &folder, head);
        }
        if awaited {
            return;
        }
        let since = head.next_position - self.snapshots.unwrap_or_default().min(head.next_position);
        if due && is_due(since, accounts) {
            self.snapshots(shared, head);
        }
        self.merging.go_on(shared, folder);
    }

    /// Writes everything that is new, where every event before `head` was seen.
    pub(super) fn keep_all(&mut self, shared: &Shared, head: Head) {
        let Some(folder) = shared.shelf.as_ref().map(|shelf| shelf.folder().to_owned()) else {
            return;
        };
        self.merging.stop(shared);
        let since = head.next_position - self.snapshots.unwrap_or_default().min(head.next_position);
        let accounts = shared.read_views(|views| views.balance().accounts() as u64);
        if is_worth(since, accounts) {
            self.flush(shared, &folder, head);
            merge_small(shared, &folder);
            self.snapshots(shared, head);
        }
    }

    /// Moves rows to disk. They are written while the views are asked: this thread alone
    /// hands them events.
    fn flush(&mut self, shared: &Shared, folder: &Path, head: Head) {
        let _making = shared.making();
        match shared.read_views(|views| views.write(folder)) {
            Ok(flush) => {
                shared.write(|live| live.views.settle(flush));
                self.rows = Rows::up_to(head.next_position);
            }
            Err(error) => {
                tracing::warn!(%error, "the views' rows stay in memory; they could not be written");
                let stayed = shared.read_views(Views::unwritten);
                self.rows = Rows { position: head.next_position, stayed };
            }
        }
    }

    /// Writes snapshots of what is new, and removes the files that no snapshot names any
    /// more. One that was found broken is left for `rebuild`, so that an audit finds it.
    fn snapshots(&mut self, shared: &Shared, head: Head) {
        let damaged = shared.damaged.read().unwrap_or_else(PoisonError::into_inner).clone();
        let whole = |view: &View| damaged.iter().all(|(broken, _)| broken != view);
        shared.read(|live| {
            if live.views.next_position() != head.next_position {
                return;
            }
            let lineage = shared.lineage(live, &head);
            // One that is further on stands at another head: its snapshot is newer than this would be.
            let here = |view: &View| live.views.position(*view) == head.next_position;
            for view in View::ALL.into_iter().filter(whole).filter(here) {
                if let Err(error) = shared.write_snapshot(&live.views, view, &lineage) {
                    tracing::warn!(%view, %error, "no snapshot was written; the next opening reads what came since the last one");
                }
            }
            self.snapshots = Some(head.next_position);
        });
        shared.sweep();
    }
}

/// Merges small files at once: a ledger that is opened and closed for every command would
/// never come to it.
fn merge_small(shared: &Shared, folder: &Path) {
    let _making = shared.making();
    while let Some((view, merge)) = shared.read_views(|views| views.merge(LITTLE)) {
        match merge.write(folder, &AtomicBool::new(false)) {
            Ok(Some(merged)) => shared.write(|live| live.views.replace(view, merged)),
            Ok(None) => return,
            Err(error) => return tracing::warn!(%view, %error, "the view's files were not merged"),
        }
    }
}

impl Shared {
    /// Writes the snapshot of one view, where there is a shelf, and notes the files that it
    /// names: one thread at a time.
    pub(super) fn write_snapshot(
        &self,
        views: &Views,
        view: View,
        lineage: &Lineage,
    ) -> Result<(), CheckpointError> {
        let Some(shelf) = &self.shelf else {
            return Ok(());
        };
        let mut committed = self.committed.lock().unwrap_or_else(PoisonError::into_inner);
        views.checkpoint_one(view, lineage, shelf, &self.states)?;
        committed.retain(|(of, _)| *of != view);
        committed.extend(views.files_of(view).into_iter().map(|file| (view, file)));
        Ok(())
    }

    /// Announces files of rows that nobody names yet: until it is let go of, none are removed.
    pub(super) fn making(&self) -> Making<'_> {
        self.begin_making();
        Making(self)
    }

    pub(super) fn begin_making(&self) {
        *self.making.lock().unwrap_or_else(PoisonError::into_inner) += 1;
    }

    pub(super) fn end_making(&self) {
        *self.making.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
    }

    /// Removes the files of rows that neither a view nor a snapshot names, unless some are
    /// in the making: then the next sweep does.
    pub(super) fn sweep(&self) {
        let making = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shelf) = self.shelf.as_ref().filter(|_| *making == 0) {
            let committed = self.committed.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let live = self.read_views(|views| View::ALL.map(|view| views.files_of(view)));
            let names: BTreeSet<String> =
                live.into_iter().flatten().chain(committed.into_iter().map(|(_, file)| file)).collect();
            if let Err(error) = shelf.keep_runs(&names) {
                tracing::warn!(%error, "files of rows that no view names were not removed");
            }
        }
    }
}

/// Files of rows in the making.
pub(super) struct Making<'a>(&'a Shared);

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.0.end_making();
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::Mutex;

    use counterfoil_domain::account::Country;
    use counterfoil_domain::calendar::Timestamp;
    use counterfoil_domain::money::Currency;
    use counterfoil_domain::settings::{Clock, Settings};
    use counterfoil_domain::{Actor, Event, Recorded};
    use counterfoil_log::memory::MemoryDisk;
    use counterfoil_log::{Hash, LedgerId};
    use counterfoil_views::FolderShelf;
    use counterfoil_views::views::Outcome;
    use tracing::field::Field;
    use tracing::span::{Attributes, Id, Record};
    use uuid::Uuid;

    use super::super::{States, Viewing};
    use super::*;
    use crate::state::Recalled;

    /// Hears what is told of.
    #[derive(Clone, Default)]
    struct Ear(Arc<Mutex<String>>);

    impl tracing::Subscriber for Ear {
        fn enabled(&self, _: &tracing::Metadata<'_>) -> bool {
            true
        }

        fn new_span(&self, _: &Attributes<'_>) -> Id {
            Id::from_u64(1)
        }

        fn record(&self, _: &Id, _: &Record<'_>) {}

        fn record_follows_from(&self, _: &Id, _: &Id) {}

        fn event(&self, event: &tracing::Event<'_>) {
            let mut heard = self.0.lock().unwrap();
            write!(heard, "{}", event.metadata().level()).unwrap();
            event.record(&mut |field: &Field, value: &dyn std::fmt::Debug| {
                write!(heard, " {field}={value:?}").unwrap();
            });
            heard.push('\n');
        }

        fn enter(&self, _: &Id) {}

        fn exit(&self, _: &Id) {}
    }

    /// An event of a ledger, which its views take in.
    fn happens(shared: &Shared, position: u64, event: Event) -> Head {
        let (time, command) = (Timestamp::from_micros(0), Uuid::nil());
        let recorded =
            Recorded { position, time, actor: Actor::Time, acting: None, command, cause: None, event };
        shared.write(|live| live.views.apply(&recorded)).unwrap();
        let next = position + 1;
        Head { next_frame: next, next_position: next, hash: Hash([next as u8; 32]), epoch: 0 }
    }

    /// The views of a ledger without events, as they are kept in a folder.
    async fn viewed(folder: &Path) -> (Kept, Shared) {
        let log = MemoryDisk::new().create(LedgerId([7; 16]), Default::default()).unwrap();
        let viewing = Viewing::load(Some(folder.to_owned()), &log).await.unwrap();
        (viewing.kept(), viewing.into_shared(Arc::new(log), Recalled::default()))
    }

    /// The first event.
    fn opened() -> Event {
        let settings = Settings::new(Uuid::from_u128(7), [7; 16], Country::BR, Currency::BRL);
        Event::LedgerOpened(Box::new(Settings { clock: Clock::Simulated, ..settings }))
    }

    /// A view that grew beyond what a snapshot may have is told of, and goes on; and it is
    /// written again once it may.
    #[tokio::test]
    async fn a_view_that_is_too_large_for_a_snapshot_is_told_of_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        let (mut kept, mut shared) = viewed(folder.path()).await;
        let head = happens(&shared, 0, opened());
        let outcomes = || Views::load(&FolderShelf::new(folder.path()).unwrap(), &States::default()).1;

        shared.states = States::within(1);
        let ear = Ear::default();
        tracing::subscriber::with_default(ear.clone(), || kept.keep_all(&shared, head));
        let heard = ear.0.lock().unwrap().clone();
        for view in View::ALL {
            let told = heard.lines().find(|line| line.contains(&format!("view={view}"))).unwrap();
            assert!(told.starts_with("WARN") && told.contains("and 1 are allowed"), "{told}");
        }
        assert_eq!(outcomes(), View::ALL.map(|view| (view, Outcome::Fresh)));
        assert!(shared.read_views(|views| views.balance().accounts()) == 1);

        let head = happens(&shared, 1, Event::TimeAdvanced { to: Timestamp::from_micros(5) });
        shared.states = States::default();
        kept.keep_all(&shared, head);
        let loaded = |outcome: &Outcome| matches!(outcome, Outcome::Loaded { at } if at.next_position == 2);
        assert!(outcomes().iter().all(|(_, outcome)| loaded(outcome)));
    }

    /// Symptom: a log that had lost its end was opened, and four views were silent about what
    /// came next. Cause: while one view caught up, the snapshots of the others were written as
    /// if they stood where it did. Fix: only that of a view that stands there is.
    #[tokio::test]
    async fn a_view_that_is_further_on_keeps_its_snapshot() {
        let folder = tempfile::tempdir().unwrap();
        let (mut kept, shared) = viewed(folder.path()).await;
        happens(&shared, 0, opened());
        let head = happens(&shared, 1, Event::TimeAdvanced { to: Timestamp::from_micros(5) });
        kept.snapshots(&shared, head);
        shared.write(|live| live.views.forget(View::Tax));
        let behind = happens(&shared, 0, opened());
        kept.snapshots(&shared, behind);
        for (view, outcome) in Views::load(&FolderShelf::new(folder.path()).unwrap(), &States::default()).1 {
            let Outcome::Loaded { at } = outcome else { panic!("{view}: {outcome:?}") };
            let stands = if view == View::Tax { behind } else { head };
            assert_eq!(
                (at.next_position, at.lineage.next_frame),
                (stands.next_position, stands.next_frame),
                "{view}"
            );
        }
    }

    /// A flush that failed was tried again at every batch, and wrote all rows each time.
    #[test]
    fn rows_that_could_not_be_written_are_tried_after_as_many_again() {
        let rows = Rows::up_to(1_000);
        assert!(!rows.are_due(1_000 + EVENTS - 1, BYTES - 1));
        assert!(rows.are_due(1_000 + EVENTS, 0) && rows.are_due(1_001, BYTES));
        let failed = Rows { position: 1_000 + EVENTS, stayed: BYTES };
        assert!(!failed.are_due(1_001 + EVENTS, BYTES + 1));
        assert!(failed.are_due(1_000 + 2 * EVENTS, 0) && failed.are_due(1_001 + EVENTS, 2 * BYTES));
    }
}
