//! What the market does with reserves.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::reserve::{
    CreateReserveHold, DisableReservePlan, HoldSource, PlanSchedule, ReleaseReserveHold, SetReservePlan,
};
use counterfoil_domain::{AccountId, ChargeId, Command, ReserveHoldId, ReservePlanId, TransferId};
use counterfoil_testkit::World;

use crate::market::{Step, any_of, nth};

/// The command of a step about reserves; `None` of another, or where there is nothing to do it to.
pub(crate) fn reserving(world: &World, step: &Step) -> Option<Command> {
    let Step::Reserve { how, seller, choice, amount } = *step else {
        return None;
    };
    let account = AccountId(seller);
    let records = world.records();
    let after = |days: i64| world.now().plus_seconds(days * 86_400 + 1);
    let days = 1 + amount % 9;
    Some(match how {
        0 | 1 => {
            let euro = choice.is_multiple_of(9);
            let currency = if euro { Currency::EUR } else { Currency::USD };
            let rate = Rate::from_basis_points(1 + (amount % 10_000) as u32).unwrap();
            let schedule = schedule(days, choice, after(days));
            SetReservePlan { account, currency, rate, schedule, details: None }.into()
        }
        2 => {
            // Mostly one that is active and holds something.
            let reserves = world.ledger().reserves();
            let holding: Vec<_> = reserves.held_by_plans().map(|(plan, _)| plan).collect();
            let active = reserves.plans().map(|(id, _)| id).filter(|id| holding.contains(id));
            let plan = nth(active, choice).or_else(|| any_of::<ReservePlanId>(records, choice))?;
            DisableReservePlan { plan }.into()
        }
        3 => {
            let left = records.each::<ReserveHoldId>().filter(|(_, hold)| hold.left() > 0);
            let hold = nth(left.map(|(id, _)| id), choice)?;
            let amount = choice.is_multiple_of(3).then_some(amount / 20 + 1);
            ReleaseReserveHold { hold, amount }.into()
        }
        _ => hold(world, (account, choice, amount), after(days))?.into(),
    })
}

fn schedule(days: i64, choice: usize, end: Timestamp) -> PlanSchedule {
    match choice % 3 {
        0 => PlanSchedule::Fixed { release_after: end },
        1 => PlanSchedule::Rolling { days: days as u16, expires_on: Some(end) },
        _ => PlanSchedule::Rolling { days: days as u16, expires_on: None },
    }
}

/// A hold by hand: mostly of what there is.
fn hold(
    world: &World,
    (account, choice, amount): (AccountId, usize, Minor),
    release_after: Timestamp,
) -> Option<CreateReserveHold> {
    let records = world.records();
    let (account, amount, source) = match choice % 3 {
        0 => {
            let id = any_of::<ChargeId>(records, choice / 3)?;
            let charge = records.get(id)?;
            let amount = Money::new(charge.currency, amount.min(charge.refundable() / 2 + 1));
            (charge.owner, amount, Some(HoldSource::Charge(id)))
        }
        1 => {
            let id = any_of::<TransferId>(records, choice / 3)?;
            let transfer = records.get(id)?;
            let amount = Money::new(transfer.currency, amount.min(transfer.reversible() / 2 + 1));
            (transfer.destination, amount, Some(HoldSource::Transfer(id)))
        }
        _ => {
            let available = world.ledger().account(account)?.available(Currency::USD);
            (account, Money::new(Currency::USD, amount.min(available / 2 + 1)), None)
        }
    };
    Some(CreateReserveHold { account, amount, source, release_after, details: None })
}
