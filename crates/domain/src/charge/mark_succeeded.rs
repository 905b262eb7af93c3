//! A payment arrived: a fact, which no policy refuses. Its money was booked when it was begun.

use super::{ChargeRefusal, ChargeStanding};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::ChargeId;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Says that a payment arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkChargeSucceeded {
    /// Which charge.
    pub charge: ChargeId,
}

impl Verb for MarkChargeSucceeded {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let id = self.charge;
        let mut charge = scene.loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?.clone();
        let standing = charge.standing();
        match &mut charge.more {
            Some(more) if standing == ChargeStanding::Processing => {
                more.standing = ChargeStanding::Succeeded;
            }
            Some(_) | None => return Err(ChargeRefusal::NotProcessing { status: standing.name() }.into()),
        }
        Ok(Moved::new(Step::ChargeConfirmed, Record::Charge(id, charge)).into())
    }
}
