//! Asking: each command with the reply that it gets.

use counterfoil_domain::account::{
    AttachBankAccount, NameSuccessor, OnboardAccount, ProvideRequirement, ResolveRequirement,
};
use counterfoil_domain::bank_debit::{
    MarkBankDebitFailed, MarkBankDebitReturned, MarkBankDebitSucceeded, SetDebitNegativeBalances,
};
use counterfoil_domain::bookmark::SetBookmark;
use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::charge::{
    AskCharge, Authorise, BeginCharge, CancelCharge, CaptureCharge, Charge, MarkChargeCaptured,
    MarkChargeDeclined, MarkChargeFailed, MarkChargeSucceeded, ReceiveFraudWarning,
};
use counterfoil_domain::debit::DebitAccount;
use counterfoil_domain::dispute::{
    AcceptDispute, CloseInquiry, EscalateInquiry, MarkDisputeLost, MarkDisputeWon, OpenDispute,
    SubmitEvidence,
};
use counterfoil_domain::payout::{MarkPayoutFailed, MarkPayoutPaid, RequestPayout, SetPayoutSchedule};
use counterfoil_domain::prefunding::ReleasePrefunding;
use counterfoil_domain::rail::SettleRail;
use counterfoil_domain::refund::{
    CancelRefund, MarkRefundFailed, MarkRefundPending, MarkRefundSucceeded, Refund, RefundApplicationFee,
};
use counterfoil_domain::reserve::{
    CreateReserveHold, DisableReservePlan, ReleaseReserveHold, SetReservePlan,
};
use counterfoil_domain::split::rule::SetSplitRule;
use counterfoil_domain::split::{MeetCondition, Split, SplitByRule};
use counterfoil_domain::topup::{
    CancelTopup, CreateTopup, MarkTopupFailed, MarkTopupReversed, MarkTopupSucceeded,
};
use counterfoil_domain::transfer::{CancelTransfer, QueueTransfer, ReverseTransfer, Transfer};
use counterfoil_domain::{
    AccountId, BankDebitId, ChargeId, Command, DebitId, DisputeId, DrawdownId, RecordId, RefundId,
    ReserveHoldId, ReservePlanId, SplitId, SplitRuleId, TopupId, TransferId,
};

use crate::outcome::{
    ChargeMade, Outcome, PayoutMade, RefundMade, ReversalMade, SplitMade, Stepped, TransferAsked,
};

/// A command and the reply that it gets.
pub trait Ask: Into<Command> {
    /// What the receipt says beyond positions and time.
    type Reply;

    /// The reply in an outcome of this command; `None` for another command's outcome.
    fn reply(outcome: Outcome) -> Option<Self::Reply>;
}

macro_rules! asks {
    ($($command:ty => $reply:ty, $pattern:pat => $value:expr;)+) => {$(
        impl Ask for $command {
            type Reply = $reply;

            fn reply(outcome: Outcome) -> Option<$reply> {
                if let $pattern = outcome { Some($value) } else { None }
            }
        }
    )+};
}

asks! {
    AdvanceTo => Timestamp, Outcome::Advanced { to } => to;
    ProvideRequirement => AccountId, Outcome::AccountChanged(account) => account;
    ResolveRequirement => AccountId, Outcome::AccountChanged(account) => account;
    NameSuccessor => AccountId, Outcome::AccountChanged(account) => account;
    SetPayoutSchedule => AccountId, Outcome::AccountChanged(account) => account;
    SetDebitNegativeBalances => AccountId, Outcome::AccountChanged(account) => account;
    Charge => ChargeMade, Outcome::Charged(made) => made;
    Split => SplitMade, Outcome::Split(made) => made;
    Transfer => TransferId, Outcome::Transferred(transfer) => transfer;
    ReverseTransfer => ReversalMade, Outcome::Reversed(made) => made;
    Refund => RefundMade, Outcome::Refunded(made) => made;
    RequestPayout => PayoutMade, Outcome::PaidOut(made) => made;
    MarkPayoutPaid => PayoutMade, Outcome::PaidOut(made) => made;
    MarkPayoutFailed => PayoutMade, Outcome::PaidOut(made) => made;
    SettleRail => (), Outcome::Settled => ();
    SetBookmark => u64, Outcome::Bookmarked { cursor } => cursor;
    Box<OnboardAccount> => AccountId, Outcome::Onboarded(account) => account;
    Box<AttachBankAccount> => AccountId, Outcome::AccountChanged(account) => account;
}

