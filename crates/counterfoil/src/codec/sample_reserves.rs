//! Sample reserves, for golden bytes and random ones.

use counterfoil_domain::money::{Currency, Money, Rate};
use counterfoil_domain::reserve::{HoldSource, PlanSchedule, PlanStatus, ReserveHoldState, ReservePlanState};
use counterfoil_domain::{ChargeId, ReserveHoldId, ReservePlanId, TransferId};

use super::draw::Draw;
use super::samples::{BAKERY, instant};

/// A plan that releases what it held.
pub(super) fn reserve_plan() -> ReservePlanState {
    ReservePlanState {
        account: BAKERY,
        currency: Currency::BRL,
        rate: Rate::from_basis_points(1_000).unwrap(),
        schedule: PlanSchedule::Rolling { days: 30, expires_on: Some(instant()) },
        status: PlanStatus::Disabled,
        releasing: Some((instant(), ReserveHoldId::new(999_999, 0))),
    }
}

/// A hold of a charge, of which a part was released.
pub(super) fn reserve_hold() -> ReserveHoldState {
    ReserveHoldState {
        account: BAKERY,
        amount: Money::new(Currency::BRL, 1_000),
        released: 400,
        source: Some(HoldSource::Charge(ChargeId::new(999_998, 0))),
        plan: Some(ReservePlanId::new(999_994, 0)),
        release_after: instant(),
        previous_of_day: Some(ReserveHoldId::new(999_997, 0)),
        previous_of_plan: Some(ReserveHoldId::new(999_995, 0)),
        previous_of_sale: None,
    }
}

impl Draw {
    pub(super) fn reserve_plan(&mut self) -> ReservePlanState {
        let schedule = match self.below(2) {
            0 => PlanSchedule::Rolling {
                days: self.below(1 << 16) as u16,
                expires_on: self.option(Self::time),
            },
            _ => PlanSchedule::Fixed { release_after: self.time() },
        };
        ReservePlanState {
            account: self.account(),
            currency: self.currency(),
            rate: self.rate(),
            schedule,
            status: [PlanStatus::Active, PlanStatus::Disabled, PlanStatus::Expired][self.below(3) as usize],
            releasing: self.option(|draw| (draw.time(), ReserveHoldId(draw.object()))),
        }
    }

    pub(super) fn reserve_hold(&mut self, id: ReserveHoldId) -> ReserveHoldState {
        let source = |draw: &mut Self| match draw.below(2) {
            0 => HoldSource::Charge(ChargeId(draw.object())),
            _ => HoldSource::Transfer(TransferId(draw.object())),
        };
        // No more of it is released than was held.
        let amount = self.i64().saturating_abs();
        ReserveHoldState {
            account: self.account(),
            amount: Money::new(self.currency(), amount),
            released: self.i64().saturating_abs().min(amount),
            source: self.option(source),
            plan: self.option(|draw| ReservePlanId(draw.object())),
            release_after: self.time(),
            previous_of_day: self.hold_before(id),
            previous_of_plan: self.hold_before(id),
            previous_of_sale: self.hold_before(id),
        }
    }

    /// A hold before another, or none.
    fn hold_before(&mut self, id: ReserveHoldId) -> Option<ReserveHoldId> {
        let before = self.below(id.0.position().max(1));
        (before > 0).then(|| ReserveHoldId::new(before, 0))
    }

    /// A hold: the first object of its event, which is not the ledger's first.
    pub(super) fn hold(&mut self) -> ReserveHoldId {
        ReserveHoldId::new(self.object().position().max(1), 0)
    }
}
