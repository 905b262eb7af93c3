//! The agenda: which objects wait, and for what.

use std::collections::{BTreeMap, BTreeSet};

use super::Timestamp;
use crate::id::{AccountId, ChargeId};
use crate::money::{Currency, Minor};
use crate::record::RecordId;

/// In which order work is done that is due at one instant. An object says of what rank its
/// own work is; the other ranks are the ledger's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// An account that is below zero uses its prefunding.
    Prefunding,
    /// Reserve plans hold their share of what came in; the platform's reserve follows what its
    /// sellers owe.
    Reserve,
    /// A requirement was not provided in time.
    Lapse,
    /// Something was not used in time: an authorisation.
    Expire,
    /// Pending money becomes available.
    Maturity,
    /// Held money is set free, and what follows of a dispute is done.
    Release,
    /// What waited for money is done.
    Queue,
    /// An old debt is written off.
    Collect,
    /// An account is paid out.
    Payout,
}

/// What an object waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wait {
    /// An instant.
    Until(Timestamp, Rank),
    /// That an account has so much available; of a refund, together with its prefunding. Who
    /// waits for one account in one currency is served in turn: refunds before all others, each in the order in which it was made, and
    /// nobody overtakes.
    Funds(AccountId, Currency, Minor),
}

/// Whose turn it is in a queue: a payer's refund comes before what goes to sellers
/// (our own rule, docs/decisions/waiting-refunds.md).
type Turn = (bool, u64);

fn turn(id: RecordId) -> Turn {
    (!matches!(id, RecordId::Refund(_)), id.object().to_bits())
}

/// Who waits for one account's money in one currency, in turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    waiting: BTreeMap<Turn, (RecordId, Minor)>,
    /// What all of them need.
    need: i128,
}

/// The objects that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agenda {
    waits: BTreeMap<RecordId, Wait>,
    until: BTreeSet<(Timestamp, Rank, RecordId)>,
    funds: BTreeMap<(AccountId, Currency), Line>,
    /// Of those who are waited for, who has what the first in the queue needs.
    covered: BTreeSet<(AccountId, Currency)>,
    /// With which charge an object waits, where it waits with one.
    with: BTreeMap<RecordId, ChargeId>,
    /// The same, by charge.
    charges: BTreeMap<ChargeId, BTreeSet<RecordId>>,
    /// Those whose charge failed, or has nothing left to give back beside what disputes took: they
    /// are due wherever they stand.
    off: BTreeMap<Turn, RecordId>,
}