macro_rules! steps {
    ($($command:ty => $kind:ident($id:ty);)+) => {$(
        impl Ask for $command {
            type Reply = Stepped<$id>;

            fn reply(outcome: Outcome) -> Option<Stepped<$id>> {
                let Outcome::Moved { object: RecordId::$kind(object), amount } = outcome else {
                    return None;
                };
                Some(Stepped { object, amount })
            }
        }
    )+};
}

steps! {
    CreateTopup => Topup(TopupId);
    MarkTopupSucceeded => Topup(TopupId);
    MarkTopupFailed => Topup(TopupId);
    MarkTopupReversed => Topup(TopupId);
    CancelTopup => Topup(TopupId);
    ReleasePrefunding => Drawdown(DrawdownId);
    CancelTransfer => Transfer(TransferId);
    DebitAccount => Debit(DebitId);
    Authorise => Charge(ChargeId);
    CaptureCharge => Charge(ChargeId);
    CancelCharge => Charge(ChargeId);
    BeginCharge => Charge(ChargeId);
    MarkChargeSucceeded => Charge(ChargeId);
    MarkChargeFailed => Charge(ChargeId);
    AskCharge => Charge(ChargeId);
    MarkChargeCaptured => Charge(ChargeId);
    MarkChargeDeclined => Charge(ChargeId);
    ReceiveFraudWarning => Charge(ChargeId);
    SetSplitRule => SplitRule(SplitRuleId);
    SplitByRule => Split(SplitId);
    MeetCondition => Split(SplitId);
    CancelRefund => Refund(RefundId);
    MarkRefundFailed => Refund(RefundId);
    MarkRefundPending => Refund(RefundId);
    MarkRefundSucceeded => Refund(RefundId);
    RefundApplicationFee => Charge(ChargeId);
    SetReservePlan => ReservePlan(ReservePlanId);
    DisableReservePlan => ReservePlan(ReservePlanId);
    CreateReserveHold => ReserveHold(ReserveHoldId);
    ReleaseReserveHold => ReserveHold(ReserveHoldId);
    OpenDispute => Dispute(DisputeId);
    EscalateInquiry => Dispute(DisputeId);
    CloseInquiry => Dispute(DisputeId);
    SubmitEvidence => Dispute(DisputeId);
    AcceptDispute => Dispute(DisputeId);
    MarkDisputeWon => Dispute(DisputeId);
    MarkDisputeLost => Dispute(DisputeId);
    MarkBankDebitSucceeded => BankDebit(BankDebitId);
    MarkBankDebitFailed => BankDebit(BankDebitId);
    MarkBankDebitReturned => BankDebit(BankDebitId);
}

impl Ask for QueueTransfer {
    type Reply = TransferAsked;

    fn reply(outcome: Outcome) -> Option<TransferAsked> {
        if let Outcome::Transferred(transfer) = outcome {
            return Some(TransferAsked { transfer, waits: false });
        }
        let Outcome::Moved { object: RecordId::Transfer(transfer), .. } = outcome else {
            return None;
        };
        Some(TransferAsked { transfer, waits: true })
    }
}

/// Any command, for callers that take what comes.
impl Ask for Command {
    type Reply = Outcome;

    fn reply(outcome: Outcome) -> Option<Outcome> {
        Some(outcome)
    }
}
