//! Why frames could not be read.

use std::error::Error;
use std::fmt;

use super::{Damage, OpenError};
use crate::VolumeError;

/// Why a read did not succeed. It never means that the log is shorter than it says.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// Bytes are not what was written.
    Corrupt(Damage),
    /// The system refused.
    Io {
        /// The volume that was read.
        volume: String,
        /// What it said.
        source: VolumeError,
    },
    /// An old volume could not be opened.
    Unavailable {
        /// The volume.
        volume: String,
        /// Why.
        source: Box<OpenError>,
    },
    /// There is no such frame: the number lies beyond the durable head.
    BeyondHead {
        /// The frame that was asked for.
        asked: u64,
        /// The number the next frame will have.
        next_frame: u64,
    },
    /// The log was closed.
    Closed,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Corrupt(damage) => damage.fmt(f),
            Self::Io { volume, source } => write!(
                f,
                "{volume} could not be read: {source}. Check the disk and its permissions, then try again."
            ),
            Self::Unavailable { volume, source } => {
                write!(f, "{volume} could not be opened for reading: {source}")
            }
            Self::BeyondHead { asked, next_frame } => write!(
                f,
                "frame {asked} does not exist: the log ends before frame {next_frame}. Read from {next_frame} or earlier."
            ),
            Self::Closed => f.write_str("the log is closed. Open it again to read."),
        }
    }
}

impl Error for ReadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Corrupt(damage) => Some(damage),
            Self::Io { source, .. } => Some(source),
            Self::Unavailable { source, .. } => Some(source.as_ref()),
            Self::BeyondHead { .. } | Self::Closed => None,
        }
    }
}