impl Agenda {
    /// Everything that waits, and for what.
    pub fn waits(&self) -> impl Iterator<Item = (RecordId, Wait)> + '_ {
        self.waits.iter().map(|(id, wait)| (*id, *wait))
    }

    /// With which charge objects wait.
    pub(crate) fn waits_with(&self) -> impl Iterator<Item = (RecordId, ChargeId)> + '_ {
        self.with.iter().map(|(id, charge)| (*id, *charge))
    }

    /// Of those charges, which were called off.
    pub(crate) fn called_off(&self) -> impl Iterator<Item = ChargeId> {
        let charges = self.off.values().filter_map(|id| self.with.get(id).copied());
        charges.collect::<BTreeSet<ChargeId>>().into_iter()
    }

    /// Whether anything waits with a charge.
    pub(crate) fn waits_with_charge(&self, charge: ChargeId) -> bool {
        self.charges.contains_key(&charge)
    }

    /// A payment failed, or a dispute took what would be given back: what waits with it is due.
    pub(crate) fn call_off(&mut self, charge: ChargeId) {
        let waiting = self.charges.get(&charge).into_iter().flatten();
        self.off.extend(waiting.map(|id| (turn(*id), *id)));
    }

    /// What waits with a charge waits in its turn again: there is enough left to give back.
    pub(crate) fn call_on(&mut self, charge: ChargeId) {
        let waiting = self.charges.get(&charge).into_iter().flatten();
        for id in waiting {
            self.off.remove(&turn(*id));
        }
    }

    /// Has an object wait for this and nothing else, or for nothing any more; what it waited
    /// for before. `with` is the charge without which it waits for nothing.
    pub(crate) fn set(&mut self, id: RecordId, wait: Option<Wait>, with: Option<ChargeId>) -> Option<Wait> {
        let before = match wait {
            Some(wait) => self.waits.insert(id, wait),
            None => self.waits.remove(&id),
        };
        let turn = turn(id);
        if before.is_some() {
            self.leave_charge(id);
        }
        if let Some(charge) = with.filter(|_| wait.is_some()) {
            self.with.insert(id, charge);
            self.charges.entry(charge).or_default().insert(id);
        }
        match before {
            Some(Wait::Until(at, rank)) => drop(self.until.remove(&(at, rank, id))),
            Some(Wait::Funds(account, currency, _)) => {
                let key = (account, currency);
                if let Some(line) = self.funds.get_mut(&key) {
                    let left = line.waiting.remove(&turn);
                    line.need -= left.map_or(0, |(_, need)| i128::from(need));
                    if line.waiting.is_empty() {
                        self.funds.remove(&key);
                    }
                }
            }
            None => {}
        }
        match wait {
            Some(Wait::Until(at, rank)) => drop(self.until.insert((at, rank, id))),
            Some(Wait::Funds(account, currency, need)) => {
                let line = self.funds.entry((account, currency)).or_default();
                line.need += i128::from(need);
                line.waiting.insert(turn, (id, need));
            }
            None => {}
        }
        before
    }

    /// An object waits with its charge no more.
    fn leave_charge(&mut self, id: RecordId) {
        let Some(charge) = self.with.remove(&id) else {
            return;
        };
        self.off.remove(&turn(id));
        if let Some(waiting) = self.charges.get_mut(&charge) {
            waiting.remove(&id);
            if waiting.is_empty() {
                self.charges.remove(&charge);
            }
        }
    }

    /// Whether an instant has come that something waits for, or money is there that the first of a
    /// queue waits for.
    #[inline]
    pub(crate) fn is_due(&self, now: Timestamp) -> bool {
        let has_come = || self.until.first().is_some_and(|(at, ..)| *at <= now);
        !self.covered.is_empty() || !self.off.is_empty() || has_come()
    }

    /// The first that waits for an instant.
    pub(crate) fn first(&self) -> Option<(Timestamp, Rank, RecordId)> {
        self.until.first().copied()
    }

    /// The first of those that wait for money that is there, or whose charge was called off: of several
    /// accounts' queues a refund before all others, then in the order in which they were made.
    pub(crate) fn first_covered(&self) -> Option<RecordId> {
        let firsts = self.covered.iter().filter_map(|key| self.funds.get(key)?.waiting.first_key_value());
        let firsts = firsts.map(|(turn, (id, _))| (turn, id)).chain(self.off.first_key_value());
        firsts.min_by_key(|(turn, _)| **turn).map(|(_, id)| *id)
    }

    /// How many wait for an account's money, and how much all of them need.
    pub(crate) fn queued(&self, account: AccountId, currency: Currency) -> (usize, i128) {
        self.funds.get(&(account, currency)).map_or((0, 0), |line| (line.waiting.len(), line.need))
    }

    /// Whether anybody waits for an account's money.
    pub(crate) fn has_queue(&self, account: AccountId, currency: Currency) -> bool {
        self.funds.contains_key(&(account, currency))
    }

    /// Notes how much an account has available, and beside it for refunds alone, after that
    /// changed or its queue did.
    pub(crate) fn refresh(
        &mut self,
        account: AccountId,
        currency: Currency,
        (available, prefunded): (Minor, Minor),
    ) {
        let key = (account, currency);
        let first = self.funds.get(&key).and_then(|line| line.waiting.first_key_value());
        let beside = |id: RecordId| if matches!(id, RecordId::Refund(_)) { prefunded } else { 0 };
        if first.is_some_and(|(_, (id, need))| available.saturating_add(beside(*id)) >= *need) {
            self.covered.insert(key);
        } else {
            self.covered.remove(&key);
        }
    }

    /// Whether anything waits for money.
    #[inline]
    pub(crate) fn has_queues(&self) -> bool {
        !self.funds.is_empty() || !self.covered.is_empty()
    }
}
