//! What a card processor tells.

use std::fmt;

use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::Money;

use super::{Decline, DisputeOutcome, DisputeReason, DisputeStage, FraudType, RefundFailure};
use crate::{AskKey, DisputeRef, WarningRef};

/// A fact about cards. Money moves in seven of them: [`CardFact::Captured`] brings it,
/// [`CardFact::RefundPending`] or else [`CardFact::RefundSucceeded`] and
/// [`CardFact::FundsWithdrawn`] take it, and [`CardFact::FundsReinstated`],
/// [`CardFact::RefundFailed`] and [`CardFact::RefundCancelled`] bring it back.
///
/// What the processor keeps for itself is no part of these; the ledger reckons fees by its own
/// settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardFact {
    /// The payer's bank holds the money for the platform.
    Authorised {
        /// The payment.
        payment: AskKey,
        /// How much.
        amount: Money,
        /// Before when it must be captured.
        capture_before: Timestamp,
    },
    /// The payer's bank gives nothing.
    Declined {
        /// The payment.
        payment: AskKey,
        /// Why.
        code: Decline,
    },
    /// Money was taken.
    Captured {
        /// The payment.
        payment: AskKey,
        /// The ask that did it: the payment's own where it is captured automatically.
        capture: AskKey,
        /// How much.
        amount: Money,
        /// Whether the rest of the authorisation was released with it.
        last: bool,
        /// The day from which it is available, where the rail says so; else the ledger's own
        /// delay holds.
        available_on: Option<Day>,
    },
    /// The authorisation was let go of, as asked.
    Cancelled {
        /// The payment.
        payment: AskKey,
    },
    /// The authorisation ended by time; what was captured before stays.
    Expired {
        /// The payment.
        payment: AskKey,
        /// How much of it was not captured.
        released: Money,
    },
    /// A refund is on its way: the money has left, and the payer has not got it yet.
    RefundPending {
        /// The refund.
        refund: AskKey,
        /// Its payment.
        payment: AskKey,
        /// How much.
        amount: Money,
    },
    /// A pending refund waits for something that only the payer can do.
    RefundRequiresAction {
        /// The refund.
        refund: AskKey,
    },
    /// A refund has reached the payer; it may still fail later.
    RefundSucceeded {
        /// The refund.
        refund: AskKey,
        /// Its payment.
        payment: AskKey,
        /// How much.
        amount: Money,
    },
    /// A refund failed, though it may have succeeded before: its money is back.
    RefundFailed {
        /// The refund.
        refund: AskKey,
        /// Its payment.
        payment: AskKey,
        /// How much came back.
        amount: Money,
        /// Why.
        reason: RefundFailure,
    },
    /// A pending refund was called back: its money is back.
    RefundCancelled {
        /// The refund.
        refund: AskKey,
    },
    /// The payer's bank disputes a payment, or inquires about it.
    DisputeOpened {
        /// What the rail calls it.
        dispute: DisputeRef,
        /// The payment.
        payment: AskKey,
        /// How much is disputed; it may be more than is left after refunds.
        amount: Money,
        /// Why.
        reason: DisputeReason,
        /// An inquiry, or a dispute that needs a response.
        stage: DisputeStage,
        /// Before when evidence must come.
        due_by: Timestamp,
        /// The processor's fee for it, of an inquiry none yet, where the rail says so; else the ledger's policy holds.
        fee: Option<Money>,
    },
    /// An inquiry became a dispute.
    DisputeEscalated {
        /// The dispute.
        dispute: DisputeRef,
        /// Its payment.
        payment: AskKey,
        /// Before when evidence must come.
        due_by: Timestamp,
        /// The processor's fee for it, where the rail says so; else the ledger's policy holds.
        fee: Option<Money>,
    },
    /// The disputed money was taken: at most once in a dispute.
    FundsWithdrawn {
        /// The dispute.
        dispute: DisputeRef,
        /// Its payment.
        payment: AskKey,
        /// How much.
        amount: Money,
    },
    /// Evidence has been taken in.
    EvidenceReceived {
        /// The dispute.
        dispute: DisputeRef,
        /// Its payment.
        payment: AskKey,
        /// How it stands since: an inquiry's evidence is none for the dispute that may come of it.
        stage: DisputeStage,
        /// The processor's fee for it, where the rail says so; else the ledger's policy holds.
        fee: Option<Money>,
    },
    /// The disputed money came back: at most once in a dispute, and only after it was taken.
    FundsReinstated {
        /// The dispute.
        dispute: DisputeRef,
        /// Its payment.
        payment: AskKey,
        /// How much.
        amount: Money,
    },
    /// A dispute or an inquiry has ended.
    DisputeClosed {
        /// The dispute.
        dispute: DisputeRef,
        /// Its payment.
        payment: AskKey,
        /// How.
        outcome: DisputeOutcome,
        /// What of its fees came back, where the rail says so; else the ledger's policy holds.
        fees_returned: Option<Money>,
    },
    /// The payer's bank suspects fraud, and may dispute later. No money moves
    /// (<https://docs.stripe.com/api/radar/early_fraud_warnings>).
    FraudWarning {
        /// What the rail calls it.
        warning: WarningRef,
        /// The payment.
        payment: AskKey,
        /// Which kind of fraud.
        fraud_type: FraudType,
    },
}

