//! A seller with reserves against a naive model of it, and tampered holds against the laws.

use counterfoil_domain::calendar::{AdvanceTo, Timestamp};
use counterfoil_domain::charge::{Charge, ChargeKind, ProcessingFee};
use counterfoil_domain::laws::{Law, Laws};
use counterfoil_domain::money::{Currency, Minor, Money, Rate};
use counterfoil_domain::refund::Refund;
use counterfoil_domain::reserve::{
    CreateReserveHold, DisableReservePlan, HoldSource, PlanSchedule, ReleaseReserveHold, SetReservePlan,
};
use counterfoil_domain::{AccountId, ChargeId, Event, Moved, Record, Recorded, ReserveHoldId, ReservePlanId};
use counterfoil_testkit::World;
use proptest::prelude::any;
use proptest::proptest;

use crate::cases::cases;
use crate::market::{open, rail_name};
use crate::model::nearest_even;

/// Paid out by hand; its charges mature after two business days.
const SELLER: AccountId = AccountId(3);

const DAY: i64 = Timestamp::DAY;

/// A sale: what of it is not refunded, what is pending, and from when on that is available.
struct Sale {
    id: ChargeId,
    left: Minor,
    pending: Minor,
    on: i64,
}

/// A hold: of which sale, what is left of it, when it is released, and whether by a plan.
struct Hold {
    id: ReserveHoldId,
    sale: Option<usize>,
    left: Minor,
    due: i64,
    by_plan: bool,
}

/// The seller as anybody would keep it on paper.
#[derive(Default)]
struct Paper {
    available: Minor,
    sales: Vec<Sale>,
    holds: Vec<Hold>,
    /// The rate in basis points, and the days.
    plan: Option<(ReservePlanId, Minor, i64)>,
}

impl Paper {
    fn pass(&mut self, now: i64) {
        let mut due: Vec<i64> = self.holds.iter().map(|hold| hold.due).collect();
        due.extend(self.sales.iter().map(|sale| sale.on));
        due.sort_unstable();
        for at in due.into_iter().filter(|at| *at <= now) {
            for sale in self.sales.iter_mut().filter(|sale| sale.on == at) {
                self.available += std::mem::take(&mut sale.pending);
            }
            for hold in 0..self.holds.len() {
                if self.holds[hold].due == at {
                    self.release(hold, Minor::MAX, at);
                }
            }
        }
    }

    /// Releases of a hold what is left, at most so much; says how much.
    fn release(&mut self, hold: usize, most: Minor, now: i64) -> Minor {
        let hold = &mut self.holds[hold];
        let amount = hold.left.min(most);
        hold.left -= amount;
        match hold.sale.map(|sale| &mut self.sales[sale]).filter(|sale| sale.on > now) {
            Some(sale) => sale.pending += amount,
            None => self.available += amount,
        }
        amount
    }

    /// Takes so much of what a sale has pending, and the rest of what is available.
    fn take(&mut self, sale: Option<usize>, amount: Minor) {
        let pending = sale.map_or(0, |sale| self.sales[sale].pending).min(amount);
        if let Some(sale) = sale {
            self.sales[sale].pending -= pending;
        }
        self.available -= amount - pending;
    }

    /// What can be held.
    fn there(&self, sale: Option<usize>) -> Minor {
        self.available.max(0) + sale.map_or(0, |sale| self.sales[sale].pending)
    }

    fn agrees(&self, world: &World) {
        let wallet = world.ledger().account(SELLER).and_then(|seller| seller.wallet(Currency::USD));
        let wallet = wallet.cloned().unwrap_or_default();
        let pending: Minor = self.sales.iter().map(|sale| sale.pending).sum();
        let held: Minor = self.holds.iter().map(|hold| hold.left).sum();
        assert_eq!((wallet.pending, wallet.available, wallet.reserved), (pending, self.available, held));
    }
}

/// What the last command held, if a plan held something.
fn held(events: &[Recorded]) -> Option<(ReserveHoldId, Minor)> {
    events.iter().find_map(|recorded| {
        let Event::Moved(moved) = &recorded.event else { return None };
        let Record::ReserveHold(id, hold) = &moved.subject.record else { return None };
        Some((*id, hold.amount.minor))
    })
}

/// The midnight after the day of an instant.
fn midnight_after(at: i64) -> i64 {
    (at.div_euclid(DAY) + 1) * DAY
}

