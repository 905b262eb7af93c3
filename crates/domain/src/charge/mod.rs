//! Charges: taking money from a payer, in the three ways of Connect
//! (<https://docs.stripe.com/connect/charges>).

mod application_fee;
mod booking;
mod more;
mod pending;
mod processing_fee;
mod purse;
mod seller;
mod state;

pub mod ask;
pub mod authorise;
pub mod begin;
pub mod cancel;
pub mod capture;
pub mod create;
pub mod destination;
pub mod direct;
pub mod mark_captured;
pub mod mark_declined;
pub mod mark_failed;
pub mod mark_succeeded;
pub mod receive_fraud_warning;
pub mod separate;

pub use application_fee::{ApplicationFee, FeeRefund};
pub use ask::{AskCharge, could_be_card_number, is_card_token};
pub use authorise::Authorise;
pub use begin::BeginCharge;
pub use cancel::CancelCharge;
pub use capture::CaptureCharge;
pub use create::Charge;
pub use mark_captured::MarkChargeCaptured;
pub use mark_declined::{DeclineCode, MarkChargeDeclined};
pub use mark_failed::MarkChargeFailed;
pub use mark_succeeded::MarkChargeSucceeded;
pub use more::{CaptureTerms, ChargeMore, ChargeStanding, MOST_TRANSFERS_AT_RISK, TransferRun};
pub use pending::{MOST_PENDING_DAYS, PendingPart};
pub use processing_fee::ProcessingFee;
pub(crate) use purse::Purse;
pub use receive_fraud_warning::{
    FraudType, FraudWarning, FraudWarningReference, MOST_FRAUD_WARNINGS, ReceiveFraudWarning,
};
pub(crate) use seller::{receiving_account, sharing_account};
pub use state::ChargeState;

use crate::account::{Country, DetailsError, RequirementName};
use crate::id::{AccountId, ChargeId};
use crate::money::{Minor, Money};
use crate::refusal::refusals;

/// Where a charge lives and who shares in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChargeType {
    /// On the seller, who is merchant of record.
    Direct,
    /// On the platform, with one transfer to a seller in the same breath.
    Destination,
    /// On the platform; transfers are separate.
    Separate,
}

/// How a charge is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChargeKind {
    /// On the seller; the platform takes an application fee.
    Direct {
        /// The seller.
        account: AccountId,
        /// The platform's fee; 0 for none.
        application_fee: Minor,
    },
    /// On the platform; the seller gets a share at once.
    Destination {
        /// The seller.
        account: AccountId,
        /// What the seller gets.
        share: DestinationShare,
    },
    /// On the platform; transfers or a split follow, or none.
    Separate,
}

/// What the seller of a destination charge gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DestinationShare {
    /// The whole charge.
    Whole,
    /// The whole charge, from which the platform takes a fee back: two movements.
    LessApplicationFee(Minor),
    /// Only this much: `transfer_data[amount]`, one movement and no fee object.
    Amount(Minor),
}

impl ChargeType {
    /// The type's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Destination => "destination",
            Self::Separate => "separate",
        }
    }
}

/// The largest single amount, in minor units: ten thousand million of a currency with
/// two decimals.
pub const LARGEST_AMOUNT: Minor = 1_000_000_000_000;

/// The most that a ledger may ever take in of one currency by charges and top-ups, together with
/// what disputes and their fees took out of it: a quarter of what 64 bits hold. No balance can be
/// further from zero than what came in and its mirror, so none overflows.
pub(crate) const MOST_TAKEN_IN: i128 = 1 << 61;

