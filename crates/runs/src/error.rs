//! Why a run could not be written or read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::{MAX_KEY, MAX_VALUE};

/// Why a run could not be written or read. What was durable before is as it was.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// The system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What was being done: "write", "read".
        doing: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// Bytes are not what was written. Remove the file and build the index again.
    Damaged {
        /// The file.
        path: PathBuf,
        /// Which part of it.
        what: &'static str,
        /// The byte at which that part begins.
        at: u64,
        /// What should be there.
        expected: Box<str>,
        /// What is there.
        found: Box<str>,
    },
    /// Written by a version with another format. Build the index again.
    Format {
        /// The file.
        path: PathBuf,
        /// The format it says.
        found: u16,
    },
    /// A key that does not come after the one before. It was not added.
    Order {
        /// The file being written.
        path: PathBuf,
        /// The last key that was added.
        last: Box<[u8]>,
        /// The key that was refused.
        key: Box<[u8]>,
    },
    /// A key that is empty or too long. It was not added.
    KeyLength {
        /// The file being written.
        path: PathBuf,
        /// Its length.
        length: usize,
    },
    /// A value that is too long. It was not added.
    ValueLength {
        /// The file being written.
        path: PathBuf,
        /// Its length.
        length: usize,
    },
}

impl RunError {
    /// Whether the file is not what was written, or is gone. Any other error of the system says
    /// nothing of the file: what it holds may be read another time.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        let of_the_file = [io::ErrorKind::NotFound, io::ErrorKind::UnexpectedEof];
        match self {
            Self::Io { source, .. } => of_the_file.contains(&source.kind()),
            Self::Damaged { .. } | Self::Format { .. } => true,
            Self::Order { .. } | Self::KeyLength { .. } | Self::ValueLength { .. } => false,
        }
    }

    /// What kind of error of the system it is, if it is one.
    #[must_use]
    pub fn io_kind(&self) -> Option<io::ErrorKind> {
        match self {
            Self::Io { source, .. } => Some(source.kind()),
            Self::Damaged { .. }
            | Self::Format { .. }
            | Self::Order { .. }
            | Self::KeyLength { .. }
            | Self::ValueLength { .. } => None,
        }
    }

    /// Whether the file should be removed and the index built again.
    #[must_use]
    pub fn wants_rebuild(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Format { .. })
    }
}

/// Damage of a file that is not named yet.
#[derive(Debug)]
pub(crate) struct Flaw {
    /// Which part.
    pub(crate) what: &'static str,
    /// The byte at which it begins.
    pub(crate) at: u64,
    /// What should be there.
    pub(crate) expected: Box<str>,
    /// What is there.
    pub(crate) found: Box<str>,
}

impl Flaw {
    /// A part that begins at a byte and is not as expected.
    #[cold]
    pub(crate) fn new(
        what: &'static str,
        at: u64,
        expected: impl Into<Box<str>>,
        found: impl Into<Box<str>>,
    ) -> Self {
        Self { what, at, expected: expected.into(), found: found.into() }
    }

    /// A part whose bytes do not fit their check, or nothing.
    pub(crate) fn unless_equal(what: &'static str, at: u64, expected: u64, found: u64) -> Result<(), Self> {
        if expected == found {
            return Ok(());
        }
        Err(Self::new(what, at, format!("the check {expected:016x}"), format!("bytes with {found:016x}")))
    }

    /// As damage of a file.
    pub(crate) fn of(self, path: &Path) -> RunError {
        let Self { what, at, expected, found } = self;
        RunError::Damaged { path: path.to_owned(), what, at, expected, found }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io { path, doing, source } => {
                write!(f, "{}: could not {doing}: {source}. Check the disk and its space.", path.display())
            }
            Self::Damaged { path, what, at, expected, found } => write!(
                f,
                "{} is damaged: the {what} at byte {at}: expected {expected}, found {found}. It is an index: remove it, and it is built again.",
                path.display()
            ),
            Self::Format { path, found } => write!(
                f,
                "{} has format {found}, which this version does not read. It is an index: remove it, and it is built again.",
                path.display()
            ),
            Self::Order { path, last, key } => write!(
                f,
                "{}: the key {} does not come after {}. Add keys in ascending order, each once.",
                path.display(),
                key.escape_ascii(),
                last.escape_ascii()
            ),
            Self::KeyLength { path, length } => {
                write!(f, "{}: a key has {length} bytes; 1 to {MAX_KEY} are allowed.", path.display())
            }
            Self::ValueLength { path, length } => {
                write!(f, "{}: a value has {length} bytes; at most {MAX_VALUE} are allowed.", path.display())
            }
        }
    }
}

impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            Self::Damaged { .. }
            | Self::Format { .. }
            | Self::Order { .. }
            | Self::KeyLength { .. }
            | Self::ValueLength { .. } => None,
        }
    }
}
