//! Disputes: how far one is, and how it ends.

use crate::names::names;

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
