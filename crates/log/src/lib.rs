//! The append-only log of a ledger: frames, volumes, anchor and chain, above one key-value volume.
//!
//! It knows nothing of money and nothing of the database below. The bytes on disk are drawn
//! in `docs/record-format.md`; the two ports are [`Volume`] (with its shelf, [`Volumes`]) and
//! [`Files`]; [`VolumeLog`] is the log above them.

mod anchor;
mod bytes;
mod error;
mod event_log;
pub mod faulty;
mod files;
mod frame;
mod hash;
mod head;
mod layout;
pub mod memory;
mod origin;
mod volume;
mod volume_log;

pub use anchor::{Anchor, SLOT_BYTES};
pub use bytes::Bytes;
pub use error::{AppendError, Damage, OpenError, ReadError};
pub use event_log::EventLog;
pub use files::{DiskFiles, Files, FolderLock};
pub use frame::{
    Events, Frame, FrameBuilder, FrameError, FrameHeader, FrameKind, HEADER_BYTES, MAGIC, MAX_APPEND,
    MAX_COMMAND, MAX_FRAME,
};
pub use hash::{Hash, LedgerId};
pub use head::Head;
pub use origin::{ORIGIN_BYTES, Origin};
pub use volume::{End, Extent, Fill, MAX_UNSYNCED, Record, Sealed, Survey, Volume, VolumeError, Volumes};
pub use volume_log::{RawReport, Settings, VolumeLog};