impl CardFact {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Authorised { .. } => "authorised",
            Self::Declined { .. } => "declined",
            Self::Captured { .. } => "captured",
            Self::Cancelled { .. } => "cancelled",
            Self::Expired { .. } => "expired",
            Self::RefundPending { .. } => "refund_pending",
            Self::RefundRequiresAction { .. } => "refund_requires_action",
            Self::RefundSucceeded { .. } => "refund_succeeded",
            Self::RefundFailed { .. } => "refund_failed",
            Self::RefundCancelled { .. } => "refund_cancelled",
            Self::DisputeOpened { .. } => "dispute_opened",
            Self::DisputeEscalated { .. } => "dispute_escalated",
            Self::FundsWithdrawn { .. } => "funds_withdrawn",
            Self::EvidenceReceived { .. } => "evidence_received",
            Self::FundsReinstated { .. } => "funds_reinstated",
            Self::DisputeClosed { .. } => "dispute_closed",
            Self::FraudWarning { .. } => "fraud_warning",
        }
    }
}

impl fmt::Display for CardFact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.name())?;
        match self {
            Self::Authorised { payment, amount, capture_before } => {
                write!(f, "{payment} {amount}, capture before {capture_before}")
            }
            Self::Declined { payment, code } => write!(f, "{payment} {code}"),
            Self::Captured { payment, capture, amount, last, available_on } => {
                write!(f, "{payment} {amount} by {capture}")?;
                f.write_str(if *last { ", last" } else { "" })?;
                available_on.map_or(Ok(()), |day| write!(f, ", available on {day}"))
            }
            Self::Cancelled { payment } => write!(f, "{payment}"),
            Self::Expired { payment, released } => write!(f, "{payment}, released {released}"),
            Self::RefundPending { refund, payment, amount } => {
                write!(f, "{refund} of {payment} {amount}")
            }
            Self::RefundRequiresAction { refund } => write!(f, "{refund}"),
            Self::RefundSucceeded { refund, payment, amount } => {
                write!(f, "{refund} of {payment} {amount}")
            }
            Self::RefundFailed { refund, payment, amount, reason } => {
                write!(f, "{refund} of {payment} {amount}: {reason}")
            }
            Self::RefundCancelled { refund } => write!(f, "{refund}"),
            Self::DisputeOpened { dispute, payment, amount, reason, stage, due_by, .. } => {
                write!(f, "{dispute} of {payment} {amount}: {reason}, {stage}, evidence before {due_by}")
            }
            Self::DisputeEscalated { dispute, due_by, .. } => {
                write!(f, "{dispute}, evidence before {due_by}")
            }
            Self::FundsWithdrawn { dispute, amount, .. } => write!(f, "{dispute} {amount}"),
            Self::EvidenceReceived { dispute, .. } => write!(f, "{dispute}"),
            Self::FundsReinstated { dispute, amount, .. } => write!(f, "{dispute} {amount}"),
            Self::DisputeClosed { dispute, outcome, .. } => write!(f, "{dispute}: {outcome}"),
            Self::FraudWarning { warning, payment, fraud_type } => {
                write!(f, "{warning} of {payment}: {fraud_type}")
            }
        }
    }
}
