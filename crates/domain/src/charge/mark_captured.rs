//! A processor took the money of an asked charge: a fact, which no policy refuses. It is booked
//! as a single capture of the whole is (`capture.rs`), on the terms on which it was asked.

use super::capture::{Capture, record};
use super::{ChargeRefusal, ChargeStanding};
use crate::calendar::Day;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::ChargeId;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;

/// Says that the money of an asked charge was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkChargeCaptured {
    /// Which charge.
    pub charge: ChargeId,
    /// From the start of which day its money is available, where the processor says so; else
    /// by the ledger's own delay.
    pub available_on: Option<Day>,
}

impl Verb for MarkChargeCaptured {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let id = self.charge;
        let mut charge = scene.loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?.clone();
        let standing = charge.standing();
        let (ChargeStanding::Asked(terms), Some(more)) = (standing, &mut charge.more) else {
            return Err(ChargeRefusal::NotAsked { status: standing.name() }.into());
        };
        more.card = None;
        let amount = more.authorised;
        let capture = Capture { terms, authorised: amount, amount, single: true, last: true };
        record(scene, (id, charge), &capture, None, self.available_on)
    }
}
