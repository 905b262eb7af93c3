//! Cards: what a card processor is asked, what it tells, and its simulator.

mod ask;
mod dispute;
mod fact;
mod port;
mod refusal;
mod token;

pub mod simulator;

pub use ask::{CaptureMethod, CardAsk, CardOrder, LONGEST_EVIDENCE};
pub use dispute::{DisputeOutcome, DisputeStage};
pub use fact::CardFact;
pub use port::{CardAnswer, CardRail};
pub use refusal::CardRefusal;
pub use simulator::CardSimulator;
pub use token::CardToken;

/// Why a payer's bank declines.
pub use counterfoil_domain::charge::DeclineCode as Decline;
/// Which kind of fraud a payer's bank warns of.
pub use counterfoil_domain::charge::FraudType;
/// Why a payment is disputed. An adapter tells a reason that is not among these as `general`.
pub use counterfoil_domain::dispute::DisputeReason;
/// Why a refund failed, so that its money came back.
pub use counterfoil_domain::refund::RefundFailure;
