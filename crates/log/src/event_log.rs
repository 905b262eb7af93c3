//! What every log can do, whatever stores it.

use async_trait::async_trait;

use crate::{AppendError, Frame, Head, LedgerId, ReadError};

/// One ledger's totally ordered log of frames.
///
/// One writer appends; any number of readers read at the same time. Nothing un-synced is ever
/// read. Implementations may block in `append`: call it from a thread made for it.
#[async_trait]
pub trait EventLog: Send + Sync {
    /// Whose log it is.
    fn ledger(&self) -> LedgerId;

    /// The newest durable head.
    fn head(&self) -> Head;

    /// Appends frames that follow `expected`, under one sync; durable when it returns.
    ///
    /// The head that comes back may be one further than the last frame given: a volume that is
    /// full ends with a seal frame of the log's own. So seal the next frame on the head that
    /// came back. A refused append (`Conflict`, `Fenced`, `TooLarge`, `Misfit`) wrote nothing.
    /// After `InDoubt`, or a crash, the first so many of the frames may be there, in order.
    async fn append(&self, expected: Head, frames: &[Frame]) -> Result<Head, AppendError>;

    /// Consecutive verified frames from that number, at least one unless it is the head's, never
    /// beyond the durable head. Their bytes stay within `max_bytes` unless the first alone exceeds it.
    async fn read(&self, from_frame: u64, max_bytes: usize) -> Result<Vec<Frame>, ReadError>;

    /// The frame that holds the event at a position; `None` beyond the durable head.
    async fn frame_of(&self, position: u64) -> Result<Option<Frame>, ReadError>;

    /// Takes the log over: appends an epoch frame, after which writers of older epochs are fenced.
    async fn take_epoch(&self, recorded_at: i64) -> Result<Head, AppendError>;

    /// Makes everything durable, anchor included, and lets go of the folder. Later appends are refused.
    async fn close(&self) -> Result<(), AppendError>;
}
