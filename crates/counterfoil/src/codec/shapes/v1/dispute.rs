//! Disputes, and the reversals that they make, version 1.

use counterfoil_domain::dispute::{
    Consequence, DisputeReference, DisputeState, DisputeStatus, Recovered, Recovery,
};
use counterfoil_domain::money::Money;
use counterfoil_domain::transfer::ReversalState;
use counterfoil_domain::{AccountId, ChargeId, DisputeId, ObjectId, ReversalId, SplitId, TransferId};
use serde::{Deserialize, Serialize};

use super::object::ObjectV1;
use super::transfer::ReversalStateV1;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::{each, list};
use crate::codec::values::{currency, timestamp};

/// A dispute as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DisputeStateV1<'a> {
    charge: ObjectV1,
    #[serde(borrow)]
    reference: &'a str,
    owner: u32,
    seller: Option<u32>,
    currency: u16,
    amount: i64,
    reason: u8,
    status: u8,
    created: i64,
    due_by: i64,
    before: i64,
    withdrawn: i64,
    drawn: i64,
    booked_at: u64,
    fee: i64,
    counter_fee: i64,
    recovery: RecoveryV1,
    #[serde(deserialize_with = "list::read")]
    recovered: Vec<RecoveredV1>,
    next: ConsequenceV1,
    #[serde(borrow)]
    transfer_group: Option<&'a str>,
}

/// What is taken back from sellers. A way is added at the end.
#[derive(Debug, Serialize, Deserialize)]
enum RecoveryV1 {
    None,
    OwnTransfer(bool),
    ByLiability(#[serde(deserialize_with = "list::read")] Vec<ObjectV1>),
    Exactly(#[serde(deserialize_with = "list::read")] Vec<(ObjectV1, i64)>),
}

/// What follows of the last step. A consequence is added at the end.
#[derive(Debug, Serialize, Deserialize)]
enum ConsequenceV1 {
    Nothing,
    Recovery(i64),
    GivingBack(i64, i64),
}

/// What was taken back of one transfer.
#[derive(Debug, Serialize, Deserialize)]
struct RecoveredV1 {
    reversal: ObjectV1,
    transfer: ObjectV1,
    amount: i64,
    fee_share: i64,
    fee_refunded: i64,
    counted: i64,
    drawn: i64,
    given_back: bool,
}

/// A reversal that a dispute made.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct DisputeReversalV1<'a> {
    #[serde(borrow)]
    reversal: ReversalStateV1<'a>,
    dispute: ObjectV1,
    given_back: i64,
}

impl<'a> From<&'a DisputeState> for DisputeStateV1<'a> {
    fn from(dispute: &'a DisputeState) -> Self {
        Self {
            charge: dispute.charge.0.into(),
            reference: dispute.reference.as_str(),
            owner: dispute.owner.0,
            seller: dispute.seller.map(|seller| seller.0),
            currency: dispute.amount.currency.number(),
            amount: dispute.amount.minor,
            reason: Numbered::number(dispute.reason),
            status: dispute.status.number(),
            created: dispute.created.micros(),
            due_by: dispute.due_by.micros(),
            before: dispute.before,
            withdrawn: dispute.withdrawn,
            drawn: dispute.drawn,
            booked_at: dispute.booked_at,
            fee: dispute.fee,
            counter_fee: dispute.counter_fee,
            recovery: match &dispute.recovery {
                Recovery::None => RecoveryV1::None,
                Recovery::OwnTransfer { with_fee } => RecoveryV1::OwnTransfer(*with_fee),
                Recovery::ByLiability(splits) => {
                    RecoveryV1::ByLiability(splits.iter().map(|split| split.0.into()).collect())
                }
                Recovery::Exactly(parts) => {
                    let part = |(transfer, amount): &(TransferId, i64)| (transfer.0.into(), *amount);
                    RecoveryV1::Exactly(parts.iter().map(part).collect())
                }
            },
            recovered: dispute.recovered.iter().map(Into::into).collect(),
            next: match dispute.next {
                Consequence::Nothing => ConsequenceV1::Nothing,
                Consequence::Recovery(since) => ConsequenceV1::Recovery(since.micros()),
                Consequence::GivingBack { since, fee_returned } => {
                    ConsequenceV1::GivingBack(since.micros(), fee_returned)
                }
            },
            transfer_group: dispute.transfer_group.as_deref(),
        }
    }
}