/// One thing that is done.
fn act(world: &mut World, paper: &mut Paper, (verb, choice, amount): (u8, usize, Minor)) {
    let usd = |minor| Money::new(Currency::USD, minor);
    let now = world.now().micros();
    match verb {
        0..=2 => {
            let fee = amount * (choice % 101) as Minor / 100;
            let kind = ChargeKind::Direct { account: SELLER, application_fee: fee };
            let charge = Charge { kind, ..Charge::separate(usd(amount), rail_name(0)) };
            let events = world.execute(charge).unwrap();
            let made = events.iter().find_map(|recorded| match &recorded.event {
                Event::ChargeSucceeded(charged) => Some((recorded.position, charged.charge.available_on)),
                _ => None,
            });
            let (position, on) = made.unwrap();
            let id = ChargeId::new(position, 0);
            paper.sales.push(Sale { id, left: amount, pending: amount - fee, on: on.start().micros() });
            let sale = Some(paper.sales.len() - 1);
            if let Some((_, rate, days)) = paper.plan {
                let share = nearest_even(amount, rate, 10_000).min(paper.there(sale));
                let (id, minor) = held(&events).unwrap();
                assert_eq!(minor, share);
                paper.take(sale, share);
                let due = midnight_after(now + days * DAY);
                paper.holds.push(Hold { id, sale, left: share, due, by_plan: true });
            }
        }
        3 | 4 if !paper.sales.is_empty() => {
            let index = choice % paper.sales.len();
            let sale = &paper.sales[index];
            let part = if choice.is_multiple_of(2) { sale.left } else { amount.min(sale.left) };
            let refund = Refund { amount: Some(part), ..Refund::full(sale.id) };
            if world.execute(refund).is_ok() {
                paper.sales[index].left -= part;
                let mut rest = part;
                for hold in 0..paper.holds.len() {
                    if paper.holds[hold].sale == Some(index) {
                        rest -= paper.release(hold, rest, now);
                    }
                }
                paper.take(Some(index), part);
            } else {
                // What is held of the sale is the least that it can pay.
                let own = paper.holds.iter().filter(|hold| hold.sale == Some(index)).map(|hold| hold.left);
                assert!(part == 0 || own.sum::<Minor>() < part);
            }
        }
        5 => hold_by_hand(world, paper, (choice, amount)),
        6 if !paper.holds.is_empty() => {
            let index = choice % paper.holds.len();
            let hold = &paper.holds[index];
            let fits = hold.left > 0;
            let amount = choice.is_multiple_of(2).then_some(amount.min(hold.left.max(1)));
            let released = world.execute(ReleaseReserveHold { hold: hold.id, amount });
            assert_eq!(released.is_ok(), fits);
            if fits {
                paper.release(index, amount.unwrap_or(Minor::MAX), now);
            }
        }
        7 => set_or_disable(world, paper, (choice, amount), now),
        _ => {
            let to = world.now().plus_seconds(amount * 9);
            world.execute(AdvanceTo { to }).unwrap();
            paper.pass(to.micros());
        }
    }
}

fn hold_by_hand(world: &mut World, paper: &mut Paper, (choice, amount): (usize, Minor)) {
    let now = world.now();
    let sale = choice.checked_rem(paper.sales.len()).filter(|_| choice.is_multiple_of(2));
    let days = 1 + amount % 8;
    let release_after = now.plus_seconds(days * 86_400);
    let source = sale.map(|sale| HoldSource::Charge(paper.sales[sale].id));
    let minor = amount / 4 + 1;
    let own = || paper.holds.iter().filter(|hold| hold.sale == sale && hold.left > 0);
    let unheld = |sale: usize| paper.sales[sale].left - own().map(|hold| hold.left).sum::<Minor>();
    let fits =
        minor <= paper.there(sale) && sale.is_none_or(|sale| own().count() < 20 && minor <= unheld(sale));
    let amount = Money::new(Currency::USD, minor);
    let account = SELLER;
    let asked = world.execute(CreateReserveHold { account, amount, source, release_after, details: None });
    assert_eq!(asked.is_ok(), fits);
    if let Ok(events) = asked {
        let (id, _) = held(&events).unwrap();
        paper.take(sale, minor);
        let due = midnight_after(release_after.micros());
        paper.holds.push(Hold { id, sale, left: minor, due, by_plan: false });
    }
}

