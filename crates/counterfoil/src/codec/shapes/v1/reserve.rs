//! Reserve plans and holds, version 1.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::Money;
use counterfoil_domain::reserve::{HoldSource, PlanSchedule, PlanStatus, ReserveHoldState, ReservePlanState};
use counterfoil_domain::{AccountId, ChargeId, ObjectId, ReserveHoldId, ReservePlanId, TransferId};
use serde::{Deserialize, Serialize};

use super::object::ObjectV1;
use super::rate::RateV1;
use crate::codec::Fault;
use crate::codec::values::{currency, object, timestamp};

const ACTIVE: u8 = 0;
const DISABLED: u8 = 1;
const EXPIRED: u8 = 2;

/// A plan as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ReservePlanStateV1 {
    account: u32,
    currency: u16,
    rate: RateV1,
    schedule: PlanScheduleV1,
    status: u8,
    releasing: Option<(i64, ObjectV1)>,
}

/// When what a plan holds is released.
#[derive(Debug, Serialize, Deserialize)]
enum PlanScheduleV1 {
    Rolling { days: u16, expires_on: Option<i64> },
    Fixed { release_after: i64 },
}

/// A hold as it stands.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct ReserveHoldStateV1 {
    account: u32,
    currency: u16,
    amount: i64,
    released: i64,
    source: Option<HoldSourceV1>,
    plan: Option<ObjectV1>,
    release_after: i64,
    /// The positions of the holds before it of its day, of its plan and of its sale, or 0.
    previous: [u64; 3],
}

/// What brought the money that is held.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) enum HoldSourceV1 {
    Charge(ObjectV1),
    Transfer(ObjectV1),
}

/// An object that stands by itself in the ledger's snapshot.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct OfV1<T>(ObjectV1, T);

impl From<&ReservePlanState> for ReservePlanStateV1 {
    fn from(plan: &ReservePlanState) -> Self {
        Self {
            account: plan.account.0,
            currency: plan.currency.number(),
            rate: plan.rate.into(),
            schedule: plan.schedule.into(),
            status: match plan.status {
                PlanStatus::Active => ACTIVE,
                PlanStatus::Disabled => DISABLED,
                PlanStatus::Expired => EXPIRED,
            },
            releasing: plan.releasing.map(|(since, hold)| (since.micros(), hold.0.into())),
        }
    }
}

impl TryFrom<ReservePlanStateV1> for ReservePlanState {
    type Error = Fault;

    fn try_from(shape: ReservePlanStateV1) -> Result<Self, Fault> {
        let status = match shape.status {
            ACTIVE => PlanStatus::Active,
            DISABLED => PlanStatus::Disabled,
            EXPIRED => PlanStatus::Expired,
            other => return Err(Fault::Number { what: "status of a reserve plan", found: other.into() }),
        };
        let releasing = |(since, hold)| Ok((timestamp(since)?, ReserveHoldId(ObjectId::try_from(hold)?)));
        Ok(Self {
            account: AccountId(shape.account),
            currency: currency(shape.currency)?,
            rate: shape.rate.try_into()?,
            schedule: shape.schedule.try_into()?,
            status,
            releasing: shape.releasing.map(releasing).transpose()?,
        })
    }
}

impl From<PlanSchedule> for PlanScheduleV1 {
    fn from(schedule: PlanSchedule) -> Self {
        match schedule {
            PlanSchedule::Rolling { days, expires_on } => {
                Self::Rolling { days, expires_on: expires_on.map(Timestamp::micros) }
            }
            PlanSchedule::Fixed { release_after } => Self::Fixed { release_after: release_after.micros() },
        }
    }
}

impl TryFrom<PlanScheduleV1> for PlanSchedule {
    type Error = Fault;

