//! Refunds, version 1.

use counterfoil_domain::money::Money;
use counterfoil_domain::refund::create::Refunded;
use counterfoil_domain::refund::{Liabilities, Recover, RefundFailure, RefundState, RefundStatus, Taken};
use counterfoil_domain::split::Borne;
use counterfoil_domain::transfer::ReversalState;
use counterfoil_domain::{AccountId, ChargeId, ObjectId, RefundId, ReversalId, SplitId, TransferId};
use serde::{Deserialize, Serialize};

use super::charge::ChargeStateV1;
use super::object::ObjectV1;
use super::transfer::{ReversalStateV1, TransferStateV1};
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::{Posted, list};
use crate::codec::values::currency;

/// A charge that was refunded; its entry stands before it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct RefundedV1<'a> {
    id: ObjectV1,
    amount: i64,
    reversed: i64,
    fee_refunded: i64,
    reason: Option<u8>,
    #[serde(borrow)]
    charge: ChargeStateV1<'a>,
    transfer: Option<(ObjectV1, TransferStateV1<'a>)>,
}

impl<'a> From<&'a Refunded> for RefundedV1<'a> {
    fn from(refunded: &'a Refunded) -> Self {
        Self {
            id: refunded.id.0.into(),
            amount: refunded.amount,
            reversed: refunded.reversed,
            fee_refunded: refunded.fee_refunded,
            reason: refunded.reason.map(Numbered::number),
            charge: (&refunded.charge).into(),
            transfer: refunded.transfer.as_ref().map(|(id, transfer)| (id.0.into(), transfer.into())),
        }
    }
}

impl TryFrom<Posted<RefundedV1<'_>>> for Refunded {
    type Error = Fault;

    fn try_from(Posted { shape, entry }: Posted<RefundedV1<'_>>) -> Result<Self, Fault> {
        let transfer = match shape.transfer {
            Some((id, transfer)) => Some((TransferId(id.try_into()?), transfer.try_into()?)),
            None => None,
        };
        Ok(Self {
            id: ChargeId(shape.id.try_into()?),
            amount: shape.amount,
            reversed: shape.reversed,
            fee_refunded: shape.fee_refunded,
            reason: shape.reason.map(Numbered::numbered).transpose()?,
            charge: shape.charge.try_into()?,
            transfer,
            entry,
        })
    }
}

const WAITING: u8 = 0;
const PROCESSING: u8 = 1;
const REQUIRES_ACTION: u8 = 2;
const SUCCEEDED: u8 = 3;
const FAILED: u8 = 4;
const CANCELED: u8 = 5;
/// Succeeded, by the rail's word.
const CONFIRMED: u8 = 6;

/// A refund as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RefundStateV1<'a> {
    charge: ObjectV1,
    owner: u32,
    seller: Option<u32>,
    currency: u16,
    amount: i64,
    status: u8,
    /// Who is short and what it needs, of one that waits alone.
    waits: Option<(u32, i64)>,
    /// Why, of a failed one alone.
    failure: Option<u8>,
    reason: Option<u8>,
    recover: RecoverV1,
    with_fee: bool,
    #[serde(deserialize_with = "list::read")]
    taken: Vec<TakenV1>,
    fee_refunded: i64,
    drawn: i64,
    fee_drawn: i64,
    booked_at: u64,
    #[serde(borrow)]
    transfer_group: Option<&'a str>,
}

/// What was taken back of one transfer.
#[derive(Debug, Serialize, Deserialize)]
struct TakenV1 {
    reversal: ObjectV1,
    transfer: ObjectV1,
    amount: i64,
    drawn: i64,
}

/// What is taken back from sellers. A way is added at the end.
#[derive(Debug, Serialize, Deserialize)]
enum RecoverV1 {
    None,
    OwnTransfer,
    Exactly(#[serde(deserialize_with = "list::read")] Vec<(ObjectV1, i64)>),
    ByLiability {
        #[serde(deserialize_with = "list::read")]
        splits: Vec<ObjectV1>,
        #[serde(deserialize_with = "list::read")]
        borne: Vec<BorneV1>,
    },
}

/// Of which transfer, how much, and who bears what its seller has not.
#[derive(Debug, Serialize, Deserialize)]
struct BorneV1(ObjectV1, i64, u8);

/// A reversal that a refund made, as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct RefundReversalV1<'a> {
    #[serde(borrow)]
    reversal: ReversalStateV1<'a>,
    refund: ObjectV1,
    given_back: i64,
}

