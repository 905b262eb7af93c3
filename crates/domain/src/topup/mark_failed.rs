//! A top-up did not arrive: a fact, which no policy refuses. Nothing was booked for it.

use super::{TopupStatus, step};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::TopupId;
use crate::payout::FailureCode;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Says that a top-up did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkTopupFailed {
    /// Which top-up.
    pub topup: TopupId,
    /// Why.
    pub code: FailureCode,
}

impl Verb for MarkTopupFailed {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.topup);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let taken = (TopupStatus::Pending, Step::TopupFailed, TopupStatus::Failed(self.code));
        let (moved, _) = step(scene.loaded, self.topup, taken)?;
        Ok(moved.into())
    }
}