    fn try_from(shape: PlanScheduleV1) -> Result<Self, Fault> {
        Ok(match shape {
            PlanScheduleV1::Rolling { days, expires_on } => {
                Self::Rolling { days, expires_on: expires_on.map(timestamp).transpose()? }
            }
            PlanScheduleV1::Fixed { release_after } => {
                Self::Fixed { release_after: timestamp(release_after)? }
            }
        })
    }
}

impl From<&ReserveHoldState> for ReserveHoldStateV1 {
    fn from(hold: &ReserveHoldState) -> Self {
        Self {
            account: hold.account.0,
            currency: hold.amount.currency.number(),
            amount: hold.amount.minor,
            released: hold.released,
            source: hold.source.map(Into::into),
            plan: hold.plan.map(|plan| plan.0.into()),
            release_after: hold.release_after.micros(),
            previous: [hold.previous_of_day, hold.previous_of_plan, hold.previous_of_sale]
                .map(|previous| previous.map_or(0, |previous| previous.0.position())),
        }
    }
}

impl TryFrom<ReserveHoldStateV1> for ReserveHoldState {
    type Error = Fault;

    fn try_from(shape: ReserveHoldStateV1) -> Result<Self, Fault> {
        // What is left is reckoned with: a part of the hold, or nothing.
        if shape.released < 0 || shape.released > shape.amount {
            return Err(Fault::Number { what: "released part of a hold", found: shape.released.into() });
        }
        let previous = |position| if position == 0 { Ok(None) } else { hold(position).map(Some) };
        let [of_day, of_plan, of_sale] = shape.previous;
        Ok(Self {
            account: AccountId(shape.account),
            amount: Money::new(currency(shape.currency)?, shape.amount),
            released: shape.released,
            source: shape.source.map(TryInto::try_into).transpose()?,
            plan: shape.plan.map(|plan| ObjectId::try_from(plan).map(ReservePlanId)).transpose()?,
            release_after: timestamp(shape.release_after)?,
            previous_of_day: previous(of_day)?,
            previous_of_plan: previous(of_plan)?,
            previous_of_sale: previous(of_sale)?,
        })
    }
}

impl ReserveHoldStateV1 {
    /// The state of that hold, which names only holds before it: who goes from one to the next
    /// comes to an end.
    pub(super) fn behind(self, id: ReserveHoldId) -> Result<ReserveHoldState, Fault> {
        let newest = self.previous.iter().copied().max().unwrap_or_default();
        if newest > 0 && newest >= id.0.position() {
            return Err(Fault::Number { what: "position of the hold before a hold", found: newest.into() });
        }
        self.try_into()
    }
}

/// The hold that the event at a position made: it is the first of its objects.
pub(in crate::codec) fn hold(position: u64) -> Result<ReserveHoldId, Fault> {
    match position {
        0 => Err(Fault::Number { what: "position of a hold", found: 0 }),
        other => object(other, 0_u16).map(ReserveHoldId),
    }
}

impl From<HoldSource> for HoldSourceV1 {
    fn from(source: HoldSource) -> Self {
        match source {
            HoldSource::Charge(charge) => Self::Charge(charge.0.into()),
            HoldSource::Transfer(transfer) => Self::Transfer(transfer.0.into()),
        }
    }
}

impl TryFrom<HoldSourceV1> for HoldSource {
    type Error = Fault;

    fn try_from(shape: HoldSourceV1) -> Result<Self, Fault> {
        Ok(match shape {
            HoldSourceV1::Charge(id) => Self::Charge(ChargeId(id.try_into()?)),
            HoldSourceV1::Transfer(id) => Self::Transfer(TransferId(id.try_into()?)),
        })
    }
}

impl<T> OfV1<T> {
    /// A state with its object's id.
    pub(in crate::codec) fn new(id: ObjectId, state: impl Into<T>) -> Self {
        Self(id.into(), state.into())
    }

    /// What has this shape.
    pub(in crate::codec) fn parts<S: TryFrom<T, Error = Fault>>(self) -> Result<(ObjectId, S), Fault> {
        Ok((self.0.try_into()?, self.1.try_into()?))
    }
}
