//! Charges, version 1.

use counterfoil_domain::account::Details;
use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{AccountId, RailId};
use serde::{Deserialize, Serialize};

use super::details::{DetailsV1, details};
use super::transfer::TransferStateV1;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::maybe;
use crate::codec::values::{currency, day};

/// A charge as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ChargeStateV1<'a> {
    charge_type: u8,
    owner: u32,
    seller: Option<u32>,
    rail: u16,
    currency: u16,
    amount: i64,
    available_on: i32,
    processing_fee: i64,
    application_fee: i64,
    transferred: i64,
    refunded: i64,
    refunded_reversing: i64,
    refunded_with_fee: i64,
    fee_refunded: i64,
    pending_left: i64,
    fee_pending_left: i64,
    #[serde(borrow)]
    transfer_group: Option<&'a str>,
}

/// What few charges have besides: a transfer of their own and a caller's words.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ChargedMoreV1<'a> {
    #[serde(borrow)]
    transfer: Option<TransferStateV1<'a>>,
    details: Option<DetailsV1<'a>>,
}

/// The same in the domain's words.
pub(in crate::codec) type More = (Option<TransferState>, Option<Box<Details>>);

impl<'a> From<&'a ChargeState> for ChargeStateV1<'a> {
    fn from(charge: &'a ChargeState) -> Self {
        Self {
            charge_type: charge.charge_type.number(),
            owner: charge.owner.0,
            seller: charge.seller.map(|seller| seller.0),
            rail: charge.rail.0,
            currency: charge.currency.number(),
            amount: charge.amount,
            available_on: charge.available_on.days(),
            processing_fee: charge.processing_fee,
            application_fee: charge.application_fee,
            transferred: charge.transferred,
            refunded: charge.refunded,
            refunded_reversing: charge.refunded_reversing,
            refunded_with_fee: charge.refunded_with_fee,
            fee_refunded: charge.fee_refunded,
            pending_left: charge.pending_left,
            fee_pending_left: charge.fee_pending_left,
            transfer_group: charge.transfer_group.as_deref(),
        }
    }
}

impl TryFrom<ChargeStateV1<'_>> for ChargeState {
    type Error = Fault;

    fn try_from(shape: ChargeStateV1<'_>) -> Result<Self, Fault> {
        Ok(Self {
            charge_type: Numbered::numbered(shape.charge_type)?,
            owner: AccountId(shape.owner),
            seller: shape.seller.map(AccountId),
            rail: RailId(shape.rail),
            currency: currency(shape.currency)?,
            amount: shape.amount,
            available_on: day(shape.available_on)?,
            processing_fee: shape.processing_fee,
            application_fee: shape.application_fee,
            transferred: shape.transferred,
            refunded: shape.refunded,
            refunded_reversing: shape.refunded_reversing,
            refunded_with_fee: shape.refunded_with_fee,
            fee_refunded: shape.fee_refunded,
            pending_left: shape.pending_left,
            fee_pending_left: shape.fee_pending_left,
            transfer_group: shape.transfer_group.map(Into::into),
        })
    }
}

impl<'a> ChargedMoreV1<'a> {
    pub(in crate::codec) fn new(transfer: Option<&'a TransferState>, words: Option<&'a Details>) -> Self {
        Self { transfer: transfer.map(Into::into), details: words.map(Into::into) }
    }

    pub(in crate::codec) fn parts(self) -> Result<More, Fault> {
        Ok((maybe(self.transfer)?, details(self.details)?))
    }
}
