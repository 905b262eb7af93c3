//! What a flush wrote, until the view takes it over.

use std::sync::Arc;

use counterfoil_runs::Run;

use super::older::Named;

/// The runs that a view wrote of its rows in memory. The view is as it was until it takes
/// them over; dropped before, they are files that nobody names.
#[derive(Debug, Default)]
#[must_use = "the rows are still in memory"]
pub struct Written(pub(super) Option<Runs>);

/// New runs and what they follow.
#[derive(Debug)]
pub(super) struct Runs {
    /// So many of the runs that there are stay; the new ones hold the rows of the rest.
    pub(super) stay: usize,
    pub(super) new: Vec<(Named, Arc<Run>)>,
    /// The position after the newest event whose rows are in them.
    pub(super) end: u64,
}
