//! Unreadable: why a question has no answer.

use std::fmt;

use counterfoil_runs::RunError;

/// Why a question has no answer: what holds it cannot be read. It is never a wrong
/// answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum Unreadable {
    /// A view's file cannot be read or is damaged. Rebuild the view.
    File {
        /// Which view.
        view: &'static str,
        /// What is wrong with the file.
        error: RunError,
    },
    /// A row of a view is missing, or is none although its file is whole. Rebuild the
    /// view.
    Row {
        /// Which view.
        view: &'static str,
        /// Which row.
        row: String,
    },
    /// An event cannot be read from the log. Audit the ledger.
    Event {
        /// Its position.
        position: u64,
        /// Why.
        why: Box<str>,
    },
}

impl Unreadable {
    /// An event that the log does not give, or not as it must be.
    #[must_use]
    pub fn event(position: u64, why: impl fmt::Display) -> Self {
        Self::Event { position, why: why.to_string().into() }
    }

    /// The view that wants to be rebuilt, if that mends it.
    #[must_use]
    pub fn view(&self) -> Option<&'static str> {
        match self {
            Self::File { view, .. } | Self::Row { view, .. } => Some(view),
            Self::Event { .. } => None,
        }
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { view, error } => {
                write!(f, "the {view} view cannot be read: {error} Run `counterfoil rebuild {view}`.")
            }
            Self::Row { view, row } => {
                write!(f, "the {view} view lacks {row}; run `counterfoil rebuild {view}`")
            }
            Self::Event { position, why } => {
                write!(f, "the event at position {position} cannot be read: {why}; run `counterfoil audit`")
            }
        }
    }
}

impl std::error::Error for Unreadable {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File { error, .. } => Some(error),
            Self::Row { .. } | Self::Event { .. } => None,
        }
    }
}
