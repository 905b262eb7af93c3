//! Failures and their exit codes.

use std::fmt;

use counterfoil::saga::SagaError;
use counterfoil::views::Unreadable;
use counterfoil::{ExecuteError, OpenError, ViewsStopped};

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The process's exit code.
    pub(crate) code: u8,
    message: String,
}

/// Refused, or bad input.
const INPUT: u8 = 1;
/// The data is damaged.
const INTEGRITY: u8 = 3;

impl Failure {
    /// Refused, or bad input.
    pub(crate) fn input(message: impl fmt::Display) -> Self {
        Self { code: INPUT, message: message.to_string() }
    }

    /// The data is damaged.
    pub(crate) fn integrity(message: impl fmt::Display) -> Self {
        Self { code: INTEGRITY, message: message.to_string() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        if error.is_corruption() { Self::integrity(error) } else { Self::input(error) }
    }
}

/// What holds an answer is damaged: the log, or a view's file.
impl From<Unreadable> for Failure {
    fn from(unreadable: Unreadable) -> Self {
        Self::integrity(unreadable)
    }
}

impl From<ExecuteError> for Failure {
    fn from(error: ExecuteError) -> Self {
        Self::input(error)
    }
}

impl From<SagaError> for Failure {
    fn from(error: SagaError) -> Self {
        if let SagaError::Log(error) = error { (*error).into() } else { Self::input(error) }
    }
}

impl From<ViewsStopped> for Failure {
    fn from(stopped: ViewsStopped) -> Self {
        if stopped.is_corruption { Self::integrity(stopped) } else { Self::input(stopped) }
    }
}
