//! Payout schedules and delays, version 1.

use counterfoil_domain::money::Money;
use counterfoil_domain::payout::{Delay, MonthDays, PayoutSchedule, Weekdays};
use counterfoil_domain::{AccountId, Event};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::maybe;
use crate::codec::values::currency;

const MANUAL: u8 = 0;
const DAILY: u8 = 1;
const WEEKLY: u8 = 2;
const MONTHLY: u8 = 3;

/// When an account is paid out.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct PayoutScheduleV1 {
    every: u8,
    /// A week's days, Monday in bit 0, or a month's, the first in bit 0; else 0.
    days: u32,
}

/// How long money stays pending.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct DelayV1 {
    days: u16,
    kind: u8,
}

/// A schedule, delay or minimum balance that was set.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct PayoutScheduleSetV1 {
    account: u32,
    schedule: Option<PayoutScheduleV1>,
    delay: Option<DelayV1>,
    /// Currency and minor units.
    minimum_balance: Option<(u16, i64)>,
}

impl From<PayoutSchedule> for PayoutScheduleV1 {
    fn from(schedule: PayoutSchedule) -> Self {
        let (every, days) = match schedule {
            PayoutSchedule::Manual => (MANUAL, 0),
            PayoutSchedule::Daily => (DAILY, 0),
            PayoutSchedule::Weekly(days) => (WEEKLY, days.bits().into()),
            PayoutSchedule::Monthly(days) => (MONTHLY, days.bits()),
        };
        Self { every, days }
    }
}

impl TryFrom<PayoutScheduleV1> for PayoutSchedule {
    type Error = Fault;

    fn try_from(shape: PayoutScheduleV1) -> Result<Self, Fault> {
        let PayoutScheduleV1 { every, days } = shape;
        let no_days = Fault::Number { what: "set of days", found: days.into() };
        match (every, days) {
            (MANUAL, 0) => Ok(Self::Manual),
            (DAILY, 0) => Ok(Self::Daily),
            (MANUAL | DAILY, _) => Err(no_days),
            (WEEKLY, days) => {
                let bits = u8::try_from(days).ok().and_then(|bits| Weekdays::from_bits(bits).ok());
                bits.map(Self::Weekly).ok_or(no_days)
            }
            (MONTHLY, days) => MonthDays::from_bits(days).map(Self::Monthly).map_err(|_| no_days),
            (other, _) => Err(Fault::Number { what: "payout schedule", found: other.into() }),
        }
    }
}

impl From<Delay> for DelayV1 {
    fn from(delay: Delay) -> Self {
        Self { days: delay.days, kind: delay.kind.number() }
    }
}

impl TryFrom<DelayV1> for Delay {
    type Error = Fault;

    fn try_from(shape: DelayV1) -> Result<Self, Fault> {
        Ok(Self { days: shape.days, kind: Numbered::numbered(shape.kind)? })
    }
}

impl PayoutScheduleSetV1 {
    pub(in crate::codec) fn new(
        account: AccountId,
        schedule: Option<PayoutSchedule>,
        delay: Option<Delay>,
        minimum_balance: Option<Money>,
    ) -> Self {
        Self {
            account: account.0,
            schedule: schedule.map(Into::into),
            delay: delay.map(Into::into),
            minimum_balance: minimum_balance.map(|money| (money.currency.number(), money.minor)),
        }
    }
}

impl TryFrom<PayoutScheduleSetV1> for Event {
    type Error = Fault;

    fn try_from(shape: PayoutScheduleSetV1) -> Result<Self, Fault> {
        let minimum_balance = match shape.minimum_balance {
            Some((number, minor)) => Some(Money::new(currency(number)?, minor)),
            None => None,
        };
        Ok(Self::PayoutScheduleSet {
            account: AccountId(shape.account),
            schedule: maybe(shape.schedule)?,
            delay: maybe(shape.delay)?,
            minimum_balance,
        })
    }
}
