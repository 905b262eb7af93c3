//! The plan: every step that an import takes, in order of time.
//!
//! It is a pure function of the accepted orders, so a run that was interrupted finds
//! the same steps again. At one instant steps run in the order in which [`Plan::new`]
//! puts them; work that falls due by a step's time (maturities, then payouts) is done
//! before the step.

use std::collections::{BTreeMap, BTreeSet};

use counterfoil::domain::calendar::bank::BankCalendar;
use counterfoil::domain::calendar::{Day, Timestamp};
use counterfoil::domain::money::{Currency, Minor};
use counterfoil::domain::payout::PayoutSchedule;
use counterfoil::domain::rail::RailName;

use super::orders::Order;

/// After how many days a charge's money is available.
pub(super) const DELAY_DAYS: u16 = 30;

/// How many seconds after the last order the clock ends: sixty days.
const END_SECONDS: i64 = 60 * 86_400;

/// How many sellers are onboarded in one step: each has an id of at most 255 bytes,
/// and a step 48 KiB.
const SELLERS_AT_ONCE: usize = 100;

/// The steps of an import.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    /// The time of the first.
    pub(super) start: Timestamp,
    /// In the order in which they are taken.
    pub(super) steps: Vec<Step<'a>>,
}

/// One step: what is recorded of it is recorded whole, with its place in the plan.
#[derive(Debug)]
pub(super) struct Step<'a> {
    /// Its business time.
    pub(super) at: Timestamp,
    /// What is done.
    pub(super) work: Work<'a>,
}

/// What a step does.
#[derive(Debug)]
pub(super) enum Work<'a> {
    /// These sellers become connected accounts, paid on this schedule.
    Onboard(&'a [Box<str>], PayoutSchedule),
    /// These rails settle to the bank.
    Settle(BTreeMap<&'a RailName, Minor>),
    /// Nothing but time: payouts that fell due before this day are made.
    Reach,
    /// The bank takes the payouts that arrive by this day.
    Pay(Day),
    /// An order is charged and split.
    Sell(&'a Order),
    /// Time passes to the end.
    End,
}

impl<'a> Plan<'a> {
    /// The steps for these sellers and these orders, which are in order of time.
    pub(super) fn new(sellers: &'a [Box<str>], orders: &'a [Order], schedule: PayoutSchedule) -> Self {
        // Without an order time begins, and stays, at the first instant of 1970.
        let start = orders.first().map_or(Timestamp::from_micros(0), |order| order.time);
        let end = orders.last().map_or(start, |order| order.time.plus_seconds(END_SECONDS));
        let settlements = settlements(orders);
        let arrivals = arrivals(settlements.keys(), schedule);

        let mut steps = Vec::with_capacity(orders.len() + 3 * settlements.len());
        let mut add = |at, work| steps.push(Step { at, work });
        for some in sellers.chunks(SELLERS_AT_ONCE) {
            add(start, Work::Onboard(some, schedule));
        }
        for (day, rails) in settlements {
            add(day.start(), Work::Settle(rails));
        }
        for day in arrivals {
            add(day.start(), Work::Reach);
            add(day.start(), Work::Pay(day));
        }
        for order in orders {
            add(order.time, Work::Sell(order));
        }
        add(end, Work::End);
        // The sort is stable: what is put first is first at its instant.
        steps.sort_by_key(|step| step.at);
        Self { start, steps }
    }
}

/// What matures on each day, by rail.
fn settlements(orders: &[Order]) -> BTreeMap<Day, BTreeMap<&RailName, Minor>> {
    let mut days: BTreeMap<Day, BTreeMap<&RailName, Minor>> = BTreeMap::new();
    for order in orders {
        let rails = days.entry(order.time.day().plus(DELAY_DAYS.into())).or_default();
        for (rail, amount) in &order.charges {
            let settled = rails.entry(rail).or_default();
            *settled = settled.saturating_add(*amount);
        }
    }
    days
}

/// The days on which payouts arrive. All that is available is paid on the first day
/// that the schedule names, so payouts are made on the first such day from a maturity on.
fn arrivals<'d>(maturities: impl Iterator<Item = &'d Day>, schedule: PayoutSchedule) -> BTreeSet<Day> {
    let banks = BankCalendar::of(Currency::BRL);
    let made = maturities.filter_map(|day| schedule.first_from(*day));
    made.map(|day| banks.next_business_day(day)).collect()
}
