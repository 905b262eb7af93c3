//! Why a card processor refuses an ask.

use std::fmt;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Money};

use super::{CardToken, DisputeOutcome, LONGEST_EVIDENCE};
use crate::{AskKey, DisputeRef};

/// Why an ask is refused. A refused ask changes nothing; a declined card is no refusal but a
/// fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardRefusal {
    /// Something else was asked under this key before.
    KeyReused {
        /// The key.
        key: AskKey,
    },
    /// The amount is not above zero.
    NotPositive {
        /// What was asked.
        asked: Money,
    },
    /// There is no such card.
    UnknownCard {
        /// What was given.
        card: CardToken,
        /// Which there are, where they are few: a simulator's.
        known: String,
    },
    /// No payment was asked for under this key.
    UnknownPayment {
        /// The key.
        payment: AskKey,
    },
    /// No refund was asked for under this key.
    UnknownRefund {
        /// The key.
        refund: AskKey,
    },
    /// There is no such dispute.
    UnknownDispute {
        /// What it was called.
        dispute: DisputeRef,
    },
    /// The amount is in another currency than the payment.
    WrongCurrency {
        /// What was asked.
        asked: Money,
        /// The payment's currency.
        currency: Currency,
    },
    /// Nothing of the payment can be captured or cancelled any more.
    NotAuthorised {
        /// The payment.
        payment: AskKey,
        /// What became of its authorisation.
        standing: &'static str,
    },
    /// More would be captured than was authorised.
    ExceedsAuthorised {
        /// What was asked.
        asked: Money,
        /// What is left.
        left: Money,
    },
    /// A payment of which something was captured is not cancelled.
    AlreadyCaptured {
        /// The payment.
        payment: AskKey,
    },
    /// More would be refunded than was captured.
    ExceedsCaptured {
        /// What was asked.
        asked: Money,
        /// What is left.
        left: Money,
    },
    /// The payer's bank has taken the money, or is about to.
    Disputed {
        /// The dispute.
        dispute: DisputeRef,
    },
    /// The refund is not pending any more.
    RefundNotPending {
        /// The refund.
        refund: AskKey,
    },
    /// The dispute has ended.
    DisputeEnded {
        /// The dispute.
        dispute: DisputeRef,
        /// How.
        outcome: DisputeOutcome,
    },
    /// A dispute is answered once.
    AlreadyAnswered {
        /// The dispute.
        dispute: DisputeRef,
    },
    /// The time for evidence is over.
    EvidenceLate {
        /// The dispute.
        dispute: DisputeRef,
        /// Before which instant it had to come.
        due_by: Timestamp,
    },
    /// Evidence is bounded.
    EvidenceTooLong {
        /// Its bytes.
        bytes: usize,
    },
    /// An inquiry has no money to give up.
    InquiryNotAccepted {
        /// The inquiry.
        dispute: DisputeRef,
    },
    /// What else a rail refuses, in its own words.
    Other {
        /// Its code.
        code: Box<str>,
        /// Its sentence.
        message: Box<str>,
    },
}

impl fmt::Display for CardRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyReused { key } => {
                write!(f, "Something else was asked under the key {key}; repeat that ask, or take a new key.")
            }
            Self::NotPositive { asked } => write!(f, "An amount is above zero; {asked} was asked."),
            Self::UnknownCard { card, known } if known.is_empty() => {
                write!(f, "The processor knows no card {card}; take the token that it gave.")
            }
            Self::UnknownCard { card, known } => {
                write!(f, "There is no test card {card}. Known are: {known}.")
            }
            Self::UnknownPayment { payment } => {
                write!(f, "No payment was asked for under the key {payment}; authorise it first.")
            }
            Self::UnknownRefund { refund } => {
                write!(f, "No refund was asked for under the key {refund}; ask for it first.")
            }
            Self::UnknownDispute { dispute } => {
                write!(f, "There is no dispute {dispute}; take its name from the fact that opened it.")
            }
            Self::WrongCurrency { asked, currency } => {
                write!(f, "The payment is in {currency}; {asked} was asked.")
            }
            Self::NotAuthorised { payment, standing } => {
                write!(f, "The payment {payment} was {standing}; authorise a new one.")
            }
            Self::ExceedsAuthorised { asked, left } => {
                write!(f, "The payment has {left} left to capture; {asked} was asked.")
            }
            Self::AlreadyCaptured { payment } => {
                write!(f, "Of the payment {payment} something was captured; refund that, the rest expires.")
            }
            Self::ExceedsCaptured { asked, left } => {
                write!(f, "The payment has {left} left to refund; {asked} was asked.")
            }
            Self::Disputed { dispute } => {
                write!(
                    f,
                    "The payment is disputed ({dispute}) and not refunded; answer or accept the dispute."
                )
            }
            Self::RefundNotPending { refund } => {
                write!(f, "The refund {refund} is not pending; only a pending one can be called back.")
            }
            Self::DisputeEnded { dispute, outcome } => {
                write!(f, "The dispute {dispute} has ended ({outcome}); it takes no answer any more.")
            }
            Self::AlreadyAnswered { dispute } => {
                write!(f, "The dispute {dispute} was answered already; a bank takes one answer.")
            }
            Self::EvidenceLate { dispute, due_by } => {
                write!(f, "Evidence for {dispute} was due before {due_by}; the bank takes none any more.")
            }
            Self::EvidenceTooLong { bytes } => {
                write!(f, "Evidence has at most {LONGEST_EVIDENCE} bytes; {bytes} were given.")
            }
            Self::InquiryNotAccepted { dispute } => {
                write!(
                    f,
                    "{dispute} is an inquiry, which no money hangs on; refund the payment or answer it."
                )
            }
            Self::Other { code, message } => write!(f, "{message} ({code})"),
        }
    }
}

impl std::error::Error for CardRefusal {}
