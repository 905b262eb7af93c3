//! Transfers and their reversals, version 1.

use counterfoil_domain::account::Details;
use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::transfer::TransferState;
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

/// What few transfers have besides: the state of a source charge and a caller's words.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct TransferredMoreV1<'a> {
    #[serde(borrow)]
    charge: Option<ChargeStateV1<'a>>,
    details: Option<DetailsV1<'a>>,
}

/// The same in the domain's words.
pub(in crate::codec) type More = (Option<Box<ChargeState>>, Option<Box<Details>>);

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

impl<'a> TransferredMoreV1<'a> {
    pub(in crate::codec) fn new(charge: Option<&'a ChargeState>, words: Option<&'a Details>) -> Self {
        Self { charge: charge.map(Into::into), details: words.map(Into::into) }
    }

    pub(in crate::codec) fn parts(self) -> Result<More, Fault> {
        Ok((maybe(self.charge)?.map(Box::new), details(self.details)?))
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
