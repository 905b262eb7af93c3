//! What a flush wrote, until the view takes it over.

use std::sync::Arc;

use counterfoil_runs::Run;

use super::older::Named;

/// The run that a view wrote of its rows in memory, if there were any. The view is as it
/// was until it takes it over; dropped before, it is a file that nobody names.
#[derive(Debug, Default)]
#[must_use = "the rows are still in memory"]
pub struct Written(pub(super) Option<(Named, Arc<Run>)>);
