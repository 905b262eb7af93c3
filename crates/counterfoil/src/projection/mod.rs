//! Projection: the views, kept behind the durable head by a thread of their own.

mod encoding;
mod keeping;
mod lineage;
mod merging;
mod opening;
mod past;
mod rebuild;
mod waiting;

use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use counterfoil_log::{EventLog, Head, LedgerId};
use counterfoil_views::{FolderShelf, Reading, View, Views};
use tokio::sync::{mpsc, watch};

pub(crate) use encoding::States;
use keeping::{BYTES, Kept};
pub(crate) use lineage::standing;
pub(crate) use opening::Viewing;
use past::{Bygone, Changes, LogPast};
pub use rebuild::Rebuilt;

use crate::error::OpenError;
use crate::follow::{Batch, Ending, News};
use crate::state::{Recalled, Trail};

/// The views stopped following the log; the ledger itself goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewsStopped {
    /// Why.
    pub why: Arc<str>,
    /// Whether the data is damaged, as opposed to absent or not to be read now.
    pub is_corruption: bool,
}

impl ViewsStopped {
    /// What is read was written by no decision: whoever took it in came to an end.
    pub(crate) fn panicked(who: &str) -> Self {
        let mend = "the log holds what no decision records; run `counterfoil audit`";
        Self { why: format!("{who} panicked: {mend}").into(), is_corruption: true }
    }

    /// Nothing is damaged, and they do not answer.
    pub(crate) fn sound(why: &str) -> Self {
        Self { why: why.into(), is_corruption: false }
    }
}

impl From<&OpenError> for ViewsStopped {
    fn from(error: &OpenError) -> Self {
        Self { why: error.to_string().into(), is_corruption: error.is_corruption() }
    }
}

/// The live views and the thread that feeds them.
pub(crate) struct Projection {
    shared: Arc<Shared>,
    position: watch::Receiver<u64>,
    close: mpsc::Sender<Ending>,
    /// Whether nothing may be written any more: another may have opened the folder.
    closed: RwLock<bool>,
}

/// What the thread and the callers share.
pub(super) struct Shared {
    ledger: LedgerId,
    live: RwLock<Live>,
    bygone: Bygone,
    /// Why the views stand still, once they do.
    stopped: RwLock<Option<ViewsStopped>>,
    shelf: Option<FolderShelf>,
    /// How the states of views are written.
    states: States,
    /// Views whose snapshots were broken: they stay on the shelf until a rebuild.
    damaged: RwLock<Vec<(View, String)>>,
    /// The files of rows that the snapshots on the shelf name.
    committed: Mutex<Vec<(View, String)>>,
    /// How many writers of files are at work whose files nobody names yet.
    making: Mutex<usize>,
}

/// What moves together: the views, where records last changed, and which heads the log passed.
pub(super) struct Live {
    pub(super) views: Views,
    changes: Changes,
    pub(super) trail: Trail,
}

/// Where the thread of the views is.
struct Feeder {
    kept: Kept,
    /// The log in it goes after the last file: with it the folder may be let go of.
    shared: Arc<Shared>,
    news: Receiver<News>,
    /// The head up to which the views have seen the log.
    seen: Head,
    published: watch::Sender<u64>,
}

impl Projection {
    /// Starts the views where `viewing` stands; they are told of the log in batches, and
    /// `close` ends who tells.
    pub(crate) fn start(
        viewing: Viewing,
        log: Arc<dyn EventLog>,
        recalled: Recalled,
        news: Receiver<News>,
        close: mpsc::Sender<Ending>,
    ) -> std::io::Result<Self> {
        let (seen, kept) = (viewing.head, viewing.kept());
        let shared = Arc::new(viewing.into_shared(log, recalled));
        let (published, position) = watch::channel(shared.position());
        let feeder = Feeder { shared: shared.clone(), news, seen, kept, published };
        let _thread =
            std::thread::Builder::new().name("counterfoil-views".to_owned()).spawn(move || feeder.run())?;
        Ok(Self { shared, position, close, closed: RwLock::new(false) })
    }

