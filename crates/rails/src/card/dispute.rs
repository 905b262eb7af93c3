//! Disputes: why a payer's bank takes money back, how far it is, and how it ends.

use crate::names::names;

names! {
    /// Why a payment is disputed
    /// (<https://docs.stripe.com/api/disputes/object#dispute_object-reason>). An adapter tells
    /// any other reason as `general`.
    DisputeReason {
        /// The bank could not process it.
        BankCannotProcess = "bank_cannot_process",
        /// A cheque came back.
        CheckReturned = "check_returned",
        /// A refund that was promised did not come.
        CreditNotProcessed = "credit_not_processed",
        /// The payer's bank was asked by the payer.
        CustomerInitiated = "customer_initiated",
        /// The payer did not allow the debit.
        DebitNotAuthorized = "debit_not_authorized",
        /// It was taken twice.
        Duplicate = "duplicate",
        /// The payer did not make the payment.
        Fraudulent = "fraudulent",
        /// None of the others.
        General = "general",
        /// The account's details were wrong.
        IncorrectAccountDetails = "incorrect_account_details",
        /// There was not enough money.
        InsufficientFunds = "insufficient_funds",
        /// A rule of the network was broken.
        Noncompliant = "noncompliant",
        /// The goods did not come.
        ProductNotReceived = "product_not_received",
        /// The goods were not as described.
        ProductUnacceptable = "product_unacceptable",
        /// The payer had cancelled a subscription.
        SubscriptionCanceled = "subscription_canceled",
        /// The payer does not know the payment.
        Unrecognized = "unrecognized",
    }
}

names! {
    /// Where a dispute stands while it is open
    /// (<https://docs.stripe.com/disputes/how-disputes-work>).
    DisputeStage {
        /// The bank only asks; no money has moved, and none will unless it is escalated.
        Inquiry = "warning_needs_response",
        /// The inquiry has been answered.
        InquiryUnderReview = "warning_under_review",
        /// The money has been taken; evidence may win it back.
        NeedsResponse = "needs_response",
        /// Evidence has been handed in.
        UnderReview = "under_review",
    }
}

names! {
    /// How a dispute ended.
    DisputeOutcome {
        /// The money came back.
        Won = "won",
        /// The money stays with the payer.
        Lost = "lost",
        /// An inquiry ended without becoming a dispute.
        WarningClosed = "warning_closed",
    }
}

impl DisputeStage {
    /// Whether no money has moved.
    #[must_use]
    pub fn is_inquiry(self) -> bool {
        matches!(self, Self::Inquiry | Self::InquiryUnderReview)
    }

    /// Whether evidence is waited for.
    #[must_use]
    pub fn takes_evidence(self) -> bool {
        matches!(self, Self::Inquiry | Self::NeedsResponse)
    }

    /// The stage once evidence has come.
    #[must_use]
    pub fn answered(self) -> Self {
        if self.is_inquiry() { Self::InquiryUnderReview } else { Self::UnderReview }
    }
}
