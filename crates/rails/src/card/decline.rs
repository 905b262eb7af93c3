//! Why a payer's bank declines.

use crate::names::names;

names! {
    /// Why a payment was declined (<https://docs.stripe.com/declines/codes>). Of the processor's
    /// codes these are told apart here; an adapter tells any other as `generic_decline`.
    Decline {
        /// No reason was given.
        GenericDecline = "generic_decline",
        /// There is not enough money.
        InsufficientFunds = "insufficient_funds",
        /// The card is reported lost.
        LostCard = "lost_card",
        /// The card is reported stolen.
        StolenCard = "stolen_card",
        /// The card has expired.
        ExpiredCard = "expired_card",
        /// The check digits are wrong.
        IncorrectCvc = "incorrect_cvc",
        /// The number is wrong.
        IncorrectNumber = "incorrect_number",
        /// Something went wrong at the bank or on the way; a later try may pass.
        ProcessingError = "processing_error",
        /// The card was used too often.
        CardVelocityExceeded = "card_velocity_exceeded",
        /// The bank does not say why; ask it.
        DoNotHonor = "do_not_honor",
        /// The processor takes it for fraud, and blocked it.
        Fraudulent = "fraudulent",
        /// The payer must prove to be the holder.
        AuthenticationRequired = "authentication_required",
    }
}

impl Decline {
    /// The error code that goes with it (<https://docs.stripe.com/error-codes>).
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
            | Self::Fraudulent => "card_declined",
        }
    }
}
