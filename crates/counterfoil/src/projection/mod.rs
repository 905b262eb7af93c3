//! Projection: the views, kept behind the durable head by a thread of their own.

mod encoding;
mod opening;
mod rebuild;

use std::sync::{Arc, PoisonError, RwLock};

use std::sync::mpsc::Receiver;

use counterfoil_log::Head;
use counterfoil_views::{FolderShelf, View, Views};
use tokio::sync::{mpsc, watch};

pub(crate) use encoding::States;
pub(crate) use opening::Viewing;
pub use rebuild::Rebuilt;

use crate::codec::Decoded;
use crate::error::OpenError;
use crate::follow::News;

/// How much of the log is read at once while following it.
const READ_BYTES: usize = 1 << 20;

/// The views stopped following the log; the ledger itself goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewsStopped {
    /// Why.
    pub why: Arc<str>,
}

/// The live views and the thread that feeds them.
pub(crate) struct Projection {
    shared: Arc<Shared>,
    position: watch::Receiver<u64>,
    close: mpsc::Sender<()>,
}

/// What the thread and the callers share.
pub(super) struct Shared {
    views: RwLock<Views>,
    /// Why the views stand still, once they do.
    stopped: RwLock<Option<Arc<str>>>,
    shelf: Option<FolderShelf>,
    /// Views whose snapshots were broken: they stay on the shelf until a rebuild.
    damaged: RwLock<Vec<(View, String)>>,
    /// Where the snapshots stood when the ledger was opened.
    loaded_at: Option<u64>,
}

/// Where the thread of the views is.
struct Follower {
    shared: Arc<Shared>,
    news: Receiver<News>,
    /// The head of the log that they have seen.
    head: Head,
    published: watch::Sender<u64>,
}

impl Projection {
    /// Starts the views where `viewing` stands; they are told of the log in batches, and
    /// `close` ends who tells.
    pub(crate) fn start(
        viewing: Viewing,
        news: Receiver<News>,
        close: mpsc::Sender<()>,
    ) -> std::io::Result<Self> {
        let head = viewing.head;
        let shared = Arc::new(viewing.into_shared());
        let (published, position) = watch::channel(shared.read(|views| views.next_position()));
        let follower = Follower { shared: shared.clone(), news, head, published };
        let _thread =
            std::thread::Builder::new().name("counterfoil-views".to_owned()).spawn(move || follower.run())?;
        Ok(Self { shared, position, close })
    }

    /// Asks the views something.
    pub(crate) fn read<T>(&self, with: impl FnOnce(&Views) -> T) -> T {
        self.shared.read(with)
    }

    /// Waits until the views have seen every event before `position`.
    pub(crate) async fn seen(&self, position: u64) -> Result<(), ViewsStopped> {
        let mut seen = self.position.clone();
        match seen.wait_for(|at| *at >= position).await {
            Ok(_) => Ok(()),
            Err(_) => Err(ViewsStopped {
                why: self.shared.stopped().unwrap_or_else(|| "the ledger is closed".into()),
            }),
        }
    }

    /// The views whose snapshots were broken when the ledger was opened, and how.
    pub(crate) fn damaged(&self) -> Vec<(View, String)> {
        self.shared.damaged.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Sees everything durable, writes snapshots and stops.
    pub(crate) async fn close(&self) {
        // The thread may be leaving by itself, the writer being gone, and then this reaches nobody:
        // what is awaited is no answer but its end, with which the sender of positions is dropped.
        let _ = self.close.try_send(());
        let mut position = self.position.clone();
        while position.changed().await.is_ok() {}
    }
}

impl Shared {
    pub(super) fn read<T>(&self, with: impl FnOnce(&Views) -> T) -> T {
        with(&self.views.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn write<T>(&self, with: impl FnOnce(&mut Views) -> T) -> T {
        with(&mut self.views.write().unwrap_or_else(PoisonError::into_inner))
    }

    fn stopped(&self) -> Option<Arc<str>> {
        self.stopped.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Follower {
    fn run(mut self) {
        while let Ok(news) = self.news.recv() {
            let batch = match news {
                Ok(batch) => batch,
                Err(why) => return self.stop(&why),
            };
            match self.apply(&batch.events) {
                Ok(position) => {
                    self.head = batch.head;
                    self.published.send_replace(position);
                }
                Err(error) => return self.stop(&error.to_string()),
            }
        }
        self.checkpoint();
    }

    fn apply(&self, events: &[Decoded]) -> Result<u64, OpenError> {
        self.shared.write(|views| {
            for Decoded { recorded, .. } in events {
                if recorded.position < views.next_position() {
                    continue;
                }
                views
                    .apply(recorded)
                    .map_err(|gap| OpenError::Breach { position: recorded.position, why: gap.to_string() })?;
            }
            Ok(views.next_position())
        })
    }

    /// Writes what is new. A snapshot that was found broken is left for `rebuild`, so
    /// that an audit still finds it.
    fn checkpoint(&self) {
        let Some(shelf) = &self.shared.shelf else {
            return;
        };
        let head = self.head;
        let damaged = self.shared.damaged.read().unwrap_or_else(PoisonError::into_inner).clone();
        self.shared.read(|views| {
            if self.shared.loaded_at == Some(views.next_position()) || views.next_position() != head.next_position {
                return;
            }
            for view in View::ALL.into_iter().filter(|view| damaged.iter().all(|(broken, _)| broken != view)) {
                if let Err(error) = views.checkpoint_one(view, head.hash.0, shelf, &States) {
                    tracing::warn!(%view, %error, "no snapshot was written; the view is built again at the next open");
                }
            }
        });
    }

    fn stop(&self, why: &str) {
        tracing::error!(why, "the views stand still; the ledger goes on");
        let mut stopped = self.shared.stopped.write().unwrap_or_else(PoisonError::into_inner);
        *stopped = Some(why.into());
    }
}

/// A frame before the log's head that the log does not give.
fn missing(frame: u64, position: u64) -> OpenError {
    OpenError::Breach { position, why: format!("frame {frame} is before the log's head and is not there") }
}

impl std::fmt::Display for ViewsStopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the views stand still: {}", self.why)
    }
}

impl std::error::Error for ViewsStopped {}
