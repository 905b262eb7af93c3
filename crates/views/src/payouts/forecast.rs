//! The forecast: what will be paid on which day, and why not sooner.
//!
//! What an account is owed is cut into parcels by the day each becomes payable: what is
//! available now, then each day's pending money. From the front of them first a debt
//! is made good, then the minimum balance is filled; each of the rest is taken by the
//! first payout day from its own day on. So every cent is in exactly one line, and the
//! lines sum to what is owed and not on its way. Transfers that wait for the platform's
//! balance are owed to nobody yet and are not in it, and held money is not until it is released.

use std::collections::BTreeMap;

use counterfoil_domain::AccountId;
use counterfoil_domain::account::Gate;
use counterfoil_domain::calendar::bank::BankCalendar;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::payout::PayoutSchedule;

use super::payee::{Payee, Purse};
use super::withheld::{Reason, Withheld};

/// What will be paid to one account in one currency if nothing but time happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Who is paid.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// From which business time on this is reckoned.
    pub now: Timestamp,
    /// When the account is paid.
    pub schedule: PayoutSchedule,
    /// What is payable; negative where the account owes.
    pub available: Minor,
    /// What is pending, over all days.
    pub pending: Minor,
    /// What an automatic payout leaves behind.
    pub minimum_balance: Minor,
    /// The payouts to come, the earliest first.
    pub planned: Vec<Planned>,
    /// Why each amount is not paid now. They sum to `available + pending`.
    pub withheld: Vec<Withheld>,
}

/// A payout to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The day at whose start it is made.
    pub date: Day,
    /// The day it is expected at the bank: the next on which the currency's banks book.
    pub arrival: Day,
    /// How much.
    pub amount: Minor,
}

/// Money that becomes payable together.
#[derive(Clone, Copy)]
struct Parcel {
    amount: Minor,
    /// The day it becomes payable; `None` is now.
    day: Option<Day>,
}

/// What keeps the whole account from being paid.
struct Holds {
    now: Vec<Reason>,
    /// Requirements that will, from their deadline on.
    later: Vec<(Timestamp, Reason)>,
}

/// Forecasts one account's payouts in one currency, from now, where `payday` is the first day that
/// may still be paid.
pub(super) fn forecast(
    (now, payday): (Timestamp, Day),
    account: AccountId,
    payee: &Payee,
    currency: Currency,
    purse: &Purse,
) -> Forecast {
    let holds = holds(payee, purse);
    let mut lines = Vec::new();
    let mut planned: BTreeMap<Day, Minor> = BTreeMap::new();
    let mut debt = (-purse.available).max(0);
    let mut to_keep = purse.minimum;
    if debt > 0 {
        lines.push(line(-debt, vec![Reason::NegativeBalance], &holds));
    }
    for mut parcel in parcels(purse) {
        for (hole, reason) in
            [(&mut debt, Reason::NegativeBalance), (&mut to_keep, Reason::BelowMinimumBalance)]
        {
            let part = parcel.amount.min(*hole);
            *hole -= part;
            parcel.amount -= part;
            if part > 0 {
                lines.push(line(part, parcel.reasons(reason), &holds));
            }
        }
        if parcel.amount > 0 {
            let rest = pay(payday, payee.schedule(), parcel, &holds);
            if let Some(date) = rest.paid_on {
                *planned.entry(date).or_default() += rest.amount;
            }
            lines.push(rest);
        }
    }
    let arrival = |date| BankCalendar::of(currency).next_business_day(date);
    Forecast {
        account,
        currency,
        now,
        schedule: payee.schedule(),
        available: purse.available,
        pending: purse.pending().map(|(_, amount)| amount).sum(),
        minimum_balance: purse.minimum,
        planned: planned
            .into_iter()
            .map(|(date, amount)| Planned { date, arrival: arrival(date), amount })
            .collect(),
        withheld: lines,
    }
}

fn parcels(purse: &Purse) -> impl Iterator<Item = Parcel> + '_ {
    let available = (purse.available > 0).then_some(Parcel { amount: purse.available, day: None });
    let pending = purse.pending().map(|(day, amount)| Parcel { amount, day: Some(day) });
    available.into_iter().chain(pending)
}

fn holds(payee: &Payee, purse: &Purse) -> Holds {
    let mut holds = Holds { now: Vec::new(), later: Vec::new() };
    for requirement in payee.requirements() {
        let name = requirement.name;
        if requirement.closes(Gate::Payouts) {
            holds.now.push(Reason::Requirement { name, from: None });
        } else if let Some(deadline) = requirement.deadline() {
            holds.later.push((deadline, Reason::Requirement { name, from: Some(deadline) }));
        }
    }
    if purse.bank_errored {
        holds.now.push(Reason::BankAccountErrored);
    }
    if payee.schedule() == PayoutSchedule::Manual {
        holds.now.push(Reason::ManualSchedule);
    }
    holds
}

/// The line of a parcel that nothing but the account's holds and time keep.
fn pay(payday: Day, schedule: PayoutSchedule, parcel: Parcel, holds: &Holds) -> Withheld {
    let mut reasons: Vec<Reason> = parcel.day.map(Reason::PendingUntil).into_iter().collect();
    if !holds.now.is_empty() {
        return line(parcel.amount, reasons, holds);
    }
    let date = schedule.first_from(parcel.day.map_or(payday, |day| day.max(payday)));
    // The requirement that lapses at a day's start does so before that day's payouts.
    let lapsed = |date: Day| {
        let lapsed = holds.later.iter().filter(move |(deadline, _)| *deadline <= date.start());
        lapsed.map(|(_, reason)| *reason)
    };
    let blocked = date.is_some_and(|date| lapsed(date).next().is_some());
    if let Some(date) = date {
        reasons.extend((parcel.day != Some(date)).then_some(Reason::NextPayoutDay(date)));
        reasons.extend(lapsed(date));
    }
    Withheld { amount: parcel.amount, reasons, paid_on: date.filter(|_| !blocked) }
}

fn line(amount: Minor, mut reasons: Vec<Reason>, holds: &Holds) -> Withheld {
    reasons.extend_from_slice(&holds.now);
    Withheld { amount, reasons, paid_on: None }
}

impl Parcel {
    fn reasons(&self, reason: Reason) -> Vec<Reason> {
        self.day.map(Reason::PendingUntil).into_iter().chain([reason]).collect()
    }
}
