//! Calling a top-up off before it arrived
//! (<https://docs.stripe.com/api/topups/cancel>).

use super::{TopupStatus, step};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::TopupId;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Calls a top-up off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CancelTopup {
    /// Which top-up.
    pub topup: TopupId,
}

impl Verb for CancelTopup {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.topup);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let taken = (TopupStatus::Pending, Step::TopupCanceled, TopupStatus::Canceled);
        let (moved, _) = step(scene.loaded, self.topup, taken)?;
        Ok(moved.into())
    }
}
