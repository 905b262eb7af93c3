//! The log above volumes: one active volume, sealed ones behind it, an anchor beside them.
//!
//! ```text
//! lock                    held while the log is open
//! anchor                  two slots: how far the log is known to reach
//! volume-000001/origin    where in the log the volume begins
//! volume-000001/…         the database
//! volume-000002.tmp/      a volume being built; deleted at open
//! sync-failed             a sync failed and the log has not been recovered since
//! ```

mod append;
mod check;
mod create;
mod open;
mod read;
mod recent;
mod recover;
mod rotate;
mod sealed;
mod settings;
mod shelf;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use async_trait::async_trait;

use crate::anchor::{ANCHOR, AnchorFile};
use crate::{
    AppendError, EventLog, Files, FolderLock, Frame, Head, LedgerId, Origin, ReadError, Volume, Volumes,
};

pub use check::RawReport;
use recent::Recent;
use sealed::OpenVolumes;
pub use settings::Settings;

/// Exists from a failed sync until the log has been recovered; see `recover.rs`.
const SYNC_FAILED: &str = "sync-failed";

/// An [`EventLog`] over [`Volumes`] and [`Files`].
pub struct VolumeLog {
    ledger: LedgerId,
    settings: Settings,
    files: Arc<dyn Files>,
    volumes: Arc<dyn Volumes>,
    /// The durable head: what readers may see.
    head: RwLock<Head>,
    writer: Mutex<Writer>,
    shelf: RwLock<Shelf>,
    /// The newest durable frames.
    recent: RwLock<Recent>,
    /// The finished volumes that are open for reading.
    sealed: Arc<OpenVolumes>,
    /// Dropped last, so that nobody opens the folder before the volumes are closed.
    lock: Mutex<Option<FolderLock>>,
}

/// What only the appending thread touches.
struct Writer {
    state: State,
    anchor: AnchorFile,
    /// The last frame is a seal, so the next one begins a volume.
    sealed: bool,
    /// The thread that closes a finished volume and remembers where its frames lie.
    settling: Option<std::thread::JoinHandle<()>>,
}

enum State {
    Open,
    Poisoned(String),
    Closed,
}

/// The volumes there are, oldest first, and the one being written.
struct Shelf {
    origins: Vec<Origin>,
    active: Option<Arc<dyn Volume>>,
}

impl VolumeLog {
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn durable_head(&self) -> Head {
        *self.head.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, head: Head) {
        *self.head.write().unwrap_or_else(PoisonError::into_inner) = head;
    }

    /// The volumes' origins, oldest first.
    #[must_use]
    pub fn origins(&self) -> Vec<Origin> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).origins.clone()
    }

    /// Whether a log can be created beside this name: the lock, or what an unfinished creation left.
    #[must_use]
    pub fn is_leftover(name: &str) -> bool {
        name == FolderLock::NAME || shelf::is_temporary(name)
    }

    /// Whether this name belongs to a log.
    #[must_use]
    pub fn is_part(name: &str) -> bool {
        name == ANCHOR || !shelf::numbers(&[name.to_owned()]).is_empty()
    }

    /// Waits until a finished volume has been settled. Tests want to know when; nobody else must.
    pub fn wait_settled(&self) {
        let settling = self.writer().settling.take();
        if let Some(thread) = settling
            && thread.join().is_err()
        {
            tracing::warn!("the thread that settles a finished volume panicked");
        }
    }
}

#[async_trait]
impl EventLog for VolumeLog {
    fn ledger(&self) -> LedgerId {
        self.ledger
    }

    fn head(&self) -> Head {
        self.durable_head()
    }

    async fn append(&self, expected: Head, frames: &[Frame]) -> Result<Head, AppendError> {
        self.append_frames(expected, frames)
    }

    async fn read(&self, from_frame: u64, max_bytes: usize) -> Result<Vec<Frame>, ReadError> {
        self.read_frames(from_frame, max_bytes)
    }

    async fn frame_of(&self, position: u64) -> Result<Option<Frame>, ReadError> {
        self.find_frame(position)
    }

    async fn take_epoch(&self, recorded_at: i64) -> Result<Head, AppendError> {
        let head = self.durable_head();
        let (frame, _) = Frame::epoch_after(&head, self.ledger, recorded_at);
        self.append_frames(head, &[frame])
    }

    async fn close(&self) -> Result<(), AppendError> {
        self.close_now()
    }
}

impl Drop for VolumeLog {
    fn drop(&mut self) {
        self.wait_settled();
    }
}
