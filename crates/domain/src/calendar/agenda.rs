//! The agenda: which objects wait, and for what.

use std::collections::{BTreeMap, BTreeSet};

use super::Timestamp;
use crate::id::AccountId;
use crate::money::{Currency, Minor};
use crate::record::RecordId;

/// In which order work is done that is due at one instant. An object says of what rank its
/// own work is; the other ranks are the ledger's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// The platform's reserve follows what its sellers owe.
    Reserve,
    /// A requirement was not provided in time.
    Lapse,
    /// Something was not used in time: an authorisation.
    Expire,
    /// Pending money becomes available.
    Maturity,
    /// Held money is set free.
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
    /// That an account has so much available. Who waits for one account in one currency is
    /// served in turn: refunds before all others, each in the order in which it was made, and
    /// nobody overtakes.
    Funds(AccountId, Currency, Minor),
}

/// Whose turn it is in a queue: a payer's refund comes before what goes to sellers
/// (our own rule, docs/decisions/waiting-refunds.md).
type Turn = (bool, u64);

fn turn(id: RecordId) -> Turn {
    (!matches!(id, RecordId::Refund(_)), id.object().to_bits())
}

/// The objects that wait.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agenda {
    waits: BTreeMap<RecordId, Wait>,
    until: BTreeSet<(Timestamp, Rank, RecordId)>,
    funds: BTreeMap<(AccountId, Currency), BTreeMap<Turn, (RecordId, Minor)>>,
    /// Of those who are waited for, who has what the first in the queue needs.
    covered: BTreeSet<(AccountId, Currency)>,
}

impl Agenda {
    /// Everything that waits, and for what.
    pub fn waits(&self) -> impl Iterator<Item = (RecordId, Wait)> + '_ {
        self.waits.iter().map(|(id, wait)| (*id, *wait))
    }

    /// Has an object wait for this and nothing else, or for nothing any more; what it waited
    /// for before.
    pub(crate) fn set(&mut self, id: RecordId, wait: Option<Wait>) -> Option<Wait> {
        let before = match wait {
            Some(wait) => self.waits.insert(id, wait),
            None => self.waits.remove(&id),
        };
        let turn = turn(id);
        match before {
            Some(Wait::Until(at, rank)) => drop(self.until.remove(&(at, rank, id))),
            Some(Wait::Funds(account, currency, _)) => {
                let key = (account, currency);
                if let Some(queue) = self.funds.get_mut(&key) {
                    queue.remove(&turn);
                    if queue.is_empty() {
                        self.funds.remove(&key);
                    }
                }
            }
            None => {}
        }
        match wait {
            Some(Wait::Until(at, rank)) => drop(self.until.insert((at, rank, id))),
            Some(Wait::Funds(account, currency, need)) => {
                self.funds.entry((account, currency)).or_default().insert(turn, (id, need));
            }
            None => {}
        }
        before
    }

    /// The first that waits for an instant.
    pub(crate) fn first(&self) -> Option<(Timestamp, Rank, RecordId)> {
        self.until.first().copied()
    }

    /// The first of those that wait for money that is there: of several accounts' queues a
    /// refund before all others, then in the order in which they were made.
    pub(crate) fn first_covered(&self) -> Option<RecordId> {
        let firsts = self.covered.iter().filter_map(|key| self.funds.get(key)?.first_key_value());
        firsts.min_by_key(|(turn, _)| **turn).map(|(_, (id, _))| *id)
    }

    /// Whether anybody waits for an account's money.
    pub(crate) fn has_queue(&self, account: AccountId, currency: Currency) -> bool {
        self.funds.contains_key(&(account, currency))
    }

    /// Notes how much an account has available, after it changed or its queue did.
    pub(crate) fn refresh(&mut self, account: AccountId, currency: Currency, available: Minor) {
        let key = (account, currency);
        let first = self.funds.get(&key).and_then(BTreeMap::first_key_value);
        if first.is_some_and(|(_, (_, need))| available >= *need) {
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
