//! What a card processor is asked.

use counterfoil_domain::AccountId;
use counterfoil_domain::money::Money;

use super::CardToken;
use crate::{AskKey, DisputeRef};

/// The most bytes of evidence: 150,000 characters over all fields
/// (<https://docs.stripe.com/disputes/responding>, unconfirmed).
pub const LONGEST_EVIDENCE: usize = 150_000;

/// An ask of a card processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardAsk {
    /// Its key. Under one key a rail does one thing once.
    pub key: AskKey,
    /// What is wanted.
    pub order: CardOrder,
}

/// What is wanted of a card processor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardOrder {
    /// Ask the payer's bank for money. The key of this ask is the payment's from then on.
    Authorise {
        /// The payer's card.
        card: CardToken,
        /// How much.
        amount: Money,
        /// Whether it is taken at once.
        capture: CaptureMethod,
        /// Who is the merchant of record: the platform, or a seller of a direct charge.
        merchant: AccountId,
    },
    /// Take what was authorised, or a part of it.
    Capture {
        /// The payment.
        payment: AskKey,
        /// How much; with what was captured before, at most what was authorised.
        amount: Money,
        /// Whether nothing more will be captured, so that the rest is released.
        last: bool,
    },
    /// Let go of an authorisation of which nothing has been captured.
    Cancel {
        /// The payment.
        payment: AskKey,
    },
    /// Give back what was captured, or a part of it. The key of this ask is the refund's.
    Refund {
        /// The payment.
        payment: AskKey,
        /// How much; with what was refunded before, at most what was captured.
        amount: Money,
    },
    /// Call back a refund that is still pending.
    CancelRefund {
        /// The refund.
        refund: AskKey,
    },
    /// Answer a dispute or an inquiry, once.
    SubmitEvidence {
        /// The dispute.
        dispute: DisputeRef,
        /// What is said.
        evidence: Box<str>,
    },
    /// Let a dispute be lost.
    AcceptDispute {
        /// The dispute.
        dispute: DisputeRef,
    },
}

/// When an authorised payment is captured
/// (<https://docs.stripe.com/payments/place-a-hold-on-a-payment-method>).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaptureMethod {
    /// In the same breath, all of it.
    Automatic,
    /// By asks of their own, one or several.
    Manual,
}
