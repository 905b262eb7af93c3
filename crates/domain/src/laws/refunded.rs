//! What steps of refunds gave back or put back, reckoned from what they say moved.

use crate::books::{Entry, Kind};
use crate::id::{AccountId, ChargeId};
use crate::money::Minor;
use crate::record::{Kept, Record};
use crate::step::{Moved, Step};

/// What a step changed of one charge: of what was refunded, and of the fee given back.
pub(super) fn of(moved: &Moved) -> Option<(ChargeId, Minor, Minor)> {
    let fee = moved.books.as_ref().map_or(0, |books| fee(&books.entry));
    if let (Step::ApplicationFeeRefunded, Record::Charge(id, _)) = (moved.step, &moved.subject.record) {
        return Some((*id, 0, fee));
    }
    let Record::Refund(_, refund) = &moved.subject.record else {
        return None;
    };
    let amount = refund.money().minor;
    // A refund counts from when it is asked for until it is known that it will not be.
    let counted = match moved.step {
        Step::RefundCreated => amount,
        Step::RefundFailed | Step::RefundCanceled => amount.saturating_neg(),
        Step::RefundSucceeded | Step::RefundWaited | Step::RefundPending => 0,
        Step::TopupCreated
        | Step::TopupSucceeded
        | Step::TopupFailed
        | Step::TopupCanceled
        | Step::TopupReversed
        | Step::ChargeAuthorised
        | Step::ChargeCaptured
        | Step::ChargeCanceled
        | Step::ChargeExpired
        | Step::ChargeBegun
        | Step::ChargeConfirmed
        | Step::ChargeFailed
        | Step::ChargeAsked
        | Step::ChargeDeclined
        | Step::FraudWarningReceived
        | Step::ApplicationFeeRefunded
        | Step::TransferQueued
        | Step::TransferReleased
        | Step::TransferCanceled
        | Step::TransferReversalCreated
        | Step::AccountDebited
        | Step::SplitRuleSet
        | Step::ChargesShared
        | Step::SplitConditionMet
        | Step::SplitReleased
        | Step::BankDebitCreated
        | Step::BankDebitSucceeded
        | Step::BankDebitFailed
        | Step::BankDebitReturned
        | Step::ReservePlanSet
        | Step::ReservePlanDisabled
        | Step::ReservePlanExpired
        | Step::ReserveHeld
        | Step::ReserveReleased
        | Step::ReserveReleasedEarly
        | Step::ReserveReleasedWithPlan
        | Step::DisputeOpened
        | Step::DisputeEscalated
        | Step::DisputeEvidenceSubmitted
        | Step::DisputeInquiryClosed
        | Step::DisputeWon
        | Step::DisputeLost
        | Step::DisputeRecovered
        | Step::DisputeGivenBack
        | Step::PrefundingUsed
        | Step::PrefundingReleased
        | Step::DebtCollected => return None,
    };
    Some((refund.charge, counted, fee))
}

/// What the platform gave back of fees, by its postings.
fn fee(entry: &Entry) -> Minor {
    let platforms = entry.postings().iter().filter(|posting| {
        let owner = posting.book.owner().map(|(account, _)| account);
        posting.kind == Kind::ApplicationFeeRefund && owner == Some(AccountId::PLATFORM)
    });
    platforms.fold(0, |sum, posting| sum.saturating_add(posting.amount))
}
