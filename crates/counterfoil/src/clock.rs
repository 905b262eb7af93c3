//! The clock: the one place where the machine's time is seen.

use std::time::{SystemTime, UNIX_EPOCH};

use counterfoil_domain::calendar::Timestamp;

/// The machine's time.
#[must_use]
pub(crate) fn wall_clock() -> Timestamp {
    let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_micros()).unwrap_or(i64::MAX),
        // A machine set before 1970 knows no time; the ledger's own stands in.
        Err(_) => i64::MIN,
    };
    Timestamp::from_micros(micros)
}
