//! Why a saga does not go on.

use std::fmt;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::rail::RailName;
use counterfoil_rails::RailError;

use crate::error::{ExecuteError, OpenError};

/// Why a saga does not go on. Nothing is lost by any of these: what is durable and unanswered is
/// asked again, under the same key, by the next call or the next opening.
#[derive(Debug)]
#[non_exhaustive]
pub enum SagaError {
    /// The rail gave no answer in time: whether it did what was asked is not known.
    OutOfReach {
        /// Which.
        rail: RailName,
        /// How often it was asked.
        tries: u32,
        /// What came of the last try.
        last: RailError,
    },
    /// The ledger executed nothing.
    Ledger(ExecuteError),
    /// The log cannot be read.
    Log(Box<OpenError>),
    /// Time is let pass only on a simulated clock.
    WallClock {
        /// Up to when.
        asked: Timestamp,
    },
}

impl SagaError {
    /// Whether the same call may succeed later without any change.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::OutOfReach { .. } => true,
            Self::Ledger(error) => error.is_retryable(),
            Self::Log(_) | Self::WallClock { .. } => false,
        }
    }
}

impl fmt::Display for SagaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfReach { rail, tries, last } => {
                write!(f, "the rail {rail} was asked {tries} times and gave no answer: {last}")
            }
            Self::Ledger(error) => error.fmt(f),
            Self::Log(error) => error.fmt(f),
            Self::WallClock { asked } => {
                write!(
                    f,
                    "time is let pass to {asked} only on a simulated clock; this ledger has the machine's"
                )
            }
        }
    }
}

impl std::error::Error for SagaError {}

impl From<ExecuteError> for SagaError {
    fn from(error: ExecuteError) -> Self {
        Self::Ledger(error)
    }
}

impl From<OpenError> for SagaError {
    fn from(error: OpenError) -> Self {
        Self::Log(Box::new(error))
    }
}
