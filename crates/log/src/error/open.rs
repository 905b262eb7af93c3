//! Why a log could not be created, opened or checked.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::Damage;

/// Why a log did not open. A refused open wrote nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// There is no log in the folder.
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds something already, so no log is created in it.
    NotEmpty {
        /// The folder.
        path: PathBuf,
        /// One of the things in it.
        found: String,
    },
    /// Somebody has the log open.
    Locked {
        /// The lock.
        path: PathBuf,
    },
    /// Bytes are not what was written.
    Damaged(Damage),
    /// Written by a version with another format.
    Format {
        /// The file that says so.
        file: String,
        /// The format it says.
        found: u16,
    },
    /// The system refused.
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl OpenError {
    /// An error of the system at a file.
    #[must_use]
    pub fn io(path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { path: path.into(), source }
    }

    /// The same error with its paths below a folder, for a reader who does not know it.
    #[must_use]
    pub fn below(self, folder: &Path) -> Self {
        let whole =
            |path: PathBuf| if path == Path::new(".") { folder.to_owned() } else { folder.join(path) };
        match self {
            Self::Missing { path } => Self::Missing { path: whole(path) },
            Self::NotEmpty { path, found } => Self::NotEmpty { path: whole(path), found },
            Self::Locked { path } => Self::Locked { path: whole(path) },
            Self::Io { path, source } => Self::Io { path: whole(path), source },
            Self::Damaged(_) | Self::Format { .. } => self,
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path } => {
                write!(f, "there is no log in {}. Create one, or name another folder.", path.display())
            }
            Self::NotEmpty { path, found } => write!(
                f,
                "{} holds {found} already, so no log is created in it. Name an empty folder.",
                path.display()
            ),
            Self::Locked { path } => write!(
                f,
                "{} is held: the log is open in this or another process. Close it there first.",
                path.display()
            ),
            Self::Damaged(damage) => damage.fmt(f),
            Self::Format { file, found } => write!(
                f,
                "{file} has format {found}, which this version does not read. Open it with the version that wrote it."
            ),
            Self::Io { path, source } => write!(
                f,
                "{} could not be used: {source}. Check the disk, the path and its permissions.",
                path.display()
            ),
        }
    }
}

impl Error for OpenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Damaged(damage) => Some(damage),
            Self::Io { source, .. } => Some(source),
            Self::Missing { .. } | Self::NotEmpty { .. } | Self::Locked { .. } | Self::Format { .. } => None,
        }
    }
}

impl From<Damage> for OpenError {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}
