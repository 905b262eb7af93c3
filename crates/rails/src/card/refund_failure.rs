//! Why a refund fails.

use crate::names::names;

names! {
    /// Why a refund failed, so that its money came back
    /// (<https://docs.stripe.com/api/refunds/object#refund_object-failure_reason>).
    RefundFailure {
        /// The card is lost or stolen.
        LostOrStolenCard = "lost_or_stolen_card",
        /// The card has expired or was cancelled.
        ExpiredOrCanceledCard = "expired_or_canceled_card",
        /// The charge was disputed while the refund was pending.
        ChargeForPendingRefundDisputed = "charge_for_pending_refund_disputed",
        /// The processor had not enough of the merchant's money.
        InsufficientFunds = "insufficient_funds",
        /// The payer's bank declined it.
        Declined = "declined",
        /// The merchant called it back.
        MerchantRequest = "merchant_request",
        /// Anything else.
        Unknown = "unknown",
    }
}
