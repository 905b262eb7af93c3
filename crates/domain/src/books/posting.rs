//! A posting: one line of an entry.

use super::Book;
use crate::money::Minor;

/// One line of an entry: so much, to this book, for this reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posting {
    /// The book that is moved.
    pub book: Book,
    /// Why.
    pub kind: Kind,
    /// Minor units of the entry's currency; a debit is positive, a credit negative.
    pub amount: Minor,
    /// The entry number: the how-manyeth posting of this account (or rail, or other
    /// book) in this currency, counted from 1 without a gap over all its states.
    pub number: u64,
}

impl Posting {
    /// What the posting adds to what is owed: a credit adds, a debit takes.
    #[must_use]
    pub fn owed(&self) -> Minor {
        // Amounts are checked against `Minor::MIN` when the entry is built.
        self.amount.wrapping_neg()
    }
}

/// Why money moved: the category of a balance entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A payer paid.
    Charge,
    /// The processor's fee on a charge.
    ProcessingFee,
    /// The platform's fee on a seller's charge.
    ApplicationFee,
    /// A part of an application fee went back to the seller.
    ApplicationFeeRefund,
    /// Money moved from the platform to a seller.
    Transfer,
    /// A part of a transfer went back to the platform.
    TransferReversal,
    /// A part of a charge went back to the payer.
    Refund,
    /// Pending money became available.
    Maturity,
    /// Money left for the account's bank.
    Payout,
    /// The bank took a payout.
    PayoutPaid,
    /// The bank refused or returned a payout.
    PayoutFailure,
    /// What a payout leaves behind, taken out of the entries that it pays.
    PayoutHold,
    /// What a payout left behind, open again for the next one.
    PayoutRelease,
    /// A rail settled to the bank.
    Settlement,
    /// Money was paid into a balance.
    Topup,
    /// The bank took it back.
    TopupReversal,
    /// Money of the platform's held against what its sellers owe, or set free.
    ConnectReserve,
    /// It paid a seller's old debt.
    ConnectCollection,
    /// The operator bore a seller's old debt.
    Loss,
    /// The platform took money back from a connected account.
    AccountDebit,
    /// What the operator charged the platform for that.
    AccountDebitFee,
    /// What of an authorised charge was not captured went back.
    PartialCapture,
    /// A payment that had been booked failed.
    PaymentFailure,
    /// A refund failed or was called off, and its money came back.
    RefundFailure,
    /// Money of an account was held back.
    ReserveHold,
    /// Held money was released.
    ReserveRelease,
    /// A dispute took a payment back.
    Dispute,
    /// The processor's fee for a dispute, or for answering it.
    DisputeFee,
    /// A dispute that was won gave the payment back.
    DisputeReversal,
    /// What came back of its fees.
    DisputeFeeReversal,
    /// Prefunded money became available.
    Prefunding,
    /// What an account owed was taken from its bank.
    BankDebit,
    /// The bank took that back.
    BankDebitReturn,
    /// Money that came back for a debt that was written off went to whoever bore that.
    WriteOffRecovery,
}

impl Kind {
    /// The kind's name, as views show it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::ProcessingFee => "processing_fee",
            Self::ApplicationFee => "application_fee",
            Self::ApplicationFeeRefund => "application_fee_refund",
            Self::Transfer => "transfer",
            Self::TransferReversal => "transfer_reversal",
            Self::Refund => "refund",
            Self::Maturity => "maturity",
            Self::Payout => "payout",
            Self::PayoutPaid => "payout_paid",
            Self::PayoutFailure => "payout_failure",
            Self::PayoutHold => "payout_minimum_balance_hold",
            Self::PayoutRelease => "payout_minimum_balance_release",
            Self::Settlement => "settlement",
            Self::Topup => "topup",
            Self::TopupReversal => "topup_reversal",
            Self::ConnectReserve => "connect_reserve",
            Self::ConnectCollection => "connect_collection",
            Self::Loss => "loss",
            Self::AccountDebit => "account_debit",
            Self::AccountDebitFee => "account_debit_fee",
            Self::PartialCapture => "partial_capture_reversal",
            Self::PaymentFailure => "payment_failure",
            Self::RefundFailure => "refund_failure",
            Self::ReserveHold => "reserve_hold",
            Self::ReserveRelease => "reserve_release",
            Self::Dispute => "dispute",
            Self::DisputeFee => "dispute_fee",
            Self::DisputeReversal => "dispute_reversal",
            Self::DisputeFeeReversal => "dispute_fee_reversal",
            Self::Prefunding => "prefunding",
            Self::BankDebit => "bank_debit",
            Self::BankDebitReturn => "bank_debit_return",
            Self::WriteOffRecovery => "write_off_recovery",
        }
    }
}
