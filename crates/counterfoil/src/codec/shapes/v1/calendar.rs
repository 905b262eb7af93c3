//! Time that passed and money that matured, version 1.

use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::{AccountId, Event};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::shapes::Posted;
use crate::codec::values::{day, timestamp};

/// Time passed.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct TimeAdvancedV1 {
    to: i64,
}

/// Pending money became available.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct FundsMaturedV1 {
    account: u32,
    day: i32,
}

impl TimeAdvancedV1 {
    pub(in crate::codec) fn new(to: Timestamp) -> Self {
        Self { to: to.micros() }
    }
}

impl TryFrom<TimeAdvancedV1> for Event {
    type Error = Fault;

    fn try_from(shape: TimeAdvancedV1) -> Result<Self, Fault> {
        Ok(Self::TimeAdvanced { to: timestamp(shape.to)? })
    }
}

impl FundsMaturedV1 {
    pub(in crate::codec) fn new(account: AccountId, day: Day) -> Self {
        Self { account: account.0, day: day.days() }
    }
}

impl TryFrom<Posted<FundsMaturedV1>> for Event {
    type Error = Fault;

    fn try_from(Posted { shape, entry }: Posted<FundsMaturedV1>) -> Result<Self, Fault> {
        Ok(Self::FundsMatured {
            account: AccountId(shape.account),
            day: day(shape.day)?,
            entry: Box::new(entry),
        })
    }
}
