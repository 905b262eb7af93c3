//! Refunds, version 1.

use counterfoil_domain::refund::create::Refunded;
use counterfoil_domain::{ChargeId, TransferId};
use serde::{Deserialize, Serialize};

use super::charge::ChargeStateV1;
use super::object::ObjectV1;
use super::transfer::TransferStateV1;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::Posted;

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
