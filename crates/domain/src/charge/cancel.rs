//! Calling an authorised charge off, or not capturing it in time: the payer's bank lets the
//! money go (<https://docs.stripe.com/api/payment_intents/cancel>). Nothing was booked for it.
//!
//! Where a part was captured, the charge has succeeded with that part.

use super::{ChargeRefusal, ChargeStanding, ChargeState};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::ChargeId;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Calls an authorised charge off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CancelCharge {
    /// Which charge.
    pub charge: ChargeId,
}

impl Verb for CancelCharge {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let id = self.charge;
        let charge = scene.loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?;
        let standing = charge.standing();
        if !matches!(standing, ChargeStanding::Authorised(_)) {
            return Err(ChargeRefusal::NotAuthorised { status: standing.name() }.into());
        }
        Ok(close(id, charge, Step::ChargeCanceled, ChargeStanding::Canceled))
    }
}

/// What comes of a charge that was not captured in time.
pub(super) fn expire(id: ChargeId, charge: &ChargeState) -> Events {
    close(id, charge, Step::ChargeExpired, ChargeStanding::Expired)
}

fn close(id: ChargeId, charge: &ChargeState, step: Step, closed: ChargeStanding) -> Events {
    let mut charge = charge.clone();
    let standing = if charge.amount > 0 { ChargeStanding::Succeeded } else { closed };
    if let Some(more) = &mut charge.more {
        more.standing = standing;
    }
    Moved::new(step, Record::Charge(id, charge)).into()
}
