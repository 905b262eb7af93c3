//! Asking for a charge: it is durable that a processor is to be asked for the payer's money,
//! before it is asked (docs/decisions/rails-saga.md).
//!
//! Nothing is booked: whether the payer's bank gives the money is a fact of its own,
//! `mark_captured` or `mark_declined`. What the seller gets and the fees are asked here, by the
//! rules of a charge, and not again. An asked charge ends by a fact alone: while none has come,
//! nobody knows whether the money was taken.

use std::hash::{Hash, Hasher};

use super::authorise::parties;
use super::create::{first_id, start};
use super::{CaptureTerms, Charge, ChargeRefusal, ChargeStanding, ChargeState};
use crate::calendar::Timestamp;
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::record::Record;
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Asks a processor for a payer's money, all of it at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskCharge {
    /// The charge, as it is booked once its money was taken.
    pub charge: Box<Charge>,
    /// The processor's token of the payer's card; never the card's number.
    pub card: Box<str>,
}

/// The card comes first: a charge may end in what was added to it later, and that in nothing.
impl Hash for AskCharge {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { charge, card } = self;
        card.hash(state);
        charge.hash(state);
    }
}

/// The most bytes of a token.
const LONGEST_TOKEN: usize = 255;

/// Whether a text is a token of a card: 1 to 255 visible ASCII characters, and not what could be
/// the number of a card.
#[must_use]
pub fn is_card_token(text: &str) -> bool {
    (1..=LONGEST_TOKEN).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && !could_be_card_number(text)
}

/// Whether a text could be the number of a card: at least 12 digits and no letter, whatever stands
/// between them (ISO/IEC 7812).
#[must_use]
pub fn could_be_card_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 12 && !text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

impl Verb for AskCharge {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let (start, opened) = start(&self.charge, scene)?;
        if !is_card_token(&self.card) {
            return Err(ChargeRefusal::NoToken.into());
        }

        let (charge_type, owner, seller, share) = parties(self.charge.kind);
        let terms = CaptureTerms { until: Timestamp::MAX, processing_fee: start.rate, share };
        let mut more = self.charge.more(ChargeStanding::Asked(terms), self.charge.amount.minor);
        more.card = Some(self.card.clone());
        let asked = start.charge(charge_type, owner, seller);
        let state = ChargeState { amount: 0, processing_fee: 0, more: Some(Box::new(more)), ..asked };
        let record = Record::Charge(first_id(scene, opened.as_ref()), state);
        let moved = Moved::new(Step::ChargeAsked, record).told(self.charge.details.clone());
        Ok(opened.into_iter().chain([Event::Moved(Box::new(moved))]).collect())
    }
}