fn set_or_disable(world: &mut World, paper: &mut Paper, (choice, amount): (usize, Minor), now: i64) {
    if let Some((plan, ..)) = paper.plan.take() {
        world.execute(DisableReservePlan { plan }).unwrap();
        for hold in 0..paper.holds.len() {
            if paper.holds[hold].by_plan {
                paper.release(hold, Minor::MAX, now);
            }
        }
        return;
    }
    let (points, days) = (1 + amount % 10_000, 1 + (choice % 9) as i64);
    let set = SetReservePlan {
        account: SELLER,
        currency: Currency::USD,
        rate: Rate::from_basis_points(points as u32).unwrap(),
        schedule: PlanSchedule::Rolling { days: days as u16, expires_on: None },
        details: None,
    };
    let position = world.execute(set).unwrap().last().unwrap().position;
    paper.plan = Some((ReservePlanId::new(position, 0), points, days));
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn what_is_held_is_what_paper_says(
        steps in proptest::collection::vec((0..10_u8, any::<usize>(), 1..20_000_i64), 1..80)
    ) {
        let mut world = open(ProcessingFee::NONE, 1_000);
        let mut paper = Paper::default();
        for step in steps {
            act(&mut world, &mut paper, step);
            paper.agrees(&world);
        }
        assert_eq!(world.finish(), []);
    }
}

/// A plan of 10 % for three days, a sale of 100.00, a partial release, and the day of the rest:
///
/// | position | event |
/// |---|---|
/// | 4, 5, 6 | the plan; a rail; a sale |
/// | 7, 8 | its hold; 4.00 of it released |
/// | 9, 10 | the sale matures; the rest is released at the midnight after the three days |
fn history() -> Vec<Recorded> {
    let mut world = open(ProcessingFee::NONE, 0);
    let mut paper = Paper::default();
    set_or_disable(&mut world, &mut paper, (2, 999), 0);
    let kind = ChargeKind::Direct { account: SELLER, application_fee: 0 };
    let amount = Money::new(Currency::USD, 10_000);
    world.execute(Charge { kind, ..Charge::separate(amount, rail_name(0)) }).unwrap();
    world.execute(ReleaseReserveHold { hold: ReserveHoldId::new(7, 0), amount: Some(400) }).unwrap();
    world.execute(AdvanceTo { to: "2026-03-06".parse().unwrap() }).unwrap();
    let log = world.log().to_vec();
    assert_eq!(world.finish(), []);
    log
}

/// What the laws say of the log once the hold's event there is changed.
fn tampered(position: usize, change: impl Fn(&mut Moved, &mut Timestamp)) -> Option<Law> {
    let mut log = history();
    let Recorded { event: Event::Moved(moved), time, .. } = &mut log[position] else {
        panic!("no step at {position}")
    };
    change(moved, time);
    let mut laws = Laws::new();
    log.iter().find_map(|recorded| laws.check(recorded).err()).map(|breach| breach.law)
}

#[test]
fn a_hold_that_says_otherwise_is_noticed() {
    let hold = ReserveHoldId::new(7, 0);
    let state = |moved: &mut Moved, change: &dyn Fn(&mut counterfoil_domain::reserve::ReserveHoldState)| {
        let Record::ReserveHold(_, state) = &mut moved.subject.record else { panic!("no hold") };
        change(state);
    };
    assert_eq!(tampered(8, |_, _| {}), None);
    let forgets = Some(Law::HoldForgets { hold });
    assert_eq!(tampered(8, |moved, _| state(moved, &|hold| hold.released = 300)), forgets);
    assert_eq!(tampered(8, |moved, _| state(moved, &|hold| hold.plan = None)), forgets);
    assert_eq!(tampered(7, |moved, _| state(moved, &|hold| hold.amount.minor = 900)), forgets);
    let books = Some(Law::HoldBooks { hold, due: -400, booked: 0 });
    assert_eq!(tampered(8, |moved, _| moved.books = None), books);
    // What brings the day forward after the fact is released too late; what puts it off, early.
    let late = tampered(7, |moved, _| {
        state(moved, &|hold| hold.release_after = "2026-03-01".parse().unwrap());
    });
    let due = "2026-03-02".parse().unwrap();
    assert_eq!(late, Some(Law::HoldLate { hold, due }));
    let early = tampered(10, |moved, time| {
        *time = "2026-03-05T01:00:00Z".parse().unwrap();
        assert_eq!(moved.step, counterfoil_domain::Step::ReserveReleased);
    });
    assert_eq!(early, Some(Law::HoldEarly { hold, due: "2026-03-06".parse().unwrap() }));
}
