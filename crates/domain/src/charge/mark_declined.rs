//! The payer's bank declined an asked charge: a fact, which no policy refuses. Nothing was booked
//! for it, and nothing is.

use super::{ChargeRefusal, ChargeStanding};
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

macro_rules! decline_codes {
    ($($(#[$doc:meta])* $variant:ident = $number:literal $name:literal),+ $(,)?) => {
        /// Why a payment was declined (<https://docs.stripe.com/declines/codes>). Of the
        /// processor's codes these are told apart; an adapter tells any other as
        /// `generic_decline`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DeclineCode {
            $($(#[$doc])* $variant),+
        }

        impl DeclineCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code's spelling at Connect (`decline_code`).
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The number that stands for it in the log, never used again.
            #[must_use]
            pub const fn number(self) -> u8 {
                match self { $(Self::$variant => $number),+ }
            }
        }
    };
}

decline_codes! {
    /// No reason was given.
    GenericDecline = 0 "generic_decline",
    /// There is not enough money.
    InsufficientFunds = 1 "insufficient_funds",
    /// The card is reported lost.
    LostCard = 2 "lost_card",
    /// The card is reported stolen.
    StolenCard = 3 "stolen_card",
    /// The card has expired.
    ExpiredCard = 4 "expired_card",
    /// The check digits are wrong.
    IncorrectCvc = 5 "incorrect_cvc",
    /// The number is wrong.
    IncorrectNumber = 6 "incorrect_number",
    /// Something went wrong at the bank or on the way; a later try may pass.
    ProcessingError = 7 "processing_error",
    /// The card was used too often.
    CardVelocityExceeded = 8 "card_velocity_exceeded",
    /// The bank does not say why; ask it.
    DoNotHonor = 9 "do_not_honor",
    /// The processor takes it for fraud, and blocked it.
    Fraudulent = 10 "fraudulent",
    /// The payer must prove to be the holder.
    AuthenticationRequired = 11 "authentication_required",
    /// The processor did not take the ask, and no bank was asked: an unknown token, say. Our own
    /// code (docs/decisions/rails-saga.md); Connect answers an error and makes no charge.
    NotTaken = 12 "not_taken",
}

impl DeclineCode {
    /// The code that is spelt so.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

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

impl std::fmt::Display for DeclineCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
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
