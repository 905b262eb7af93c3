//! Many holds: they are found by walking from one to the one before it, over those of which
//! nothing is left, and the ledger keeps none of them.

use counterfoil_domain::calendar::AdvanceTo;
use counterfoil_domain::charge::{Authorise, CaptureCharge, Charge, ChargeKind, ProcessingFee};
use counterfoil_domain::money::{Currency, Money, Rate};
use counterfoil_domain::refund::Refund;
use counterfoil_domain::reserve::{DisableReservePlan, MOST_FREED, PlanSchedule, SetReservePlan};
use counterfoil_domain::{AccountId, ChargeId, Event, Record, Recorded, ReservePlanId, Step};
use counterfoil_testkit::World;

use crate::market::{open, rail_name};

const SELLER: AccountId = AccountId(3);

fn usd(minor: i64) -> Money {
    Money::new(Currency::USD, minor)
}

/// A seller of whose sales a plan holds 10 % for nine days.
fn planned() -> (World, ReservePlanId) {
    let mut world = open(ProcessingFee::NONE, 0);
    let plan = SetReservePlan {
        account: SELLER,
        currency: Currency::USD,
        rate: Rate::from_basis_points(1_000).unwrap(),
        schedule: PlanSchedule::Rolling { days: 9, expires_on: None },
        details: None,
    };
    let set = world.execute(plan).unwrap();
    (world, ReservePlanId::new(set[0].position, 0))
}

/// Direct charges of 10.00, of each of which 1.00 is held.
fn sell(world: &mut World, sales: usize) -> Vec<ChargeId> {
    let kind = ChargeKind::Direct { account: SELLER, application_fee: 0 };
    let charge = || Charge { kind, ..Charge::separate(usd(1_000), rail_name(0)) };
    let made = |events: Vec<Recorded>| {
        let charged = events.iter().find(|recorded| matches!(recorded.event, Event::ChargeSucceeded(_)));
        ChargeId::new(charged.unwrap().position, 0)
    };
    (0..sales).map(|_| made(world.execute(charge()).unwrap())).collect()
}

/// How many steps of that kind events are, and what they came to.
fn steps(events: &[Recorded], step: Step) -> (usize, i64) {
    let own = events.iter().filter_map(|recorded| match &recorded.event {
        Event::Moved(moved) if moved.step == step => Some(moved.subject.amount),
        _ => None,
    });
    own.fold((0, 0), |(count, sum), amount| (count + 1, sum + amount))
}

fn reserved(world: &World) -> i64 {
    world.ledger().account(SELLER).unwrap().wallet(Currency::USD).unwrap().reserved
}

/// Each hold was kept whole and waited in the agenda, 374 bytes in either ledger: of nine million
/// holds some seven thousand million.
#[test]
fn a_ledger_keeps_as_much_of_many_holds_as_of_one() {
    let (mut world, _) = planned();
    let kept = |world: &World| {
        let rest = world.ledger().rest();
        (rest.holds_of_days.len(), rest.holds_of_plans.len(), rest.waits.len())
    };
    sell(&mut world, 1);
    let of_one = kept(&world);
    sell(&mut world, 99);
    assert_eq!((kept(&world), of_one), ((1, 1, 0), (1, 1, 0)));
    assert_eq!(world.ledger().reserves().days().map(|(_, chain)| chain.standing).collect::<Vec<_>>(), [100]);
    assert_eq!(reserved(&world), 100 * 100);
    assert_eq!(world.finish(), []);
}

/// Of 200 sales the last 150 are refunded. On the day of their release the newest hold that may
/// stand is the 200th; each piece of work looks at 64, so two pass over 128 of the 150, and the
/// third finds the 50th behind the other 22.
#[test]
fn a_day_goes_on_behind_holds_of_which_nothing_is_left() {
    let (mut world, _) = planned();
    for sale in sell(&mut world, 200).split_off(50) {
        world.execute(Refund::full(sale)).unwrap();
    }
    assert_eq!(reserved(&world), 50 * 100);
    let to = "2026-03-20".parse().unwrap();
    let passed = world.execute(AdvanceTo { to }).unwrap();
    assert_eq!(steps(&passed, Step::ReserveReleased), (52, 50 * 100));
    assert_eq!((reserved(&world), world.ledger().reserves().days().count()), (0, 0));
    assert_eq!(world.finish(), []);
}

/// The same where the plan is disabled: two events say that nothing was left of those looked at.
/// The 50 holds of an earlier day, which were released on theirs, are not looked at.
#[test]
fn a_plan_releases_what_it_holds_behind_holds_of_which_nothing_is_left() {
    let (mut world, plan) = planned();
    sell(&mut world, 50);
    world.execute(AdvanceTo { to: "2026-03-20".parse().unwrap() }).unwrap();
    for sale in sell(&mut world, 200).split_off(50) {
        world.execute(Refund::full(sale)).unwrap();
    }
    let disabled = world.execute(DisableReservePlan { plan }).unwrap();
    assert_eq!(steps(&disabled, Step::ReserveReleasedWithPlan), (50, 50 * 100));
    assert_eq!(steps(&disabled, Step::ReservePlanDisabled).0, 1 + 2);
    let state = world.records().get(plan).unwrap();
    assert_eq!((state.releasing, reserved(&world)), (None, 0));
    assert_eq!(world.ledger().reserves().held_by_plans().count(), 0);
    assert_eq!(world.finish(), []);
}

/// 45 captures of one charge have 45 holds. A refund of all of it frees the 40 newest; the other
/// five stay until their day.
#[test]
fn what_is_held_beyond_what_one_event_frees_waits_for_its_day() {
    let (mut world, _) = planned();
    let kind = ChargeKind::Direct { account: SELLER, application_fee: 0 };
    let charge = Charge { kind, ..Charge::separate(usd(45_000), rail_name(0)) };
    let authorised = world.execute(Authorise { charge: Box::new(charge), capture_before: None }).unwrap();
    let step = |recorded: &&Recorded| steps(std::slice::from_ref(*recorded), Step::ChargeAuthorised).0 == 1;
    let charge = ChargeId::new(authorised.iter().find(step).unwrap().position, 0);
    for capture in 1..=45 {
        let part = CaptureCharge {
            amount: Some(1_000),
            final_capture: capture == 45,
            ..CaptureCharge::full(charge)
        };
        world.execute(part).unwrap();
    }
    assert_eq!(reserved(&world), 45 * 100);
    // What is not freed is not there: what the seller has besides pays for it.
    sell(&mut world, 1);
    world.execute(AdvanceTo { to: "2026-03-06".parse().unwrap() }).unwrap();
    let refunded = world.execute(Refund::full(charge)).unwrap();
    let freed = refunded.iter().filter_map(|recorded| match &recorded.event {
        Event::Moved(moved) => {
            Some(moved.parts().filter(|part| matches!(part.record, Record::ReserveHold(..))))
        }
        _ => None,
    });
    assert_eq!(freed.flatten().count(), MOST_FREED);
    assert_eq!(reserved(&world), (45 - MOST_FREED as i64 + 1) * 100);
    world.execute(AdvanceTo { to: "2026-03-20".parse().unwrap() }).unwrap();
    assert_eq!(reserved(&world), 0);
    assert_eq!(world.finish(), []);
}
