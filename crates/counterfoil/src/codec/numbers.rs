//! The numbers that stand for named values in the log.
//!
//! A number is never used again and never derived from an order of declaration. A new
//! value does not compile until it has one.

use counterfoil_domain::account::{Dashboard, FeesPayer, RequirementName};
use counterfoil_domain::books::Kind;
use counterfoil_domain::calendar::Rank;
use counterfoil_domain::charge::{ChargeType, DeclineCode, FraudType};
use counterfoil_domain::dispute::{DisputeReason, DisputeStatus};
use counterfoil_domain::payout::{DayKind, FailureCode};
use counterfoil_domain::prefunding::DrawdownCause;
use counterfoil_domain::refund::{OnShortfall, Reason, RefundFailure};
use counterfoil_domain::settings::{Clock, FeePayer, LossBearer, Mode, Profile, RequirementCollector};
use counterfoil_domain::split::rule::Shortfall;
use counterfoil_domain::transfer::Cancellation;

use super::Fault;

/// A named value that a number stands for.
pub(super) trait Numbered: Sized {
    /// Its number.
    fn number(self) -> u8;

    /// The value of a number.
    fn numbered(number: u8) -> Result<Self, Fault>;
}

macro_rules! numbered {
    ($($type:ident, $what:literal: $($variant:ident = $number:literal),+;)+) => {$(
        impl Numbered for $type {
            fn number(self) -> u8 {
                match self { $(Self::$variant => $number),+ }
            }

            fn numbered(number: u8) -> Result<Self, Fault> {
                match number {
                    $($number => Ok(Self::$variant),)+
                    _ => Err(Fault::Number { what: $what, found: number.into() }),
                }
            }
        }
    )+};
}

numbered! {
    Cancellation, "reason of a cancellation": Requested = 0, DestinationClosed = 1;
    ChargeType, "charge type": Direct = 0, Destination = 1, Separate = 2;
    Clock, "clock": Wall = 0, Simulated = 1;
    Dashboard, "dashboard": Full = 0, Express = 1, None = 2;
    DisputeStatus, "status of a dispute":
        WarningNeedsResponse = 0, WarningUnderReview = 1, WarningClosed = 2, NeedsResponse = 3,
        UnderReview = 4, Won = 5, Lost = 6, Prevented = 7;
    DayKind, "kind of day": Calendar = 0, Business = 1;
    DrawdownCause, "cause of a drawdown": Shortfall = 0, Requested = 1;
    FeePayer, "fee payer": Account = 0, Platform = 1;
    FeesPayer, "payer of fees": Account = 0, Application = 1, ApplicationCustom = 2, ApplicationExpress = 3;
    Kind, "kind of posting":
        Charge = 0, ProcessingFee = 1, ApplicationFee = 2, ApplicationFeeRefund = 3,
        Transfer = 4, TransferReversal = 5, Refund = 6, Maturity = 7,
        Payout = 8, PayoutPaid = 9, PayoutFailure = 10, PayoutHold = 11, PayoutRelease = 12,
        Settlement = 13, Topup = 14, TopupReversal = 15, ConnectReserve = 16, ConnectCollection = 17, Loss = 18,
        AccountDebit = 19, AccountDebitFee = 20,
        PartialCapture = 21, PaymentFailure = 22, RefundFailure = 23, ReserveHold = 24,
        ReserveRelease = 25,
        Dispute = 26, DisputeFee = 27, DisputeReversal = 28, DisputeFeeReversal = 29,
        Prefunding = 30, BankDebit = 31, BankDebitReturn = 32, WriteOffRecovery = 33;
    LossBearer, "loss bearer": Platform = 0, Operator = 1;
    Mode, "mode": Live = 0, Test = 1;
    OnShortfall, "answer to a shortfall": Refuse = 0, Wait = 1;
    Profile, "profile": Marketplace = 0, Saas = 1;
    Rank, "rank of due work":
        Lapse = 0, Expire = 1, Maturity = 2, Release = 3, Queue = 4, Payout = 5, Collect = 6, Reserve = 7,
        Prefunding = 8;
    Reason, "reason of a refund": RequestedByCustomer = 0, Duplicate = 1, Fraudulent = 2;
    RequirementCollector, "requirement collector": Platform = 0, Operator = 1;
    RequirementName, "requirement":
        Identity = 0, BusinessProfile = 1, TaxId = 2, BankAccount = 3, TermsOfService = 4;
    Shortfall, "bearer of a shortfall": SellerOwes = 0, PlatformBears = 1;
}

/// Codes have their numbers from the domain, beside their names.
macro_rules! coded {
    ($($type:ident, $what:literal;)+) => {$(
        impl Numbered for $type {
            fn number(self) -> u8 {
                $type::number(self)
            }

            fn numbered(number: u8) -> Result<Self, Fault> {
                $type::from_number(number)
                    .ok_or(Fault::Number { what: $what, found: number.into() })
            }
        }
    )+};
}

