//! Transfers and their reversals, version 1.

use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::transfer::create::Transferred;
use counterfoil_domain::transfer::reverse::Reversed;
use counterfoil_domain::{AccountId, ChargeId, TransferId};
use serde::{Deserialize, Serialize};

use super::charge::ChargeStateV1;
use super::details::{DetailsV1, details};
use super::object::ObjectV1;
use crate::codec::Fault;
use crate::codec::shapes::{Posted, maybe};
use crate::codec::values::{currency, day};

/// A transfer as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TransferStateV1<'a> {
    destination: u32,
    currency: u16,
    amount: i64,
    reversed: i64,
    source_charge: Option<ObjectV1>,
    available_on: i32,
    pending_left: i64,
    #[serde(borrow)]
    transfer_group: Option<&'a str>,
}

/// A transfer that was made; its entry stands before it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct TransferredV1<'a> {
    #[serde(borrow)]
    transfer: TransferStateV1<'a>,
    charge: Option<ChargeStateV1<'a>>,
    details: Option<DetailsV1<'a>>,
}

/// A transfer that was moved back; its entry stands before it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ReversedV1<'a> {
    id: ObjectV1,
    amount: i64,
    #[serde(borrow)]
    transfer: TransferStateV1<'a>,
    charge: Option<ChargeStateV1<'a>>,
}

impl<'a> From<&'a TransferState> for TransferStateV1<'a> {
    fn from(transfer: &'a TransferState) -> Self {
        Self {
            destination: transfer.destination.0,
            currency: transfer.currency.number(),
            amount: transfer.amount,
            reversed: transfer.reversed,
            source_charge: transfer.source_charge.map(|id| id.0.into()),
            available_on: transfer.available_on.days(),
            pending_left: transfer.pending_left,
            transfer_group: transfer.transfer_group.as_deref(),
        }
    }
}

impl TryFrom<TransferStateV1<'_>> for TransferState {
    type Error = Fault;

    fn try_from(shape: TransferStateV1<'_>) -> Result<Self, Fault> {
        Ok(Self {
            destination: AccountId(shape.destination),
            currency: currency(shape.currency)?,
            amount: shape.amount,
            reversed: shape.reversed,
            source_charge: maybe(shape.source_charge)?.map(ChargeId),
            available_on: day(shape.available_on)?,
            pending_left: shape.pending_left,
            transfer_group: shape.transfer_group.map(Into::into),
        })
    }
}

impl<'a> From<&'a Transferred> for TransferredV1<'a> {
    fn from(transferred: &'a Transferred) -> Self {
        Self {
            transfer: (&transferred.transfer).into(),
            charge: transferred.charge.as_deref().map(ChargeStateV1::from),
            details: transferred.details.as_deref().map(DetailsV1::from),
        }
    }
}

impl TryFrom<Posted<TransferredV1<'_>>> for Transferred {
    type Error = Fault;

    fn try_from(Posted { shape, entry }: Posted<TransferredV1<'_>>) -> Result<Self, Fault> {
        Ok(Self {
            transfer: shape.transfer.try_into()?,
            charge: maybe(shape.charge)?.map(Box::new),
            entry,
            details: details(shape.details)?,
        })
    }
}

impl<'a> From<&'a Reversed> for ReversedV1<'a> {
    fn from(reversed: &'a Reversed) -> Self {
        Self {
            id: reversed.id.0.into(),
            amount: reversed.amount,
            transfer: (&reversed.transfer).into(),
            charge: reversed.charge.as_ref().map(ChargeStateV1::from),
        }
    }
}

impl TryFrom<Posted<ReversedV1<'_>>> for Reversed {
    type Error = Fault;

    fn try_from(Posted { shape, entry }: Posted<ReversedV1<'_>>) -> Result<Self, Fault> {
        Ok(Self {
            id: TransferId(shape.id.try_into()?),
            amount: shape.amount,
            transfer: shape.transfer.try_into()?,
            charge: maybe(shape.charge)?,
            entry,
        })
    }
}
