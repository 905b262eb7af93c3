//! A payee: what the payouts of one account depend on.

use std::fmt;

use counterfoil_domain::account::onboard::Onboarded;
use counterfoil_domain::account::{Gates, Requirement, RequirementName, Standing};
use counterfoil_domain::books::State;
use counterfoil_domain::calendar::Day;
use counterfoil_domain::money::{Currency, Minor, Money};
use counterfoil_domain::payout::PayoutSchedule;
use serde::{Deserialize, Serialize};

/// What one account's payouts depend on. There may be a million of them, and most have
/// one currency and nothing pending: these take no memory elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Payee {
    #[serde(with = "crate::shape")]
    schedule: PayoutSchedule,
    /// Those that keep it from being paid, or may: in the order of onboarding.
    requirements: Box<[Demand]>,
    /// In the currency that was first heard of.
    purse: Option<Purse>,
    /// In the others, in the order in which each was first heard of.
    #[expect(clippy::box_collection, reason = "a third of the size, a million times")]
    others: Option<Box<Vec<Purse>>>,
}

const _: () = assert!(size_of::<Payee>() <= 96);

/// A requirement as the forecast needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Demand {
    #[serde(with = "crate::shape")]
    name: RequirementName,
    #[serde(with = "crate::shape")]
    gates: Gates,
    #[serde(with = "crate::shape")]
    standing: Standing,
}

/// What an account has in one currency, as far as payouts depend on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Purse {
    #[serde(with = "crate::shape")]
    currency: Currency,
    /// Payable; may be negative.
    pub(super) available: Minor,
    /// Pending by the day it matures, in days since 1970, in their order; never zero.
    pending: Vec<(i32, Minor)>,
    /// What an automatic payout leaves behind.
    pub(super) minimum: Minor,
    /// Whether a payout failed and no bank account was put on file since.
    pub(super) bank_errored: bool,
    /// The fingerprint of the bank account on file.
    bank: Option<[u8; 8]>,
}

impl Default for Payee {
    fn default() -> Self {
        Self { schedule: PayoutSchedule::Manual, requirements: Box::default(), purse: None, others: None }
    }
}

impl Payee {
    /// An account as it was onboarded.
    pub(super) fn onboarded(onboarded: &Onboarded) -> Self {
        let demands = onboarded.requirements.iter().filter(|requirement| requirement.gates.payouts);
        let mut payee = Self { schedule: onboarded.schedule, ..Self::default() };
        payee.requirements = demands.map(Demand::of).collect();
        if let Some(bank) = &onboarded.bank_account {
            payee.attach_bank(onboarded.currency, bank.number.fingerprint);
        }
        payee
    }

    /// Looks at what a posting changes.
    #[inline]
    pub(super) fn touch(&self) -> u64 {
        self.purse.as_ref().map_or(0, |purse| {
            let pending = purse.pending.last().map_or(0, |(_, amount)| *amount);
            (purse.available ^ pending) as u64
        })
    }

    /// When it is paid.
    pub(super) fn schedule(&self) -> PayoutSchedule {
        self.schedule
    }

    /// Its requirements that close payouts, or may.
    pub(super) fn requirements(&self) -> impl Iterator<Item = Requirement> + '_ {
        self.requirements.iter().map(|demand| Requirement {
            name: demand.name,
            gates: demand.gates,
            standing: demand.standing,
        })
    }

    /// What it has, by currency.
    pub(super) fn purses(&self) -> impl Iterator<Item = (Currency, &Purse)> + '_ {
        let others = self.others.iter().flat_map(|others| others.iter());
        self.purse.iter().chain(others).map(|purse| (purse.currency, purse))
    }

    /// A requirement took a step.
    pub(super) fn change_requirement(&mut self, name: RequirementName, standing: Standing) {
        for demand in self.requirements.iter_mut().filter(|demand| demand.name == name) {
            demand.standing = standing;
        }
    }

    /// A bank account was put on file.
    pub(super) fn attach_bank(&mut self, currency: Currency, fingerprint: [u8; 8]) {
        self.purse(currency, |purse| {
            purse.bank = Some(fingerprint);
            purse.bank_errored = false;
        });
    }

    /// A payout to this bank account failed: where it is still the one on file, nothing is
    /// paid until another is.
    pub(super) fn fail_bank(&mut self, currency: Currency, fingerprint: Option<[u8; 8]>) {
        self.purse(currency, |purse| purse.bank_errored |= purse.bank == fingerprint);
    }

    /// Schedule or minimum balance was set.
    pub(super) fn set_schedule(&mut self, schedule: Option<PayoutSchedule>, minimum: Option<Money>) {
        self.schedule = schedule.unwrap_or(self.schedule);
        if let Some(Money { currency, minor }) = minimum {
            self.purse(currency, |purse| purse.minimum = minor);
        }
    }

    /// Money moved.
    pub(super) fn post(&mut self, currency: Currency, state: State, owed: Minor) {
        self.purse(currency, |purse| match state {
            State::Available => purse.available += owed,
            State::Pending(day) => purse.add_pending(day, owed),
            // On its way already, or never paid out.
            State::InTransit | State::Reserved | State::Prefunded | State::ConnectReserved => {}
        });
    }

    fn purse(&mut self, currency: Currency, change: impl FnOnce(&mut Purse)) {
        let purse = self.purse.get_or_insert_with(|| Purse::new(currency));
        if purse.currency == currency {
            return change(purse);
        }
        let others = self.others.get_or_insert_default();
        match others.iter_mut().find(|purse| purse.currency == currency) {
            Some(purse) => change(purse),
            None => {
                let mut purse = Purse::new(currency);
                change(&mut purse);
                others.push(purse);
            }
        }
    }
}

impl Demand {
    fn of(requirement: &Requirement) -> Self {
        let Requirement { name, gates, standing } = *requirement;
        Self { name, gates, standing }
    }
}

impl Purse {
    fn new(currency: Currency) -> Self {
        Self { currency, available: 0, pending: Vec::new(), minimum: 0, bank_errored: false, bank: None }
    }

    /// Whether there is anything to say about it.
    pub(super) fn is_owed_or_owes(&self) -> bool {
        self.available != 0 || !self.pending.is_empty()
    }

    /// Pending money by the day it matures, the earliest first.
    pub(super) fn pending(&self) -> impl Iterator<Item = (Day, Minor)> + '_ {
        self.pending.iter().map(|(day, amount)| (Day::from_days(*day), *amount))
    }

    fn add_pending(&mut self, day: Day, owed: Minor) {
        let place = self.pending.binary_search_by_key(&day.days(), |(of, _)| *of);
        let index = place.unwrap_or_else(|index| {
            self.pending.insert(index, (day.days(), 0));
            index
        });
        if let Some((_, amount)) = self.pending.get_mut(index) {
            *amount += owed;
            if *amount == 0 {
                self.pending.remove(index);
            }
        }
    }
}

impl fmt::Display for Payee {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "schedule {:?}", self.schedule)?;
        for Demand { name, standing, .. } in &self.requirements {
            write!(f, ", requirement {name} {standing}")?;
        }
        for (_, purse) in self.purses() {
            let Purse { currency, available, minimum, bank_errored, .. } = purse;
            write!(f, ", {currency} available {available}, minimum {minimum}")?;
            for (day, amount) in purse.pending() {
                write!(f, ", pending until {day} {amount}")?;
            }
            if *bank_errored {
                f.write_str(", bank account errored")?;
            }
        }
        Ok(())
    }
}
