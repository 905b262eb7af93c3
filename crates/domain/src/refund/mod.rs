//! Refunds: giving a payer money back, for each charge type
//! (<https://docs.stripe.com/connect/marketplace/tasks/refunds-disputes>).
//!
//! By default the money comes from whoever the charge lives on and nothing else moves.
//! `reverse_transfer` takes the seller's share of a destination charge back in
//! proportion; `refund_application_fee` gives the platform's fee back in proportion.
//! The processor's fee stays with the processor (unconfirmed).

mod cover;
pub mod create;
pub mod destination_charge;
pub mod direct_charge;
pub mod separate_charge;

pub use create::Refund;

use crate::id::AccountId;
use crate::money::Money;
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
            /// What is there: available, other money pending, the sale's fees, the limit.
            covered: Money,
        } => "balance_must_cover_refund", Unconfirmed(BalanceInsufficient), "Account number {account} would pay {asked} beyond what is left of the sale; its balance covers {covered}.";
    }
}
