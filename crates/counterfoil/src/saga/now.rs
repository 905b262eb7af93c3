//! Now: the newest business time that a saga has seen, whichever of its rails saw it.

use std::sync::atomic::{AtomicI64, Ordering};

use counterfoil_domain::calendar::Timestamp;

/// A time that only goes on.
#[derive(Debug)]
pub(super) struct Now(AtomicI64);

impl Now {
    pub(super) fn new(time: Timestamp) -> Self {
        Self(AtomicI64::new(time.micros()))
    }

    pub(super) fn get(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }

    /// Goes on to `time`, where that is later.
    pub(super) fn reach(&self, time: Timestamp) {
        self.0.fetch_max(time.micros(), Ordering::SeqCst);
    }
}
