//! What a rail answers to an ask.

use std::fmt;

use counterfoil_domain::calendar::Timestamp;

use crate::{Cursor, Told};

/// What a rail answers to an ask. Asked again under the same key, it answers the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<F, R> {
    /// It will be done, or has been. What is known already stands here and **comes again among
    /// the facts** with the same ids; where nothing is, the facts come later. So an answer that
    /// was lost in a crash loses nothing.
    Taken(Vec<Told<F>>),
    /// It will never be done under this key, and nothing has changed. It does not come among
    /// the facts: whoever lost this answer asks again.
    Refused(R),
}

impl<F, R> Answer<F, R> {
    /// What was refused, and why.
    #[must_use]
    pub fn refusal(&self) -> Option<&R> {
        match self {
            Self::Taken(_) => None,
            Self::Refused(refusal) => Some(refusal),
        }
    }
}

/// Why a rail gave no answer. Nobody knows what came of the ask: ask again under the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RailError {
    /// The rail was not reached, or did not answer in time.
    OutOfReach {
        /// What happened, in the adapter's words.
        why: Box<str>,
        /// The rail's wish of how long to wait before the next try, in seconds.
        wait_seconds: Option<u32>,
    },
    /// The instant lies before one that a simulator has already been told of.
    ClockBackwards {
        /// The instant that came.
        at: Timestamp,
        /// Where the simulator's clock stands.
        now: Timestamp,
    },
    /// The cursor is none that this rail gave.
    UnknownCursor {
        /// The cursor that came.
        cursor: Cursor,
    },
}

impl fmt::Display for RailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfReach { why, wait_seconds: None } => {
                write!(f, "The rail did not answer: {why}. Ask again under the same key.")
            }
            Self::OutOfReach { why, wait_seconds: Some(seconds) } => {
                write!(
                    f,
                    "The rail did not answer: {why}. Ask again under the same key in {seconds} seconds."
                )
            }
            Self::ClockBackwards { at, now } => write!(
                f,
                "{at} lies before {now}, up to which this rail has been asked; put asks in the order of \
                 their positions, and read facts no further than the ledger's clock."
            ),
            Self::UnknownCursor { cursor } => {
                write!(f, "The cursor {cursor} is none of this rail; read its facts from the beginning.")
            }
        }
    }
}

impl std::error::Error for RailError {}
