//! Transfers and their reversals, version 1.

use counterfoil_domain::account::Details;
use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::money::Money;
use counterfoil_domain::transfer::reverse::Reversed;
use counterfoil_domain::transfer::{Cancellation, Queue, ReversalState, TransferState};
use counterfoil_domain::{AccountId, ChargeId, ReserveHoldId, TransferId};
use serde::{Deserialize, Serialize};

use super::charge::ChargeStateV1;
use super::details::{DetailsV1, details};
use super::object::ObjectV1;
use super::reserve::hold;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
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

/// A transfer that waited in a queue, and how it stands there or left it. One that was made
/// at once is stored without this.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct QueuedTransferV1<'a> {
    #[serde(borrow)]
    transfer: TransferStateV1<'a>,
    queue: QueueV1,
}

/// A transfer of which something is or was held, with the position of the hold that was made of
/// it last.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct HeldTransferV1<'a> {
    #[serde(borrow)]
    transfer: TransferStateV1<'a>,
    queue: Option<QueueV1>,
    held: u64,
}

/// How it stands. A standing is added at the end.
#[derive(Debug, Serialize, Deserialize)]
enum QueueV1 {
    Waiting,
    Released(u64),
    Canceled(u8),
}

/// A reversal, where its event is a step.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ReversalStateV1<'a> {
    transfer: ObjectV1,
    destination: u32,
    currency: u16,
    amount: i64,
    fee_refunded: i64,
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
            queue: None,
            held: None,
        })
    }
}

impl<'a> QueuedTransferV1<'a> {
    pub(super) fn new(transfer: &'a TransferState, queue: Queue) -> Self {
        Self { transfer: transfer.into(), queue: queue.into() }
    }
}

impl<'a> HeldTransferV1<'a> {
    pub(super) fn new(transfer: &'a TransferState, held: ReserveHoldId) -> Self {
        let queue = transfer.queue.as_deref().map(|queue| (*queue).into());
        Self { transfer: transfer.into(), queue, held: held.0.position() }
    }
}

impl From<Queue> for QueueV1 {
    fn from(queue: Queue) -> Self {
        match queue {
            Queue::Waiting => Self::Waiting,
            Queue::Released(position) => Self::Released(position),
            Queue::Canceled(reason) => Self::Canceled(reason.number()),
        }
    }
}

impl TryFrom<QueueV1> for Queue {
    type Error = Fault;

    fn try_from(queue: QueueV1) -> Result<Self, Fault> {
        Ok(match queue {
            QueueV1::Waiting => Self::Waiting,
            QueueV1::Released(position) => Self::Released(position),
            QueueV1::Canceled(reason) => Self::Canceled(Cancellation::numbered(reason)?),
        })
    }
}

impl TryFrom<QueuedTransferV1<'_>> for TransferState {
    type Error = Fault;

    fn try_from(shape: QueuedTransferV1<'_>) -> Result<Self, Fault> {
        Ok(Self { queue: Some(Box::new(shape.queue.try_into()?)), ..shape.transfer.try_into()? })
    }
}

impl TryFrom<HeldTransferV1<'_>> for TransferState {
    type Error = Fault;

    fn try_from(shape: HeldTransferV1<'_>) -> Result<Self, Fault> {
        let queue = shape.queue.map(Queue::try_from).transpose()?.map(Box::new);
        Ok(Self { queue, held: Some(hold(shape.held)?), ..shape.transfer.try_into()? })
    }
}

impl<'a> From<&'a ReversalState> for ReversalStateV1<'a> {
    fn from(reversal: &'a ReversalState) -> Self {
        Self {
            transfer: reversal.transfer.0.into(),
            destination: reversal.destination.0,
            currency: reversal.amount.currency.number(),
            amount: reversal.amount.minor,
            fee_refunded: reversal.fee_refunded,
            transfer_group: reversal.transfer_group.as_deref(),
        }
    }
}

impl TryFrom<ReversalStateV1<'_>> for ReversalState {
    type Error = Fault;

    fn try_from(shape: ReversalStateV1<'_>) -> Result<Self, Fault> {
        Ok(Self {
            transfer: TransferId(shape.transfer.try_into()?),
            destination: AccountId(shape.destination),
            refund: None,
            amount: Money::new(currency(shape.currency)?, shape.amount),
            fee_refunded: shape.fee_refunded,
            given_back: 0,
            dispute: None,
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
