//! Beginning a charge whose payment is not known to arrive: a debit of the payer's bank account,
//! say (<https://docs.stripe.com/payments/payment-methods#payment-notification>).
//!
//! It is booked as a charge is, by the same rules and in the same books: its money is pending at
//! once, and may be shared out. If the payment fails, all of it goes back.

use super::create::{first_id, start};
use super::{Charge, ChargeStanding};
use crate::books::Kind;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Takes money from a payer whose payment is not known to arrive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BeginCharge {
    /// The charge.
    pub charge: Box<Charge>,
}

impl Verb for BeginCharge {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let (start, opened) = start(&self.charge, scene)?;
        let id = first_id(scene, opened.as_ref());
        let (mut charge, transfer, _, mut draft) = start.book(id);
        let mut more = self.charge.more(ChargeStanding::Processing, charge.amount);
        more.transfer = transfer.as_ref().map(|_| id.destination_transfer());
        charge.more = Some(Box::new(more));
        draft.of_kind(Kind::Transfer, 1);

        let amount = charge.amount;
        let moved_on = transfer.as_ref().map_or(0, |transfer| transfer.amount);
        let beside = transfer.map(|transfer| Record::Transfer(id.destination_transfer(), transfer));
        let moved = Moved::new(Step::ChargeBegun, Record::Charge(id, charge))
            .of(amount)
            .beside(beside, moved_on)
            .booked(draft, scene.ledger)
            .told(self.charge.details.clone());
        Ok(opened.into_iter().chain([Event::Moved(Box::new(moved))]).collect())
    }
}
