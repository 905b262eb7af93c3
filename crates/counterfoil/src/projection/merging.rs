//! Merging the views' files on a thread of its own, one view's at a time.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use counterfoil_views::{Merge, Merged, View};

use super::Shared;

/// A merge under way, if there is one.
#[derive(Default)]
pub(super) struct Merging(Option<Work>);

struct Work {
    view: View,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Option<Merged>>,
}

impl Merging {
    /// Takes over what was merged, and begins the next merge where there are many files. Its
    /// file is in the making until then.
    pub(super) fn go_on(&mut self, shared: &Arc<Shared>, folder: PathBuf) {
        if let Some(work) = self.0.take_if(|work| work.thread.is_finished()) {
            work.take_over(shared);
            // While one merge follows another there is no other time to.
            shared.sweep();
        }
        if self.0.is_none()
            && let Some((view, merge)) = shared.read_views(|views| views.merge(u64::MAX))
        {
            shared.begin_making();
            self.0 = Work::begin(view, merge, folder);
            if self.0.is_none() {
                shared.end_making();
            }
        }
    }

    /// Stops what is under way: it is done another time.
    pub(super) fn stop(&mut self, shared: &Shared) {
        if let Some(work) = self.0.take() {
            work.stop.store(true, Ordering::Relaxed);
            work.take_over(shared);
        }
    }
}

impl Drop for Merging {
    fn drop(&mut self) {
        if let Some(work) = self.0.take() {
            work.stop.store(true, Ordering::Relaxed);
            // Its file was not taken over; it is nobody's.
            drop(work.thread.join());
        }
    }
}

impl Work {
    fn begin(view: View, merge: Merge, folder: PathBuf) -> Option<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let stops = stop.clone();
        let work = move || {
            merge.write(&folder, &stops).unwrap_or_else(|error| {
                tracing::warn!(%view, %error, "the view's files were not merged");
                None
            })
        };
        let thread = std::thread::Builder::new().name("counterfoil-merge".to_owned()).spawn(work);
        thread.ok().map(|thread| Self { view, stop, thread })
    }

    /// Waits for the end, and puts what came of it in its place.
    fn take_over(self, shared: &Shared) {
        if let Ok(Some(merged)) = self.thread.join() {
            shared.write(|live| live.views.replace(self.view, merged));
        }
        shared.end_making();
    }
}

#[cfg(test)]
mod tests {
    use counterfoil_log::LedgerId;
    use counterfoil_log::memory::MemoryLog;

    use super::*;
    use crate::projection::Viewing;
    use crate::state::Recalled;

    /// As long as merges followed each other, no file was removed: none is while one is in
    /// the making, and snapshots came in between only by chance.
    #[tokio::test]
    async fn what_nobody_names_is_removed_between_merges() {
        let folder = tempfile::tempdir().unwrap();
        let log = MemoryLog::new(LedgerId([7; 16])).unwrap().log();
        let viewing = Viewing::load(Some(folder.path().into()), &*log).await.unwrap();
        let shared = Arc::new(viewing.into_shared(log, Recalled::default()));
        let old = folder.path().join("statement-0-9.run");
        std::fs::write(&old, "rows").unwrap();
        shared.begin_making();
        shared.sweep();
        assert!(old.exists(), "another may be in the making");
        let thread = std::thread::spawn(|| None);
        let work = Work { view: View::Statement, stop: Arc::default(), thread };
        let mut merging = Merging(Some(work));
        while merging.0.is_some() {
            merging.go_on(&shared, folder.path().into());
        }
        assert!(!old.exists());
    }
}
