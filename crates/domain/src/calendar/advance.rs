//! Letting time pass. The work that falls due until then is recorded before, piece by
//! piece, by whoever executes commands ([`crate::due`]).

use super::Timestamp;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::refusal::{Refusal, refusals};

/// Lets time pass up to an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AdvanceTo {
    /// The instant.
    pub to: Timestamp,
}

refusals! {
    /// Why time does not pass.
    TimeRefusal {
        /// It would go back.
        Backwards {
            /// What was asked.
            asked: Timestamp,
            /// The ledger's time.
            now: Timestamp,
        } => "time_must_not_go_backwards", NoCode, "The ledger's time is {now}; it does not go back to {asked}.";
    }
}

impl Verb for AdvanceTo {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, .. } = *scene;
        let (asked, now) = (self.to, ledger.now());
        if asked < now {
            return Err(TimeRefusal::Backwards { asked, now }.into());
        }

        Ok(Events::from_iter([Event::TimeAdvanced { to: asked }]))
    }
}
