//! A simulator behind its port.

use std::sync::{Mutex, MutexGuard};

use counterfoil_domain::rail::RailName;

use crate::RailError;

/// A simulator that several callers share. It answers at once and never waits.
#[derive(Debug)]
pub struct Simulated<S> {
    pub(crate) name: RailName,
    simulator: Mutex<S>,
}

impl<S> Simulated<S> {
    /// Puts a simulator behind the port.
    #[must_use]
    pub fn new(name: RailName, simulator: S) -> Self {
        Self { name, simulator: Mutex::new(simulator) }
    }

    pub(crate) fn simulator(&self) -> Result<MutexGuard<'_, S>, RailError> {
        let why = "a caller stopped in the midst of an ask; rebuild the simulator from its asks";
        self.simulator.lock().map_err(|_| RailError::OutOfReach { why: why.into(), wait_seconds: None })
    }
}
