//! Charges, version 1.

use std::fmt;
use std::marker::PhantomData;

use counterfoil_domain::account::Details;
use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{AccountId, RailId};
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::ser::SerializeTuple;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::charge_more::ChargeMoreV1;
use super::details::{DetailsV1, details};
use super::transfer::TransferStateV1;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::maybe;
use crate::codec::values::{currency, day};

/// A charge as it stands. One that has more has the number of its type raised by [`WITH_MORE`],
/// and the rest follows: so most have no byte that says they have not.
#[derive(Debug)]
pub(super) struct ChargeStateV1<'a> {
    plain: PlainChargeV1<'a>,
    more: Option<Box<ChargeMoreV1>>,
}

/// What the number of the type is raised by where more follows.
const WITH_MORE: u8 = 0x80;

/// What every charge has.
#[derive(Debug, Serialize, Deserialize)]
struct PlainChargeV1<'a> {
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
        let more = charge.more.as_deref().map(|more| Box::new(more.into()));
        let raised = if more.is_some() { WITH_MORE } else { 0 };
        let plain = PlainChargeV1 {
            charge_type: charge.charge_type.number() | raised,
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
        };
        Self { plain, more }
    }
}

impl TryFrom<ChargeStateV1<'_>> for ChargeState {
    type Error = Fault;

    fn try_from(ChargeStateV1 { plain: shape, more }: ChargeStateV1<'_>) -> Result<Self, Fault> {
        Ok(Self {
            charge_type: Numbered::numbered(shape.charge_type & !WITH_MORE)?,
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
            more: maybe(more.map(|more| *more))?.map(Box::new),
        })
    }
}

impl Serialize for ChargeStateV1<'_> {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        let mut state = into.serialize_tuple(2)?;
        state.serialize_element(&self.plain)?;
        if let Some(more) = &self.more {
            state.serialize_element(more)?;
        }
        state.end()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ChargeStateV1<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_tuple(2, Both(PhantomData))
    }
}

/// Reads what every charge has, and what follows where its type says so.
struct Both<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for Both<'a> {
    type Value = ChargeStateV1<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a charge")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<ChargeStateV1<'a>, A::Error> {
        let missing = || A::Error::custom("a charge ends too early");
        let plain: PlainChargeV1<'a> = from.next_element()?.ok_or_else(missing)?;
        let more = if plain.charge_type & WITH_MORE != 0 {
            Some(from.next_element()?.ok_or_else(missing)?)
        } else {
            None
        };
        Ok(ChargeStateV1 { plain, more })
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
