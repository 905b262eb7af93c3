//! Why frames were not, or may not have been, appended.

use std::error::Error;
use std::fmt;

use crate::Head;

/// Why an append did not succeed.
#[derive(Debug)]
#[non_exhaustive]
pub enum AppendError {
    /// The log has moved on. Nothing was written.
    Conflict {
        /// The head the caller built on.
        expected: Head,
        /// The head there is.
        actual: Head,
    },
    /// The write or its sync failed: the frames may be there or not. The log is poisoned; reopen
    /// it and look at its head.
    InDoubt {
        /// What was being done.
        doing: &'static str,
        /// What failed.
        source: Box<dyn Error + Send + Sync>,
    },
    /// Another writer took the log over. Nothing was written.
    Fenced {
        /// The epoch of the caller.
        ours: u64,
        /// The epoch of the log.
        current: u64,
    },
    /// An earlier append ended in doubt, so nothing is accepted until the log is reopened.
    Poisoned {
        /// What failed then.
        because: String,
    },
    /// A frame or the append as a whole is larger than allowed. Nothing was written.
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// Its bytes.
        bytes: usize,
        /// The bytes allowed.
        limit: usize,
    },
    /// A frame does not follow the one before it. Nothing was written.
    Misfit {
        /// The number the frame carries.
        frame: u64,
        /// What does not fit.
        reason: &'static str,
    },
    /// The log was closed. Nothing was written.
    Closed,
}

impl fmt::Display for AppendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict { expected, actual } => write!(
                f,
                "the log has moved on: the frames build on {expected}, but the log is at {actual}. \
                 Read what is new, decide again and append to the present head."
            ),
            Self::InDoubt { doing, source } => write!(
                f,
                "it is unknown whether the frames are in the log, because {doing} failed: {source}. \
                 Reopen the log and look at its head."
            ),
            Self::Fenced { ours, current } => write!(
                f,
                "another writer has taken this log over: our epoch is {ours}, the log is in epoch {current}. \
                 Stop writing, or take a new epoch on purpose."
            ),
            Self::Poisoned { because } => write!(
                f,
                "the log accepts nothing since an earlier write ended in doubt ({because}). Reopen it."
            ),
            Self::TooLarge { what, bytes, limit } => write!(
                f,
                "{what} has {bytes} bytes and may have {limit}. Split it and append again; nothing was written."
            ),
            Self::Misfit { frame, reason } => write!(
                f,
                "frame {frame} cannot be appended because {reason}. Seal it on the present head; nothing was written."
            ),
            Self::Closed => f.write_str("the log is closed. Open it again to append."),
        }
    }
}

impl Error for AppendError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if let Self::InDoubt { source, .. } = self { Some(source.as_ref()) } else { None }
    }
}
