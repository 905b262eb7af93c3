//! Debts and the reserve against them, version 1.

use counterfoil_domain::debt::WriteOffState;
use counterfoil_domain::money::Money;
use counterfoil_domain::{AccountId, Event};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::shapes::Posted;
use crate::codec::values::{currency, timestamp};

/// The platform's reserve followed what its sellers owe; all of it stands in its entry.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ConnectReserveMovedV1 {}

/// A debt that was written off, as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct WriteOffStateV1 {
    account: u32,
    currency: u16,
    amount: i64,
    recovered: i64,
    since: i64,
    began: u64,
}

impl TryFrom<Posted<ConnectReserveMovedV1>> for Event {
    type Error = Fault;

    fn try_from(Posted { shape: _, entry }: Posted<ConnectReserveMovedV1>) -> Result<Self, Fault> {
        Ok(Self::ConnectReserveMoved { entry: Box::new(entry) })
    }
}

impl From<&WriteOffState> for WriteOffStateV1 {
    fn from(written_off: &WriteOffState) -> Self {
        Self {
            account: written_off.account.0,
            currency: written_off.amount.currency.number(),
            amount: written_off.amount.minor,
            recovered: written_off.recovered,
            since: written_off.since.micros(),
            began: written_off.began,
        }
    }
}

impl TryFrom<WriteOffStateV1> for WriteOffState {
    type Error = Fault;

    fn try_from(shape: WriteOffStateV1) -> Result<Self, Fault> {
        Ok(Self {
            account: AccountId(shape.account),
            amount: Money::new(currency(shape.currency)?, shape.amount),
            recovered: shape.recovered,
            since: timestamp(shape.since)?,
            began: shape.began,
        })
    }
}
