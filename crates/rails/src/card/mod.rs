//! Cards: what a card processor is asked, what it tells, and its simulator.

mod ask;
mod dispute;
mod fact;
mod port;
mod refund_failure;
mod refusal;
mod token;

pub mod simulator;

pub use ask::{CaptureMethod, CardAsk, CardOrder, LONGEST_EVIDENCE};
pub use dispute::{DisputeOutcome, DisputeReason, DisputeStage};
pub use fact::CardFact;
pub use port::{CardAnswer, CardRail};
pub use refund_failure::RefundFailure;
pub use refusal::CardRefusal;
pub use simulator::CardSimulator;
pub use token::CardToken;

/// Why a payer's bank declines.
pub use counterfoil_domain::charge::DeclineCode as Decline;
