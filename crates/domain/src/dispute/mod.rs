//! Disputes: a payer's bank takes a payment back, and the seller's side answers or does not
//! (<https://docs.stripe.com/disputes>).
//!
//! Whoever the charge lives on pays: the seller of a direct charge, else the platform
//! (<https://docs.stripe.com/connect/disputes>). What a network says is a fact, which no policy
//! refuses; what the platform then takes back from sellers, and gives them again where the
//! dispute is won, is policy, and follows as due work of the same instant
//! (docs/decisions/disputes.md).

mod give_back;
mod lapse;
mod recover;
mod recover_more;
mod reference;
mod state;
mod withdraw;

pub mod accept;
pub mod close_inquiry;
pub mod escalate;
pub mod mark_lost;
pub mod mark_won;
pub mod open;
pub mod submit_evidence;

pub use accept::AcceptDispute;
pub use close_inquiry::CloseInquiry;
pub use escalate::EscalateInquiry;
pub use mark_lost::MarkDisputeLost;
pub use mark_won::MarkDisputeWon;
pub use open::{MOST_DISPUTES, OpenDispute};
pub use recover::MOST_RECOVERED_BY_DISPUTE;
pub(crate) use recover_more::{is_short, needs as needs_of_all, recover_more, takes_of};
pub use reference::{DisputeReference, NotAReference};
pub use state::{Consequence, DisputeReason, DisputeState, DisputeStatus, Recovered, Recovery};
pub use submit_evidence::SubmitEvidence;

use crate::calendar::Timestamp;
use crate::id::DisputeId;
use crate::money::Money;
use crate::record::Loaded;
use crate::refusal::refusals;

/// A dispute that stands as it must for a step.
fn standing<'a>(
    loaded: &'a Loaded,
    id: DisputeId,
    may: fn(DisputeStatus) -> bool,
    needed: &'static str,
) -> Result<&'a DisputeState, DisputeRefusal> {
    let dispute = loaded.get(id).ok_or(DisputeRefusal::Unknown { dispute: id })?;
    if !may(dispute.status) {
        return Err(DisputeRefusal::Lifecycle { status: dispute.status.name(), needed });
    }
    Ok(dispute)
}

refusals! {
    /// Why a dispute is not opened or changed.
    DisputeRefusal {
        /// There is no such dispute.
        Unknown {
            /// The id that was named.
            dispute: DisputeId,
        } => "dispute_must_exist", Documented(ResourceMissing), "There is no dispute {dispute}.";
        /// The charge has a dispute of this reference: it is told again.
        ToldTwice {
            /// The dispute that it is.
            dispute: DisputeId,
        } => "dispute_must_not_be_told_twice", NoCode, "A dispute of this reference is known for this charge: {dispute}.";
        /// The charge has as many disputes as can be kept with it.
        Many {
            /// The most.
            most: usize,
        } => "charge_must_have_few_disputes", NoCode, "A charge has at most {most} disputes and inquiries.";
        /// The charge brought no money that could be taken back.
        WithoutMoney {
            /// How it stands.
            status: &'static str,
        } => "disputed_charge_must_have_brought_money", NoCode, "The charge is {status}, and nothing of it is there to dispute.";
        /// The amount is not above zero, or a fee is below zero.
        NotPositive {
            /// What was said.
            said: Money,
        } => "dispute_must_be_positive", NoCode, "A dispute is above zero, and its fees are zero or more; {said} was said.";
        /// The amount is larger than the ledger counts.
        TooLarge {
            /// What was said.
            said: Money,
        } => "dispute_must_not_be_too_large", NoCode, "No amount is above 1,000,000,000,000 minor units, and all charges, top-ups and disputes with their fees in a currency together stay within a quarter of 64 bits; {said} was said.";
        /// The dispute does not stand as it must for this.
        Lifecycle {
            /// How it stands.
            status: &'static str,
            /// How it would have to stand.
            needed: &'static str,
        } => "dispute_must_follow_its_lifecycle", Unconfirmed(StatusTransitionInvalid), "The dispute is {status}; this is for one that is {needed}.";
        /// The evidence comes too late.
        Late {
            /// The instant from which on it does.
            due_by: Timestamp,
        } => "evidence_must_be_in_time", NoCode, "Evidence was due by {due_by}.";
    }
}