coded! {
    DeclineCode, "decline code";
    DisputeReason, "reason of a dispute";
    FailureCode, "failure code";
    FraudType, "type of fraud";
    RefundFailure, "failure of a refund";
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use super::*;

    /// The names of numbers 0, 1, 2 and so on, which must be all that are known.
    fn names<T: Numbered + Debug>() -> String {
        let known = (0..=u8::MAX).map_while(|number| T::numbered(number).ok());
        let names: Vec<String> = known.map(|value| format!("{value:?}")).collect();
        let beyond = (0..=u8::MAX).skip(names.len()).any(|number| T::numbered(number).is_ok());
        assert!(!beyond, "numbers have a gap after {names:?}");
        names.join(" ")
    }

    /// Golden bytes hold one value of each type; these are the others.
    #[test]
    fn numbers_stay() {
        assert_eq!(names::<Cancellation>(), "Requested DestinationClosed");
        assert_eq!(names::<ChargeType>(), "Direct Destination Separate");
        assert_eq!(names::<Clock>(), "Wall Simulated");
        assert_eq!(names::<DayKind>(), "Calendar Business");
        assert_eq!(names::<Dashboard>(), "Full Express None");
        assert_eq!(
            names::<DisputeStatus>(),
            "WarningNeedsResponse WarningUnderReview WarningClosed NeedsResponse UnderReview Won Lost Prevented"
        );
        assert_eq!(
            names::<DisputeReason>(),
            "BankCannotProcess CheckReturned CreditNotProcessed CustomerInitiated DebitNotAuthorized \
             Duplicate Fraudulent General IncorrectAccountDetails InsufficientFunds Noncompliant \
             ProductNotReceived ProductUnacceptable SubscriptionCanceled Unrecognized"
        );
        assert_eq!(names::<DrawdownCause>(), "Shortfall Requested");
        assert_eq!(names::<FeePayer>(), "Account Platform");
        assert_eq!(names::<FeesPayer>(), "Account Application ApplicationCustom ApplicationExpress");
        assert_eq!(
            names::<Kind>(),
            "Charge ProcessingFee ApplicationFee ApplicationFeeRefund Transfer TransferReversal Refund \
             Maturity Payout PayoutPaid PayoutFailure PayoutHold PayoutRelease Settlement Topup \
             TopupReversal ConnectReserve ConnectCollection Loss AccountDebit \
             AccountDebitFee PartialCapture PaymentFailure RefundFailure ReserveHold ReserveRelease \
             Dispute DisputeFee DisputeReversal DisputeFeeReversal Prefunding \
             BankDebit BankDebitReturn WriteOffRecovery"
        );
        assert_eq!(names::<LossBearer>(), "Platform Operator");
        assert_eq!(names::<Mode>(), "Live Test");
        assert_eq!(names::<OnShortfall>(), "Refuse Wait");
        assert_eq!(names::<Profile>(), "Marketplace Saas");
        assert_eq!(names::<Rank>(), "Lapse Expire Maturity Release Queue Payout Collect Reserve Prefunding");
        assert_eq!(names::<Reason>(), "RequestedByCustomer Duplicate Fraudulent");
        assert_eq!(names::<RequirementCollector>(), "Platform Operator");
        assert_eq!(names::<RequirementName>(), "Identity BusinessProfile TaxId BankAccount TermsOfService");
        assert_eq!(names::<Shortfall>(), "SellerOwes PlatformBears");
        assert_eq!(
            names::<DeclineCode>(),
            "GenericDecline InsufficientFunds LostCard StolenCard ExpiredCard IncorrectCvc IncorrectNumber \
             ProcessingError CardVelocityExceeded DoNotHonor Fraudulent AuthenticationRequired NotTaken"
        );
        assert_eq!(
            names::<FailureCode>(),
            "AccountClosed AccountFrozen BankAccountRestricted BankOwnershipChanged CouldNotProcess \
             DebitNotAuthorized Declined InsufficientFunds InvalidAccountNumber IncorrectAccountHolderName \
             IncorrectAccountHolderAddress IncorrectAccountHolderTaxId InvalidCurrency NoAccount UnsupportedCard"
        );
        assert_eq!(
            names::<RefundFailure>(),
            "LostOrStolenCard ExpiredOrCanceledCard ChargeDisputed InsufficientFunds Declined MerchantRequest \
             Unknown NotTaken"
        );
        assert_eq!(
            names::<FraudType>(),
            "CardNeverReceived FraudulentCardApplication MadeWithCounterfeitCard MadeWithLostCard \
             MadeWithStolenCard Misc UnauthorizedUseOfCard"
        );
    }
}
