//! What a posting is in Connect's terms: a balance transaction of its own, a fee of one, or
//! no change of the balance.

use counterfoil_domain::books::Kind;

macro_rules! names {
    ($($(#[$doc:meta])* $type:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type {
            $($(#[$variant_doc])* $variant),+
        }

        impl $type {
            /// Connect's name for it.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    )+};
}

names! {
    /// The type of a balance transaction, as far as this ledger has one
    /// (<https://docs.stripe.com/reports/balance-transaction-types>).
    TransactionType {
        /// A payer paid.
        Charge = "charge",
        /// A transfer arrived at a connected account.
        Payment = "payment",
        /// What a connected account gave back of a transfer.
        PaymentRefund = "payment_refund",
        /// A payer was given money back.
        Refund = "refund",
        /// What came back of a refund that failed.
        RefundFailure = "refund_failure",
        /// The platform moved money to a connected account.
        Transfer = "transfer",
        /// Money that came back to the platform from one.
        TransferRefund = "transfer_refund",
        /// The platform's fee on a connected account's charge.
        ApplicationFee = "application_fee",
        /// What the platform gave back of it.
        ApplicationFeeRefund = "application_fee_refund",
        /// A processor's fee that stands alone.
        StripeFee = "stripe_fee",
        /// What has no type of its own at Connect.
        Adjustment = "adjustment",
        /// Money left for the account's bank.
        Payout = "payout",
        /// It came back.
        PayoutFailure = "payout_failure",
        /// What a payout leaves behind, taken out of it.
        PayoutMinimumBalanceHold = "payout_minimum_balance_hold",
        /// What a payout left behind, open again.
        PayoutMinimumBalanceRelease = "payout_minimum_balance_release",
        /// Money was paid in.
        Topup = "topup",
        /// The bank took it back.
        TopupReversal = "topup_reversal",
        /// Money held against what connected accounts owe, or set free.
        ReserveTransaction = "reserve_transaction",
        /// Money of a connected account was held back, or taken out of its payments balance
        /// for that: one on each side.
        ReserveHold = "reserve_hold",
        /// Held money was released, or came back to its payments balance by that.
        ReserveRelease = "reserve_release",
        /// A payment failed after it had been booked.
        PaymentFailureRefund = "payment_failure_refund",
        /// An old debt was paid out of that.
        ConnectCollectionTransfer = "connect_collection_transfer",
    }

    /// The category under which Connect reports a balance transaction
    /// (<https://docs.stripe.com/reports/reporting-categories>).
    Category {
        /// Charges and payments.
        Charge = "charge",
        /// Payments that failed after they had been booked.
        ChargeFailure = "charge_failure",
        /// What of authorised charges was not captured.
        PartialCaptureReversal = "partial_capture_reversal",
        /// Refunds of them.
        Refund = "refund",
        /// What came back of refunds that failed.
        RefundFailure = "refund_failure",
        /// Transfers.
        Transfer = "transfer",
        /// Transfers that came back.
        TransferReversal = "transfer_reversal",
        /// What the platform earned by its fees.
        PlatformEarning = "platform_earning",
        /// What it gave back of them.
        PlatformEarningRefund = "platform_earning_refund",
        /// Fees that stand alone.
        Fee = "fee",
        /// Adjustments.
        OtherAdjustment = "other_adjustment",
        /// Payouts.
        Payout = "payout",
        /// Payouts that came back.
        PayoutReversal = "payout_reversal",
        /// Money paid in.
        Topup = "topup",
        /// Money paid in that was taken back.
        TopupReversal = "topup_reversal",
        /// The reserve against what connected accounts owe.
        ConnectReservedFunds = "connect_reserved_funds",
        /// Money of connected accounts that is held back.
        RiskReservedFunds = "risk_reserved_funds",
        /// Old debts that were paid out of it.
        ConnectCollectionTransfer = "connect_collection_transfer",
        /// What disputes took.
        Dispute = "dispute",
        /// What disputes that were won gave back.
        DisputeReversal = "dispute_reversal",
    }

    /// The type of a fee detail
    /// (<https://docs.stripe.com/api/balance_transactions/object#balance_transaction_object-fee_details-type>).
    FeeType {
        /// The platform's fee.
        ApplicationFee = "application_fee",
        /// The processor's fee; Connect's name for it is its own.
        StripeFee = "stripe_fee",
    }
}

/// What a posting to an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A balance transaction, with the other postings of its kind about the same object.
    Own(TransactionType, Category),
    /// A fee of the account's balance transaction in the same event. Where there is none it
    /// stands alone as this.
    Fee(FeeType, TransactionType, Category),
    /// No change of the balance.
    Nothing,
}

impl Part {
    /// What a kind of posting is, on the platform or on a connected account. That a transfer
    /// is a payment where it arrives is documented; that the seller's side of an application
    /// fee that goes back alone is an adjustment is unconfirmed.
    pub(super) fn of(kind: Kind, on_platform: bool) -> Self {
        use TransactionType as Type;
        match (kind, on_platform) {
            (Kind::Charge, _) => Self::Own(Type::Charge, Category::Charge),
            (Kind::ProcessingFee, _) => Self::Fee(FeeType::StripeFee, Type::StripeFee, Category::Fee),
            (Kind::ApplicationFee, true) => Self::Own(Type::ApplicationFee, Category::PlatformEarning),
            (Kind::ApplicationFee | Kind::ApplicationFeeRefund, false) => {
                Self::Fee(FeeType::ApplicationFee, Type::Adjustment, Category::OtherAdjustment)
            }
            (Kind::ApplicationFeeRefund, true) => {
                Self::Own(Type::ApplicationFeeRefund, Category::PlatformEarningRefund)
            }
            (Kind::Transfer, true) => Self::Own(Type::Transfer, Category::Transfer),
            (Kind::Transfer, false) => Self::Own(Type::Payment, Category::Charge),
            (Kind::TransferReversal, true) => Self::Own(Type::TransferRefund, Category::TransferReversal),
            (Kind::TransferReversal, false) => Self::Own(Type::PaymentRefund, Category::Refund),
            (Kind::Refund, _) => Self::Own(Type::Refund, Category::Refund),
            (Kind::RefundFailure, _) => Self::Own(Type::RefundFailure, Category::RefundFailure),
            (Kind::Payout, _) => Self::Own(Type::Payout, Category::Payout),
            (Kind::PayoutFailure, _) => Self::Own(Type::PayoutFailure, Category::PayoutReversal),
            (Kind::PayoutHold, _) => Self::Own(Type::PayoutMinimumBalanceHold, Category::Payout),
            (Kind::PayoutRelease, _) => Self::Own(Type::PayoutMinimumBalanceRelease, Category::Payout),
            (Kind::Topup, _) => Self::Own(Type::Topup, Category::Topup),
            // That what is not captured goes back as a refund is unconfirmed; its category is not.
            (Kind::PartialCapture, _) => Self::Own(Type::Refund, Category::PartialCaptureReversal),
            (Kind::PaymentFailure, _) => Self::Own(Type::PaymentFailureRefund, Category::ChargeFailure),
            // A dispute's fee is a fee of its transaction; one that stands alone, for answering
            // it say, is reported with disputes (unconfirmed).
            (Kind::Dispute, _) => Self::Own(Type::Adjustment, Category::Dispute),
            (Kind::DisputeFee, _) => Self::Fee(FeeType::StripeFee, Type::Adjustment, Category::Dispute),
            (Kind::DisputeReversal, _) => Self::Own(Type::Adjustment, Category::DisputeReversal),
            (Kind::DisputeFeeReversal, _) => {
                Self::Fee(FeeType::StripeFee, Type::Adjustment, Category::DisputeReversal)
            }
            // A debit of what is owed is a payout below zero at Connect: money that comes.
            (Kind::BankDebit, _) => Self::Own(Type::Payout, Category::Payout),
            (Kind::BankDebitReturn, _) => Self::Own(Type::PayoutFailure, Category::PayoutReversal),
            // At Connect a debit is a transfer that the connected account makes to the platform.
            (Kind::AccountDebit, true) => Self::Own(Type::Payment, Category::Charge),
            (Kind::AccountDebit, false) => Self::Own(Type::Transfer, Category::Transfer),
            (Kind::AccountDebitFee, _) => Self::Fee(FeeType::StripeFee, Type::StripeFee, Category::Fee),
            (Kind::ConnectReserve, _) => Self::Own(Type::ReserveTransaction, Category::ConnectReservedFunds),
            (Kind::ReserveHold, _) => Self::Own(Type::ReserveHold, Category::RiskReservedFunds),
            (Kind::ReserveRelease, _) => Self::Own(Type::ReserveRelease, Category::RiskReservedFunds),
            // Who bore the loss is the other side of the entry.
            (Kind::ConnectCollection | Kind::Loss, _) => {
                Self::Own(Type::ConnectCollectionTransfer, Category::ConnectCollectionTransfer)
            }
            // Connect's pages know no money that comes back of an old debt: unconfirmed.
            (Kind::WriteOffRecovery, _) => Self::Own(Type::Adjustment, Category::OtherAdjustment),
            // What Connect calls prefunding that serves its purpose is unconfirmed.
            (Kind::Prefunding, _) => Self::Own(Type::Adjustment, Category::OtherAdjustment),
            (Kind::TopupReversal, _) => Self::Own(Type::TopupReversal, Category::TopupReversal),
            // Pending money became available, or left a state that is no part of the balance.
            (Kind::Maturity | Kind::PayoutPaid | Kind::Settlement, _) => Self::Nothing,
        }
    }

    /// Whether fees of the same event are taken off it, or come back with it: what a payer
    /// paid or is given back, what a dispute took, and what moved between the platform and a
    /// seller.
    pub(super) fn takes_fees(kind: TransactionType, category: Category) -> bool {
        let disputes = matches!(category, Category::Dispute | Category::DisputeReversal);
        disputes
            || matches!(
                kind,
                TransactionType::Charge
                    | TransactionType::Payment
                    | TransactionType::Refund
                    | TransactionType::RefundFailure
                    | TransactionType::PaymentRefund
                    | TransactionType::PaymentFailureRefund
            )
    }
}