refusals! {
    /// Why a charge is not made.
    ChargeRefusal {
        /// There is no such charge.
        Unknown {
            /// The id that was named.
            charge: ChargeId,
        } => "charge_must_exist", Documented(ResourceMissing), "There is no charge {charge}.";
        /// The amount is not above zero.
        NotPositive {
            /// What was asked.
            asked: Money,
        } => "charge_must_be_positive", Unconfirmed(ParameterInvalidInteger), "A charge is above zero; {asked} was asked.";
        /// The amount is below the ledger's minimum.
        BelowMinimum {
            /// What was asked.
            asked: Money,
            /// The least.
            minimum: Money,
        } => "charge_must_reach_minimum", Documented(AmountTooSmall), "The smallest charge is {minimum}; {asked} was asked.";
        /// The amount is too large.
        TooLarge {
            /// What was asked.
            asked: Money,
        } => "charge_must_not_be_too_large", Documented(AmountTooLarge), "No amount is above 1,000,000,000,000 minor units, and all charges, top-ups and disputes in a currency together stay within a quarter of 64 bits; {asked} was asked.";
        /// It names the bank as the rail that it comes in on.
        Bank => "charge_must_not_come_in_at_the_bank", NoCode, "A charge comes in on a rail, which settles to the bank; name the rail.";
        /// Text attached to the charge is too long.
        Details {
            /// What is wrong with it.
            error: DetailsError,
        } => "charge_details_must_fit", NoCode, "{error}.";
        /// The transfer group is empty or longer than 255 bytes.
        TransferGroup => "transfer_group_must_be_short", NoCode, "A transfer group has 1 to 255 bytes.";
        /// The platform is named as the seller.
        SellerIsPlatform => "charge_needs_a_connected_account", NoCode, "A direct or destination charge, a transfer and a part of a split name a connected account, not the platform.";
        /// Somebody else bears the seller's losses.
        LossBearer => "platform_must_bear_losses", Unconfirmed(TransfersNotAllowed), "Destination charges, separate charges and transfers need a ledger whose platform bears losses; this one's operator does.";
        /// The operator bears this account's losses.
        LossesOf {
            /// The account.
            account: AccountId,
        } => "platform_must_bear_the_accounts_losses", Unconfirmed(TransfersNotAllowed), "By its controller the operator bears the losses of account number {account}; it takes direct charges only.";
        /// A direct charge is made on behalf of somebody.
        OnBehalfOfDirect => "on_behalf_of_needs_a_platform_charge", Unconfirmed(ParametersExclusive), "A direct charge has its seller as merchant of record; only a destination or separate charge is made on behalf of an account.";
        /// A destination charge is made on behalf of somebody else than its seller.
        OnBehalfOfAnother {
            /// The seller.
            account: AccountId,
        } => "on_behalf_of_must_be_the_destination", NoCode, "A destination charge is made on behalf of its own seller, account number {account}, or of nobody.";
        /// A requirement keeps the merchant of record from charging.
        OnBehalfOfClosed {
            /// The account.
            account: AccountId,
            /// The requirement.
            requirement: RequirementName,
        } => "on_behalf_of_needs_card_payments", Unconfirmed(AccountInvalid), "Account number {account} cannot be merchant of record until its requirement {requirement} is verified.";
        /// The merchant of record is in a region that the platform's does not exchange with.
        OnBehalfOfAbroad {
            /// The platform's country.
            platform: Country,
            /// The account's.
            merchant: Country,
        } => "on_behalf_of_must_stay_in_its_region", Unconfirmed(AccountInvalid), "A platform in {platform} cannot charge on behalf of an account in {merchant}.";
        /// A requirement keeps the seller from charging.
        Closed {
            /// The seller.
            account: AccountId,
            /// The requirement.
            requirement: RequirementName,
        } => "account_must_be_able_to_charge", Unconfirmed(TransfersNotAllowed), "Account number {account} cannot take charges or transfers until its requirement {requirement} is verified.";
        /// The application fee is below zero or above the charge.
        ApplicationFee {
            /// What was asked.
            asked: Money,
            /// The charge.
            charge: Money,
        } => "application_fee_must_not_exceed_charge", Unconfirmed(AmountTooLarge), "An application fee lies between 0 and the charge of {charge}; {asked} was asked.";
        /// The seller's amount is not above zero or is above the charge.
        TransferAmount {
            /// What was asked.
            asked: Money,
            /// The charge.
            charge: Money,
        } => "transfer_amount_must_not_exceed_charge", Unconfirmed(AmountTooLarge), "A destination charge's transfer lies above 0 and within the charge of {charge}; {asked} was asked.";
        /// The processing fee is above the charge.
        ProcessingFee {
            /// The fee.
            fee: Money,
            /// The charge.
            charge: Money,
        } => "processing_fee_must_not_exceed_charge", NoCode, "The processing fee of {fee} is above the charge of {charge}.";
        /// An authorisation ends before it begins, or too late.
        CaptureBefore {
            /// How many days it may be open.
            days: i64,
        } => "authorisation_must_end_in_time", NoCode, "An authorisation ends after it is made and within {days} days.";
        /// Nothing of the charge is left to capture.
        NotAuthorised {
            /// How it stands.
            status: &'static str,
        } => "charge_must_be_authorised", Unconfirmed(StatusTransitionInvalid), "The charge is {status}; what is captured or called off is one that requires_capture.";
        /// The authorisation ran out.
        CaptureExpired => "capture_must_precede_expiry", Unconfirmed(StatusTransitionInvalid), "The authorisation of this charge has expired; the payer is charged anew.";
        /// The capture is not above zero.
        CaptureNotPositive {
            /// What was asked.
            asked: Money,
        } => "capture_must_be_positive", Unconfirmed(ParameterInvalidInteger), "A capture is above zero; {asked} was asked.";
        /// The capture is above what is left of the authorisation.
        ExceedsAuthorisation {
            /// What was asked.
            asked: Money,
            /// What is left to capture.
            left: Money,
        } => "capture_must_not_exceed_authorisation", Unconfirmed(AmountTooLarge), "Of this charge {left} is left to capture; {asked} was asked.";
        /// The charge has pending money of too many days.
        ManyPendingDays {
            /// The most.
            most: usize,
        } => "charge_must_have_few_pending_days", NoCode, "A charge has pending money of at most {most} days; capture it on a day that it has already, or wait until one has come.";
        /// The application fee does not fit the capture.
        CaptureFee {
            /// What was asked.
            asked: Money,
            /// The most that fits.
            most: Money,
        } => "application_fee_must_fit_capture", Unconfirmed(AmountTooLarge), "The application fee of this capture lies between 0 and {most}; {asked} was asked.";
        /// The charge brought no money that could be given back.
        NotSucceeded {
            /// How it stands.
            status: &'static str,
        } => "charge_must_have_succeeded", Unconfirmed(StatusTransitionInvalid), "The charge is {status}; what is refunded is one that has succeeded.";
        /// The charge brought no money that could be shared out.
        NoMoney {
            /// How it stands.
            status: &'static str,
        } => "charge_must_have_brought_money", Unconfirmed(StatusTransitionInvalid), "The charge is {status}, and nothing of it is there to transfer.";
        /// A card is not named by a token.
        NoToken => "card_must_be_named_by_its_token", NoCode, "A card is named by its processor's token, 1 to 255 visible characters, and never by its number.";
        /// Nobody was asked for its money, or the answer is there.
        NotAsked {
            /// How it stands.
            status: &'static str,
        } => "charge_must_be_asked", Unconfirmed(StatusTransitionInvalid), "The charge is {status}; a processor answers for one that it was asked for and that is pending.";
        /// The charge has a fraud warning of this reference: it is told again.
        WarnedTwice {
            /// The charge.
            charge: ChargeId,
        } => "fraud_warning_must_not_be_told_twice", NoCode, "A fraud warning of this reference is known of the charge {charge}.";
        /// The charge has as many fraud warnings as can be kept with it.
        ManyWarnings {
            /// The most.
            most: usize,
        } => "charge_must_have_few_fraud_warnings", NoCode, "A charge has at most {most} fraud warnings.";
        /// Its result is not awaited.
        NotProcessing {
            /// How it stands.
            status: &'static str,
        } => "charge_must_be_processing", Unconfirmed(StatusTransitionInvalid), "The charge is {status}; only one that is processing comes to succeed.";
        /// Its payment cannot fail.
        CannotFail {
            /// How it stands.
            status: &'static str,
        } => "charge_must_be_able_to_fail", Unconfirmed(StatusTransitionInvalid), "The charge is {status}; only one that was begun, has not failed and is not disputed fails.";
        /// It has as many transfers as can be taken back.
        ManyTransfers {
            /// The most.
            most: usize,
        } => "charge_must_have_few_transfers", NoCode, "A charge whose payment may fail has at most {most} transfers; share it out in fewer parts.";
    }
}