impl<'a> From<&'a RefundState> for RefundStateV1<'a> {
    fn from(refund: &'a RefundState) -> Self {
        let (status, waits, failure) = match refund.status {
            RefundStatus::Waiting { payer, need } => (WAITING, Some((payer.0, need)), None),
            RefundStatus::Processing => (PROCESSING, None, None),
            RefundStatus::RequiresAction => (REQUIRES_ACTION, None, None),
            RefundStatus::Succeeded => (SUCCEEDED, None, None),
            RefundStatus::Confirmed => (CONFIRMED, None, None),
            RefundStatus::Failed(failure) => (FAILED, None, Some(Numbered::number(failure))),
            RefundStatus::Canceled => (CANCELED, None, None),
        };
        let taken = |taken: &Taken| TakenV1 {
            reversal: taken.reversal.0.into(),
            transfer: taken.transfer.0.into(),
            amount: taken.amount,
            drawn: taken.drawn,
        };
        Self {
            charge: refund.charge.0.into(),
            owner: refund.owner.0,
            seller: refund.seller.map(|seller| seller.0),
            currency: refund.amount.currency.number(),
            amount: refund.amount.minor,
            status,
            waits,
            failure,
            reason: refund.reason.map(Numbered::number),
            recover: (&refund.recover).into(),
            with_fee: refund.with_fee,
            taken: refund.taken.iter().map(taken).collect(),
            fee_refunded: refund.fee_refunded,
            drawn: refund.drawn,
            fee_drawn: refund.fee_drawn,
            booked_at: refund.booked_at,
            transfer_group: refund.transfer_group.as_deref(),
        }
    }
}

impl From<&Recover> for RecoverV1 {
    fn from(recover: &Recover) -> Self {
        match recover {
            Recover::None => Self::None,
            Recover::OwnTransfer => Self::OwnTransfer,
            Recover::Exactly(parts) => {
                Self::Exactly(parts.iter().map(|(transfer, amount)| (transfer.0.into(), *amount)).collect())
            }
            Recover::ByLiability(by) => {
                let borne =
                    |it: &Borne| BorneV1(it.transfer.0.into(), it.amount, Numbered::number(it.shortfall));
                let splits = by.splits.iter().map(|split| split.0.into()).collect();
                Self::ByLiability { splits, borne: by.borne.iter().map(borne).collect() }
            }
        }
    }
}

impl TryFrom<RecoverV1> for Recover {
    type Error = Fault;

    fn try_from(shape: RecoverV1) -> Result<Self, Fault> {
        Ok(match shape {
            RecoverV1::None => Self::None,
            RecoverV1::OwnTransfer => Self::OwnTransfer,
            RecoverV1::Exactly(parts) => {
                let part = |(id, amount)| Ok((TransferId(ObjectId::try_from(id)?), amount));
                Self::Exactly(parts.into_iter().map(part).collect::<Result<_, Fault>>()?)
            }
            RecoverV1::ByLiability { splits, borne: shares } => {
                let split = |id| Ok(SplitId(ObjectId::try_from(id)?));
                let borne = |BorneV1(transfer, amount, shortfall)| {
                    let shortfall = Numbered::numbered(shortfall)?;
                    Ok(Borne { transfer: TransferId(transfer.try_into()?), amount, shortfall })
                };
                Self::ByLiability(Liabilities {
                    splits: splits.into_iter().map(split).collect::<Result<_, Fault>>()?,
                    borne: shares.into_iter().map(borne).collect::<Result<_, Fault>>()?,
                })
            }
        })
    }
}

impl TryFrom<RefundStateV1<'_>> for RefundState {
    type Error = Fault;

    fn try_from(shape: RefundStateV1<'_>) -> Result<Self, Fault> {
        let status = match (shape.status, shape.waits, shape.failure) {
            (WAITING, Some((payer, need)), None) => RefundStatus::Waiting { payer: AccountId(payer), need },
            (PROCESSING, None, None) => RefundStatus::Processing,
            (REQUIRES_ACTION, None, None) => RefundStatus::RequiresAction,
            (SUCCEEDED, None, None) => RefundStatus::Succeeded,
            (CONFIRMED, None, None) => RefundStatus::Confirmed,
            (FAILED, None, Some(failure)) => RefundStatus::Failed(RefundFailure::numbered(failure)?),
            (CANCELED, None, None) => RefundStatus::Canceled,
            (other, ..) => return Err(Fault::Number { what: "status of a refund", found: other.into() }),
        };
        let taken = |TakenV1 { reversal, transfer, amount, drawn }| {
            let (reversal, transfer) = (ReversalId(reversal.try_into()?), TransferId(transfer.try_into()?));
            Ok(Taken { reversal, transfer, amount, drawn })
        };
        Ok(Self {
            charge: ChargeId(shape.charge.try_into()?),
            owner: AccountId(shape.owner),
            seller: shape.seller.map(AccountId),
            amount: Money::new(currency(shape.currency)?, shape.amount),
            status,
            reason: shape.reason.map(Numbered::numbered).transpose()?,
            recover: shape.recover.try_into()?,
            with_fee: shape.with_fee,
            taken: shape.taken.into_iter().map(taken).collect::<Result<_, Fault>>()?,
            fee_refunded: shape.fee_refunded,
            drawn: shape.drawn,
            fee_drawn: shape.fee_drawn,
            booked_at: shape.booked_at,
            transfer_group: shape.transfer_group.map(Into::into),
        })
    }
}

impl<'a> RefundReversalV1<'a> {
    pub(super) fn new(reversal: &'a ReversalState, refund: RefundId) -> Self {
        Self { reversal: reversal.into(), refund: refund.0.into(), given_back: reversal.given_back }
    }
}

impl TryFrom<RefundReversalV1<'_>> for ReversalState {
    type Error = Fault;

    fn try_from(shape: RefundReversalV1<'_>) -> Result<Self, Fault> {
        let refund = Some(RefundId(shape.refund.try_into()?));
        Ok(Self { refund, given_back: shape.given_back, ..shape.reversal.try_into()? })
    }
}
