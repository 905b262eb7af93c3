//! Damage: what is wrong with a snapshot.

use std::fmt;
use std::io;

use crate::encoding::EncodingError;

/// What is wrong with a snapshot. Nothing is lost: it is a cache, and the view is
/// rebuilt from the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Damage {
    /// The system did not give it, or a file of rows that it names: what is in it may be
    /// whole. Nothing is rebuilt for that.
    Unreadable {
        /// What kind of failure that was.
        kind: io::ErrorKind,
        /// What the system said.
        message: String,
    },
    /// The file is shorter than a snapshot's header.
    Short {
        /// How many bytes it has.
        length: u64,
    },
    /// It does not begin like a snapshot.
    Magic,
    /// The payload is longer or shorter than the header says.
    Length {
        /// What the header says, in bytes.
        expected: u64,
        /// What is there.
        found: u64,
    },
    /// The checksum does not fit the bytes.
    Checksum,
    /// It is a whole snapshot of another view.
    OtherView {
        /// Which.
        found: String,
    },
    /// A file of rows that it names is missing or damaged.
    Rows {
        /// What is wrong with that.
        message: String,
    },
    /// The checksum fits and the payload is no state all the same.
    Payload {
        /// What the encoding said.
        error: EncodingError,
    },
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { message, .. } => write!(f, "it cannot be read: {message}"),
            Self::Short { length } => write!(f, "its {length} bytes are fewer than its header"),
            Self::Magic => f.write_str("it does not begin like a snapshot"),
            Self::Length { expected, found } => {
                write!(f, "its header says {expected} bytes follow, and {found} do")
            }
            Self::Checksum => f.write_str("its checksum does not fit its bytes"),
            Self::OtherView { found } => write!(f, "it is a snapshot of the view \"{found}\""),
            Self::Rows { message } => write!(f, "a file that it names is damaged: {message}"),
            Self::Payload { error } => write!(f, "its content is no state of this view: {error}"),
        }
    }
}

impl std::error::Error for Damage {}
