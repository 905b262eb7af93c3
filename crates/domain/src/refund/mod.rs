//! Refunds: giving a payer money back, for each charge type
//! (<https://docs.stripe.com/connect/marketplace/tasks/refunds-disputes>).
//!
//! By default the money comes from whoever the charge lives on and nothing else moves.
//! `reverse_transfer` takes the seller's share of a destination charge back in
//! proportion; `refund_application_fee` gives the platform's fee back in proportion.
//! The processor's fee stays with the processor (unconfirmed).
//!
//! ```text
//!   waiting ── the payer has it ──▶ succeeded ◀── the payer got it ── processing,
//!      │                              │  └────── not done yet ──────▶ requires_action
//!      │                              │ the rail says                       │
//!      ├──────────────────────────────┴───────────────▶ failed ◀────────────┤
//!      └─────────────── called off ───▶ canceled ◀── only requires_action ──┘
//! ```
//!
//! A refund that waits is pending with `insufficient_funds`: it counts against its charge
//! and posts nothing. All others are booked; what failed or was called off is undone.

mod application_fee;
mod by_liability;
mod cancel;
mod carry_out;
mod cover;
pub mod create;
pub mod destination_charge;
pub mod direct_charge;
mod mark_failed;
mod mark_pending;
mod mark_succeeded;
mod means;
mod retry;
pub mod separate_charge;
mod state;
mod undo;

pub use application_fee::RefundApplicationFee;
pub use by_liability::MOST_LIABLE_SPLITS;
pub use cancel::CancelRefund;
pub use create::{MOST_RECOVERED, Refund};
pub use mark_failed::MarkRefundFailed;
pub use mark_pending::MarkRefundPending;
pub use mark_succeeded::MarkRefundSucceeded;
pub(crate) use means::Means;
pub use state::{Liabilities, OnShortfall, Recover, RefundFailure, RefundState, RefundStatus, Taken};

use crate::id::{AccountId, RefundId, SplitId, TransferId};
use crate::money::Money;
use crate::record::{Loaded, Needs};
use crate::refusal::refusals;

/// Why a payer is given money back (<https://docs.stripe.com/api/refunds/object>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// The payer asked.
    RequestedByCustomer,
    /// The charge was made twice.
    Duplicate,
    /// The charge was fraudulent.
    Fraudulent,
}

/// Adds what undoing a refund reads.
fn needs(id: RefundId, loaded: &Loaded, needs: &mut Needs) {
    needs.add(id);
    if let Some(refund) = loaded.get(id) {
        refund.needs(loaded, needs);
    }
}

refusals! {
    /// Why a refund is not made.
    RefundRefusal {
        /// The amount is not above zero.
        NotPositive {
            /// What was asked.
            asked: Money,
        } => "refund_must_be_positive", Unconfirmed(ParameterInvalidInteger), "A refund is above zero; {asked} was asked.";
        /// Nothing of the charge is left to refund.
        NothingLeft => "charge_must_not_be_fully_refunded", Documented(ChargeAlreadyRefunded), "Nothing of this charge is left to refund.";
        /// A dispute has taken what would be left to refund.
        Disputed {
            /// What disputes took and did not give back.
            disputed: Money,
        } => "refund_must_not_meet_a_dispute", Documented(ChargeDisputed), "Disputes took {disputed} of this charge, and nothing is left to refund: the payer has it.";
        /// The charge has less left to give back.
        ExceedsCharge {
            /// What was asked.
            asked: Money,
            /// What is left to give back.
            left: Money,
        } => "refund_must_not_exceed_charge", Unconfirmed(AmountTooLarge), "The charge has {left} left to refund; {asked} was asked.";
        /// The charge has no transfer of its own.
        NoTransfer => "reverse_transfer_needs_a_destination_charge", NoCode, "Only a destination charge has a transfer of its own to reverse; reverse the transfers of a separate charge one by one.";
        /// The charge has no application fee.
        NoFee => "refund_application_fee_needs_an_application_fee", NoCode, "This charge has no application fee to give back.";
        /// The fee of a destination charge goes back only with its transfer.
        FeeWithoutTransfer => "refund_application_fee_needs_reverse_transfer", NoCode, "The application fee of a destination charge is given back only together with its transfer; set reverse_transfer too.";
        /// The payer of the refund cannot cover it.
        NotCovered {
            /// Who would pay.
            account: AccountId,
            /// What it would take from the available balance.
            asked: Money,
            /// What is there: available, prefunded, other money pending, the sale's fees, the limit.
            covered: Money,
        } => "balance_must_cover_refund", Unconfirmed(BalanceInsufficient), "Account number {account} would pay {asked} beyond what is left of the sale; its balance covers {covered}.";
        /// There is no such refund.
        Unknown {
            /// The id that was named.
            refund: RefundId,
        } => "refund_must_exist", Documented(ResourceMissing), "There is no refund {refund}.";
        /// The refund does not stand as it must for this.
        Lifecycle {
            /// How it stands.
            status: RefundStatus,
            /// How it would have to stand.
            needed: &'static str,
        } => "refund_must_follow_its_lifecycle", Unconfirmed(StatusTransitionInvalid), "The refund is {status}; this is for one that is {needed}.";
        /// It names transfers, and its charge has none that are named.
        RecoveryOfOtherCharge => "recovery_needs_a_separate_charge", NoCode, "Only the transfers of a separate charge are named; a destination charge has one of its own, and a direct charge none.";
        /// It names more transfers than one event holds.
        ManyTransfers {
            /// How many it names, or how many bear it by liability.
            named: usize,
        } => "recovery_must_name_few_transfers", NoCode, "A refund takes back of at most 50 transfers, and a dispute names no more; this one would of {named}. Reverse the others by themselves.";
        /// It names a transfer of something else.
        RecoveryOfOtherTransfer {
            /// Which.
            transfer: TransferId,
        } => "recovery_must_be_of_the_charge", NoCode, "Transfer {transfer} does not share out this charge.";
        /// It names a transfer more than once.
        TransferTwice {
            /// Which.
            transfer: TransferId,
        } => "recovery_must_name_each_transfer_once", NoCode, "Transfer {transfer} is named more than once.";
        /// It names more splits than one refund reads.
        ManySplits {
            /// How many.
            named: usize,
        } => "recovery_must_name_few_splits", NoCode, "A refund or a dispute is borne by the parts of at most 10 splits; {named} were named.";
        /// It names a split of something else.
        RecoveryOfOtherSplit {
            /// Which.
            split: SplitId,
        } => "recovery_split_must_share_the_charge", NoCode, "Split {split} does not share this charge.";
        /// It names a split more than once.
        SplitTwice {
            /// Which.
            split: SplitId,
        } => "recovery_must_name_each_split_once", NoCode, "Split {split} is named more than once.";
        /// Less is left of the application fee.
        ExceedsFee {
            /// What was asked.
            asked: Money,
            /// What is left to give back.
            left: Money,
        } => "fee_refund_must_not_exceed_fee", Unconfirmed(AmountTooLarge), "The application fee has {left} left to give back; {asked} was asked.";
    }
}
