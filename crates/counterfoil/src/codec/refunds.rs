//! Samples of refunds and of what they take back, with everything filled that may be.

use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::refund::{
    Reason, Recover, RefundFailure, RefundState, RefundStatus, ReversalState, Taken,
};
use counterfoil_domain::{AccountId, ChargeId, RefundId, ReversalId, TransferId};

use super::samples::BAKERY;

pub(super) fn refund() -> RefundState {
    let taken = Taken {
        reversal: ReversalId::new(999_996, 1),
        transfer: TransferId::new(999_995, 0),
        amount: 640,
        drawn: 600,
    };
    RefundState {
        charge: ChargeId::new(999_998, 0),
        owner: AccountId::PLATFORM,
        seller: Some(BAKERY),
        amount: Money::new(Currency::BRL, 700),
        status: RefundStatus::Failed(RefundFailure::ExpiredOrCanceledCard),
        reason: Some(Reason::Duplicate),
        recover: Recover::Exactly(vec![(TransferId::new(999_995, 0), 640)]),
        with_fee: true,
        taken: [taken].into_iter().collect(),
        fee_refunded: 60,
        drawn: 100,
        fee_drawn: -60,
        transfer_group: Some("order-17".into()),
    }
}

pub(super) fn reversal() -> ReversalState {
    ReversalState {
        transfer: TransferId::new(999_995, 0),
        destination: BAKERY,
        refund: RefundId::new(999_996, 0),
        amount: Money::new(Currency::BRL, 640),
        given_back: 600,
        transfer_group: Some("order-17".into()),
    }
}
