//! Why a volume could not do what it was asked.

use std::fmt;
use std::io;

/// What a volume's engine or disk said.
#[derive(Debug)]
#[non_exhaustive]
pub enum VolumeError {
    /// The put would leave too much un-synced. Nothing was stored.
    Unsynced {
        /// What would be un-synced.
        bytes: usize,
        /// What may be.
        limit: usize,
    },
    /// The system refused.
    Io(io::Error),
    /// The engine below refused, in its own words.
    Engine(String),
}

impl fmt::Display for VolumeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unsynced { bytes, limit } => write!(
                f,
                "{bytes} bytes would be un-synced in one volume and {limit} may be; sync before putting more"
            ),
            Self::Io(error) => write!(f, "the system refused: {error}"),
            Self::Engine(words) => write!(f, "the database refused: {words}"),
        }
    }
}

impl std::error::Error for VolumeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Unsynced { .. } | Self::Engine(_) => None,
        }
    }
}

impl From<io::Error> for VolumeError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
