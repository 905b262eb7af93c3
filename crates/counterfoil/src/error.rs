//! Errors: a refusal is the caller's, an unknown outcome is nobody's, and corruption
//! has a position.

use std::fmt;
use std::sync::Arc;

use counterfoil_domain::Refusal;
use counterfoil_log::{Damage, ReadError};

use crate::projection::ViewsStopped;

/// Why a request has no receipt.
#[derive(Clone, Debug)]
pub enum ExecuteError {
    /// The command breaks a rule; nothing was recorded.
    Refused(Refusal),
    /// The idempotency key was used with another request; nothing was recorded.
    KeyReused {
        /// The key.
        key: String,
    },
    /// The request itself is not well formed; nothing was recorded.
    Malformed {
        /// What is wrong with it.
        why: &'static str,
    },
    /// The command's events exceed 48 KiB; nothing was recorded. Make it several.
    TooLarge {
        /// How many bytes they have.
        bytes: usize,
    },
    /// What the request depends on of the past cannot be read; nothing was recorded.
    Unreadable {
        /// What, why, and how to mend it.
        why: Arc<str>,
    },
    /// An earlier request of the same group had no receipt, so this was not tried.
    NotTried,
    /// Too many requests are waiting; nothing was recorded. Try again later.
    Overloaded,
    /// The log's sync failed: what became of the request is unknown. Reopen the
    /// ledger and ask again with the same idempotency key.
    OutcomeUnknown {
        /// Why.
        why: Arc<str>,
    },
    /// An earlier sync failed and the ledger stopped; this request was not tried.
    /// Reopen the ledger.
    Stopped,
    /// The ledger was closed; the request was not tried.
    Closed,
}

impl ExecuteError {
    /// The refusal, where it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::KeyReused { .. }
            | Self::Malformed { .. }
            | Self::TooLarge { .. }
            | Self::Unreadable { .. }
            | Self::NotTried
            | Self::Overloaded
            | Self::OutcomeUnknown { .. }
            | Self::Stopped
            | Self::Closed => None,
        }
    }

    /// Whether the same request may succeed later without any change. After an unknown
    /// outcome only one with an idempotency key may be sent again: without it, twice is
    /// twice.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Overloaded | Self::OutcomeUnknown { .. } | Self::Stopped)
    }

    /// Whether it is unknown if the request was recorded.
    #[must_use]
    pub fn is_outcome_unknown(&self) -> bool {
        matches!(self, Self::OutcomeUnknown { .. })
    }
}

impl fmt::Display for ExecuteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "{}: {refusal}", refusal.rule()),
            Self::KeyReused { key } => {
                write!(f, "the idempotency key \"{key}\" was used with another request; use a new key")
            }
            Self::Malformed { why } => f.write_str(why),
            Self::TooLarge { bytes } => {
                write!(
                    f,
                    "the command's events have {bytes} bytes; 49,152 is the most; make it several commands"
                )
            }
            Self::Unreadable { why } => write!(f, "cannot be read: {why}"),
            Self::NotTried => f.write_str("not tried: an earlier request of its group was refused"),
            Self::Overloaded => f.write_str("too many requests are waiting; try again later"),
            Self::OutcomeUnknown { why } => write!(
                f,
                "outcome unknown: {why}; reopen the ledger and ask again with the same idempotency key"
            ),
            Self::Stopped => f.write_str("the ledger stopped after a failed sync; reopen it"),
            Self::Closed => f.write_str("the ledger is closed"),
        }
    }
}

impl std::error::Error for ExecuteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.refusal().map(|refusal| refusal as _)
    }
}

/// Why a ledger does not open, or cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum OpenError {
    /// The log does not open.
    Log(counterfoil_log::OpenError),
    /// The log opened and cannot be read.
    Read(ReadError),
    /// An event of the log cannot be understood.
    Event(crate::codec::CodecError),
    /// The events of the log contradict each other.
    Breach {
        /// The position of the event that does not follow.
        position: u64,
        /// What does not hold.
        why: String,
    },
    /// A whole snapshot of this log has seen more than it holds: the log is shorter than it
    /// was. Restore the log; `rebuild` would only hide it.
    ShorterLog {
        /// Which view.
        view: &'static str,
        /// How many events it has seen.
        seen: u64,
        /// How many the log holds.
        held: u64,
    },
    /// There are views or keys of a ledger whose log is gone.
    LogGone {
        /// Where the log should be.
        path: std::path::PathBuf,
    },
    /// The log has no first event and no settings were given.
    NoSettings,
    /// The first event was refused.
    Settings(ExecuteError),
    /// The views could not follow the log.
    Views(ViewsStopped),
    /// The ledger was closed meanwhile.
    Closed,
    /// A file of the data folder cannot be read or written.
    Io {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

impl OpenError {
    /// A frame before the log's head that the log does not give.
    pub(crate) fn missing(frame: u64, position: u64) -> Self {
        let why = format!("frame {frame} is before the log's head and is not there");
        Self::Breach { position, why }
    }

    /// Whether the data is damaged, as opposed to absent, in use or of another format.
    #[must_use]
    pub fn is_corruption(&self) -> bool {
        match self {
            Self::Log(error) => matches!(error, counterfoil_log::OpenError::Damaged(_)),
            Self::Read(error) => matches!(error, ReadError::Corrupt(_)),
            Self::Event(_) | Self::Breach { .. } | Self::ShorterLog { .. } | Self::LogGone { .. } => true,
            Self::Views(stopped) => stopped.is_corruption,
            Self::NoSettings | Self::Settings(_) | Self::Closed | Self::Io { .. } => false,
        }
    }

    /// Where the log is damaged, if it is.
    #[must_use]
    pub fn damage(&self) -> Option<&Damage> {
        match self {
            Self::Log(counterfoil_log::OpenError::Damaged(damage))
            | Self::Read(ReadError::Corrupt(damage)) => Some(damage),
            Self::Log(_)
            | Self::Read(_)
            | Self::Event(_)
            | Self::Breach { .. }
            | Self::ShorterLog { .. }
            | Self::LogGone { .. }
            | Self::NoSettings
            | Self::Settings(_)
            | Self::Views(_)
            | Self::Closed
            | Self::Io { .. } => None,
        }
    }
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Log(error) => error.fmt(f),
            Self::Read(error) => error.fmt(f),
            Self::Event(error) => error.fmt(f),
            Self::Breach { position, why } => {
                write!(f, "the event at position {position} does not follow: {why}")
            }
            Self::ShorterLog { view, seen, held } => write!(
                f,
                "the log holds {held} events and the view {view} has seen {seen}: the log is shorter than it was; \
                 restore the log folder from a backup"
            ),
            Self::LogGone { path } => write!(
                f,
                "there are views or keys of a ledger, and its log {} is gone; restore it from a backup, or name an \
                 empty folder",
                path.display()
            ),
            Self::NoSettings => f.write_str("the ledger has no first event yet; open it with settings"),
            Self::Settings(error) => write!(f, "the settings were not accepted: {error}"),
            Self::Views(stopped) => stopped.fmt(f),
            Self::Closed => f.write_str("the ledger is closed"),
            Self::Io { path, source } => write!(f, "{}: {source}", path.display()),
        }
    }
}

impl std::error::Error for OpenError {}

impl From<counterfoil_log::OpenError> for OpenError {
    fn from(error: counterfoil_log::OpenError) -> Self {
        Self::Log(error)
    }
}

impl From<ReadError> for OpenError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<crate::codec::CodecError> for OpenError {
    fn from(error: crate::codec::CodecError) -> Self {
        Self::Event(error)
    }
}
