//! Refunds and what they take back: samples with everything filled that may be, and random ones.

use counterfoil_domain::money::{Currency, Money};
use counterfoil_domain::refund::{
    Liabilities, Reason, Recover, RefundFailure, RefundState, RefundStatus, Taken,
};
use counterfoil_domain::split::Borne;
use counterfoil_domain::transfer::ReversalState;
use counterfoil_domain::{AccountId, ChargeId, DisputeId, RefundId, ReversalId, SplitId, TransferId};

use super::draw::Draw;
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
        booked_at: 999_996,
        transfer_group: Some("order-17".into()),
    }
}

pub(super) fn reversal() -> ReversalState {
    ReversalState {
        transfer: TransferId::new(999_995, 0),
        destination: BAKERY,
        refund: Some(RefundId::new(999_996, 0)),
        amount: Money::new(Currency::BRL, 640),
        fee_refunded: 0,
        given_back: 600,
        dispute: None,
        transfer_group: Some("order-17".into()),
    }
}

impl Draw {
    pub(super) fn refund(&mut self) -> RefundState {
        let status = match self.below(7) {
            0 => RefundStatus::Waiting { payer: self.account(), need: self.i64() },
            1 => RefundStatus::Processing,
            2 => RefundStatus::RequiresAction,
            3 => RefundStatus::Succeeded,
            4 => RefundStatus::Canceled,
            5 => RefundStatus::Confirmed,
            _ => RefundStatus::Failed(self.named::<RefundFailure>()),
        };
        let recover = match self.below(4) {
            0 => Recover::None,
            1 => Recover::OwnTransfer,
            2 => Recover::ByLiability(Liabilities {
                splits: self.list(3, |draw| SplitId(draw.object())),
                borne: self.list(3, |draw| Borne {
                    transfer: TransferId(draw.object()),
                    amount: draw.i64(),
                    shortfall: draw.named(),
                }),
            }),
            _ => Recover::Exactly(self.list(5, |draw| (TransferId(draw.object()), draw.i64()))),
        };
        let taken: Vec<Taken> = self.list(5, |draw| Taken {
            reversal: ReversalId(draw.object()),
            transfer: TransferId(draw.object()),
            amount: draw.i64(),
            drawn: draw.i64(),
        });
        RefundState {
            charge: ChargeId(self.object()),
            owner: self.account(),
            seller: self.option(Self::account),
            amount: Money::new(self.currency(), self.i64()),
            status,
            reason: self.option(Self::named),
            recover,
            with_fee: self.bool(),
            taken: taken.into_iter().collect(),
            fee_refunded: self.i64(),
            drawn: self.i64(),
            fee_drawn: self.i64(),
            booked_at: self.u64(),
            transfer_group: self.option(Self::text),
        }
    }

    pub(super) fn reversal(&mut self) -> ReversalState {
        let refund = self.option(|draw| RefundId(draw.object()));
        let dispute = if refund.is_none() { self.option(|draw| DisputeId(draw.object())) } else { None };
        ReversalState {
            transfer: TransferId(self.object()),
            destination: self.account(),
            refund,
            amount: Money::new(self.currency(), self.i64()),
            fee_refunded: self.i64(),
            // Only what a refund or a dispute took is given back.
            given_back: if refund.is_some() || dispute.is_some() { self.i64() } else { 0 },
            dispute,
            transfer_group: self.option(Self::text),
        }
    }
}
