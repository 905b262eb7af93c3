//! A breach: which law an event breaks, and where.

use std::fmt;

use super::Law;

/// A broken law, with the position of the event that broke it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Where: the event, or the last one where the whole log was compared with a ledger.
    pub position: u64,
    /// What was broken.
    pub law: Law,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "position {}: {}", self.position, self.law)
    }
}

impl std::error::Error for Breach {}
