//! The payer's bank declined an asked charge: a fact, which no policy refuses. Nothing was booked
//! for it, and nothing is.

use super::{ChargeRefusal, ChargeStanding};
use crate::code::codes;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::ChargeId;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Says that an asked charge was declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkChargeDeclined {
    /// Which charge.
    pub charge: ChargeId,
    /// Why.
    pub code: DeclineCode,
}

codes! {
    /// Why a payment was declined (<https://docs.stripe.com/declines/codes>). Of the
    /// processor's codes these are told apart; an adapter tells any other as
    /// `generic_decline`.
    DeclineCode {
        /// No reason was given.
        0 GenericDecline = "generic_decline",
        /// There is not enough money.
        1 InsufficientFunds = "insufficient_funds",
        /// The card is reported lost.
        2 LostCard = "lost_card",
        /// The card is reported stolen.
        3 StolenCard = "stolen_card",
        /// The card has expired.
        4 ExpiredCard = "expired_card",
        /// The check digits are wrong.
        5 IncorrectCvc = "incorrect_cvc",
        /// The number is wrong.
        6 IncorrectNumber = "incorrect_number",
        /// Something went wrong at the bank or on the way; a later try may pass.
        7 ProcessingError = "processing_error",
        /// The card was used too often.
        8 CardVelocityExceeded = "card_velocity_exceeded",
        /// The bank does not say why; ask it.
        9 DoNotHonor = "do_not_honor",
        /// The processor takes it for fraud, and blocked it.
        10 Fraudulent = "fraudulent",
        /// The payer must prove to be the holder.
        11 AuthenticationRequired = "authentication_required",
        /// The processor did not take the ask, and no bank was asked: an unknown token, say. Our own
        /// code (docs/decisions/rails-saga.md); Connect answers an error and makes no charge.
        12 NotTaken = "not_taken",
    }
}

impl DeclineCode {
    /// The error code that goes with it, which is the charge's failure code
    /// (<https://docs.stripe.com/error-codes>).
    #[must_use]
    pub const fn error_code(self) -> &'static str {
        match self {
            Self::ExpiredCard
            | Self::IncorrectCvc
            | Self::IncorrectNumber
            | Self::ProcessingError
            | Self::AuthenticationRequired => self.name(),
            Self::GenericDecline
            | Self::InsufficientFunds
            | Self::LostCard
            | Self::StolenCard
            | Self::CardVelocityExceeded
            | Self::DoNotHonor
            | Self::Fraudulent
            | Self::NotTaken => "card_declined",
        }
    }
}

impl Verb for MarkChargeDeclined {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let id = self.charge;
        let mut charge = scene.loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?.clone();
        let standing = charge.standing();
        match &mut charge.more {
            Some(more) if matches!(standing, ChargeStanding::Asked(_)) => {
                more.standing = ChargeStanding::Declined(self.code);
                more.card = None;
            }
            Some(_) | None => return Err(ChargeRefusal::NotAsked { status: standing.name() }.into()),
        }
        Ok(Moved::new(Step::ChargeDeclined, Record::Charge(id, charge)).into())
    }
}
