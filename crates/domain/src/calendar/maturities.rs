//! Maturities: who has pending money of which day.
//!
//! How much it is stands in the wallets. Here accounts are only listed, in the order in
//! which they were first heard of, and sorted when their day has come: pending money is
//! added far more often than days pass.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Day;
use crate::id::AccountId;
use crate::money::Currency;

/// Whose money it is, and in which currency.
type Holder = (AccountId, Currency);

/// Who has pending money, by the day it matures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maturities {
    days: BTreeMap<Day, Waiting>,
}

/// Those who wait for a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// All who have money of the day, and some who had.
    pub holders: Vec<Holder>,
    /// How many have.
    pub having: usize,
    /// Whether the holders stand in descending order, because some have matured.
    pub begun: bool,
}

impl Maturities {
    /// Notes that a holder has money of a day, of which it had none.
    pub(crate) fn begin(&mut self, day: Day, holder: Holder) {
        let waiting = self.days.entry(day).or_default();
        assert!(!waiting.begun, "no money is pending until a day that has come");
        waiting.holders.push(holder);
        waiting.having += 1;
    }

    /// Notes that a holder has no more money of a day.
    pub(crate) fn end(&mut self, day: Day) {
        let Some(waiting) = self.days.get_mut(&day) else {
            return;
        };
        waiting.having -= 1;
        if waiting.having == 0 {
            self.days.remove(&day);
        }
    }

    /// Notes that the money of a holder, and of all before it, has matured.
    pub(crate) fn mature(&mut self, day: Day, holder: Holder) {
        let Some(waiting) = self.days.get_mut(&day) else {
            return;
        };
        if !waiting.begun {
            waiting.holders.sort_unstable_by_key(|holder| Reverse(*holder));
            waiting.begun = true;
        }
        while waiting.holders.last().is_some_and(|last| *last <= holder) {
            waiting.holders.pop();
        }
    }

    /// The first day of which somebody has pending money.
    pub(crate) fn first_day(&self) -> Option<Day> {
        self.days.first_key_value().map(|(day, _)| *day)
    }

    /// The first holder of a day for whom `has` holds, in the order of accounts.
    pub(crate) fn first_holder(&self, day: Day, has: impl Fn(Holder) -> bool) -> Option<Holder> {
        let waiting = self.days.get(&day)?;
        let mut holders = waiting.holders.iter().copied();
        if waiting.begun {
            holders.rfind(|holder| has(*holder))
        } else {
            holders.filter(|holder| has(*holder)).min()
        }
    }

    /// Each day with those who wait for it, some of them in vain.
    pub fn days(&self) -> impl Iterator<Item = (Day, &Waiting)> + '_ {
        self.days.iter().map(|(day, waiting)| (*day, waiting))
    }

    /// The maturities that [`Maturities::days`] told of.
    pub fn from_days(days: impl IntoIterator<Item = (Day, Waiting)>) -> Self {
        Self { days: days.into_iter().collect() }
    }
}