impl TryFrom<DisputeStateV1<'_>> for DisputeState {
    type Error = Fault;

    fn try_from(shape: DisputeStateV1<'_>) -> Result<Self, Fault> {
        Ok(Self {
            charge: ChargeId(shape.charge.try_into()?),
            reference: DisputeReference::new(shape.reference)
                .map_err(|_| Fault::Text { what: "reference of a dispute" })?,
            owner: AccountId(shape.owner),
            seller: shape.seller.map(AccountId),
            amount: Money::new(currency(shape.currency)?, shape.amount),
            reason: Numbered::numbered(shape.reason)?,
            status: DisputeStatus::numbered(shape.status)?,
            created: timestamp(shape.created)?,
            due_by: timestamp(shape.due_by)?,
            before: shape.before,
            withdrawn: shape.withdrawn,
            drawn: shape.drawn,
            booked_at: shape.booked_at,
            fee: shape.fee,
            counter_fee: shape.counter_fee,
            recovery: match shape.recovery {
                RecoveryV1::None => Recovery::None,
                RecoveryV1::OwnTransfer(with_fee) => Recovery::OwnTransfer { with_fee },
                RecoveryV1::ByLiability(splits) => {
                    let split = |id| Ok(SplitId(ObjectId::try_from(id)?));
                    Recovery::ByLiability(splits.into_iter().map(split).collect::<Result<_, Fault>>()?)
                }
                RecoveryV1::Exactly(parts) => {
                    let part = |(id, amount)| Ok((TransferId(ObjectId::try_from(id)?), amount));
                    Recovery::Exactly(parts.into_iter().map(part).collect::<Result<_, Fault>>()?)
                }
            },
            recovered: each(shape.recovered)?,
            next: match shape.next {
                ConsequenceV1::Nothing => Consequence::Nothing,
                ConsequenceV1::Recovery(since) => Consequence::Recovery(timestamp(since)?),
                ConsequenceV1::GivingBack(since, fee_returned) => {
                    Consequence::GivingBack { since: timestamp(since)?, fee_returned }
                }
            },
            transfer_group: shape.transfer_group.map(Into::into),
        })
    }
}

impl From<&Recovered> for RecoveredV1 {
    fn from(recovered: &Recovered) -> Self {
        let Recovered { reversal, transfer, amount, fee_share, fee_refunded, .. } = *recovered;
        let Recovered { counted, drawn, given_back, .. } = *recovered;
        let (reversal, transfer) = (reversal.0.into(), transfer.0.into());
        Self { reversal, transfer, amount, fee_share, fee_refunded, counted, drawn, given_back }
    }
}

impl TryFrom<RecoveredV1> for Recovered {
    type Error = Fault;

    fn try_from(shape: RecoveredV1) -> Result<Self, Fault> {
        let RecoveredV1 { amount, fee_share, fee_refunded, counted, drawn, given_back, .. } = shape;
        let reversal = ReversalId(shape.reversal.try_into()?);
        let transfer = TransferId(shape.transfer.try_into()?);
        Ok(Self { reversal, transfer, amount, fee_share, fee_refunded, counted, drawn, given_back })
    }
}

impl<'a> DisputeReversalV1<'a> {
    pub(super) fn new(reversal: &'a ReversalState, dispute: DisputeId) -> Self {
        Self { reversal: reversal.into(), dispute: dispute.0.into(), given_back: reversal.given_back }
    }
}

impl TryFrom<DisputeReversalV1<'_>> for ReversalState {
    type Error = Fault;

    fn try_from(shape: DisputeReversalV1<'_>) -> Result<Self, Fault> {
        let (dispute, given_back) = (Some(DisputeId(shape.dispute.try_into()?)), shape.given_back);
        Ok(Self { dispute, given_back, ..shape.reversal.try_into()? })
    }
}
