//! Brief runs: what a bench asks of criterion, so that all of them are done in minutes.

use std::time::Duration;

use criterion::Criterion;

/// Criterion with few samples and little time for each.
pub(crate) fn brief() -> Criterion {
    Criterion::default()
        .sample_size(15)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_200))
}