    /// Asks the views something.
    pub(crate) fn read<T>(&self, with: impl FnOnce(Reading<'_>) -> T) -> T {
        let live = self.shared.live.read().unwrap_or_else(PoisonError::into_inner);
        let past = LogPast { bygone: &self.shared.bygone, changes: &live.changes };
        with(Reading::new(&live.views, &past))
    }

    /// Waits until the views have seen every event before `position`.
    pub(crate) async fn seen(&self, position: u64) -> Result<(), ViewsStopped> {
        let mut seen = self.position.clone();
        match seen.wait_for(|at| *at >= position).await {
            Ok(_) => Ok(()),
            Err(_) => {
                Err(self.shared.stopped().unwrap_or_else(|| ViewsStopped::sound("the ledger is closed")))
            }
        }
    }

    /// The views whose snapshots were broken when the ledger was opened, and how.
    pub(crate) fn damaged(&self) -> Vec<(View, String)> {
        self.shared.damaged.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sees everything durable, keeps what is worth it and stops, and so does who follows the log.
    pub(crate) async fn close(&self) {
        self.end(Ending::AtTheHead).await;
    }

    /// Stops at once, and so does who follows the log. Nothing is kept.
    pub(crate) async fn give_up(&self) {
        self.end(Ending::AtOnce).await;
    }

    async fn end(&self, how: Ending) {
        // The threads may be leaving by themselves, the writer being gone, and then this reaches
        // nobody: what is awaited is no answer but their ends, with which the sender of positions
        // and the receiver of this are dropped.
        let _ = self.close.try_send(how);
        let mut position = self.position.clone();
        while position.changed().await.is_ok() {}
        // The views may have come to a standstill long before.
        self.close.closed().await;
        *self.closed.write().unwrap_or_else(PoisonError::into_inner) = true;
    }
}

impl Live {
    /// The position before which everything was seen.
    fn position(&self) -> u64 {
        self.views.next_position().min(self.changes.next)
    }
}

impl Shared {
    fn position(&self) -> u64 {
        self.read(Live::position)
    }

    pub(super) fn read<T>(&self, with: impl FnOnce(&Live) -> T) -> T {
        with(&self.live.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn read_views<T>(&self, with: impl FnOnce(&Views) -> T) -> T {
        self.read(|live| with(&live.views))
    }

    pub(super) fn write<T>(&self, with: impl FnOnce(&mut Live) -> T) -> T {
        with(&mut self.live.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn stopped(&self) -> Option<ViewsStopped> {
        self.stopped.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Feeder {
    fn run(mut self) {
        // Rows that an earlier run wrote and did not come to name.
        self.shared.sweep();
        while let Ok(news) = self.news.recv() {
            let batch = match news {
                News::Happened(batch) => batch,
                News::Recalled(recalled) => {
                    self.shared.write(|live| live.changes.recall(recalled));
                    continue;
                }
                News::Stopped(stopped) => return self.stop(stopped),
                News::GivenUp => return,
            };
            match self.apply(&batch) {
                Ok(position) => self.published.send_replace(position),
                Err(error) => return self.stop((&error).into()),
            };
            if let Some(head) = batch.heads.last().filter(|head| head.next_frame > self.seen.next_frame) {
                self.seen = *head;
            }
            self.kept.keep(&self.shared, self.seen);
        }
        self.kept.keep_all(&self.shared, self.seen);
    }

    fn apply(&self, Batch { events, heads }: &Batch) -> Result<u64, OpenError> {
        self.shared.write(|live| {
            live.changes.add_all(events);
            let unseen = events.partition_point(|recorded| recorded.position < live.views.next_position());
            live.views
                .apply_all(events.get(unseen..).unwrap_or_default())
                .map_err(|gap| OpenError::Breach { position: gap.found, why: gap.to_string() })?;
            heads.iter().for_each(|head| live.trail.pass(head));
            Ok(live.position())
        })
    }

    fn stop(&self, stopped: ViewsStopped) {
        tracing::error!(why = &*stopped.why, "the views stand still");
        *self.shared.stopped.write().unwrap_or_else(PoisonError::into_inner) = Some(stopped);
    }
}

impl Drop for Feeder {
    fn drop(&mut self) {
        // Who waits is told before the sender of positions goes.
        if std::thread::panicking() {
            self.stop(ViewsStopped::panicked("taking the log into the views"));
        }
    }
}

impl std::fmt::Display for ViewsStopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the views stand still: {}", self.why)
    }
}

impl std::error::Error for ViewsStopped {}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;
    use std::time::Duration;

    use counterfoil_log::LedgerId;
    use counterfoil_log::memory::MemoryLog;

    use super::*;

    /// Where the views stood still, closing did not wait for who follows the log: it wrote its
    /// checkpoint into a folder that another ledger was opened in.
    #[tokio::test]
    async fn closing_waits_for_who_follows_the_log_though_the_views_stand_still() {
        let log: Arc<dyn EventLog> = MemoryLog::new(LedgerId([7; 16])).unwrap().log();
        let viewing = Viewing::load(None, &*log).await.unwrap();
        let (close, mut closing) = mpsc::channel(1);
        // Nobody tells the views anything: their thread is gone.
        let (_, news) = sync_channel(1);
        let projection = Projection::start(viewing, log, Recalled::default(), news, close).unwrap();
        assert!(projection.seen(1).await.is_err());
        let (go, gone) = std::sync::mpsc::channel();
        let following = std::thread::spawn(move || {
            assert_eq!(closing.blocking_recv(), Some(Ending::AtTheHead));
            gone.recv().unwrap();
            drop(closing);
        });
        let soon = tokio::time::timeout(Duration::from_millis(10), projection.close()).await;
        assert!(soon.is_err() && !following.is_finished());
        go.send(()).unwrap();
        projection.close().await;
        following.join().unwrap();
    }
}
