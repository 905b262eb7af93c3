//! The laws: what is true of every log, whatever was done in it.
//!
//! [`Laws`] folds recorded events with an arithmetic of its own. It knows postings,
//! ranges of entry numbers and the few totals that records carry; it knows no policy,
//! shares nothing with `decide` or `evolve`, and never panics on what it reads. Tests
//! check every event with it, and so does an audit of a stored log.
//!
//! Memory: per account what it holds and its open entries; per payout the ranges that it took;
//! per charge or transfer that was shared out or given back a few totals; every refund that may
//! still fail, every dispute and every bank debit; charges made on behalf of somebody, and
//! transfers whose payment may fail; pending records until they mature; and what waits. An event
//! costs a copy of its records, and a few map lookups for each posting and each of them.

mod agreement;
mod allocation;
mod at_risk;
mod bank_debit;
mod breach;
mod debit;
mod debts;
mod declare;
mod difference;
mod disputes;
mod fraud_warnings;
mod holding;
mod law;
mod merchant;
mod open;
mod pending;
mod prefunding;
mod queue;
mod refunded;
mod refunds;
mod reserves;
mod returns;
mod splits;
mod told;
mod write_offs;

use std::collections::{BTreeMap, BTreeSet};

use smallvec::SmallVec;

use crate::books::{Book, Entry, Posting, State, Tally};
use crate::calendar::{Timestamp, Wait};
use crate::event::{Event, Recorded};
use crate::id::{AccountId, ChargeId, TransferId};
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::record::{Record, RecordId, RecordKey};
use crate::settings::LossBearer;

use allocation::Allocations;
use at_risk::AtRisk;
use bank_debit::BankDebits;
pub use breach::Breach;
use debts::Debts;
pub use difference::Difference;
use disputes::Disputes;
use fraud_warnings::FraudWarnings;
use holding::Holdings;
pub use law::Law;
use merchant::Merchants;
use pending::Pending;
use prefunding::Prefundings;
use queue::Queues;
use refunds::Refunds;
use reserves::Reserves;
use returns::Returns;
use write_offs::WriteOffs;

/// The state that the laws are checked against.
#[derive(Clone, Debug)]
pub struct Laws {
    next_position: u64,
    time: Timestamp,
    holdings: Holdings,
    /// Who bears losses by the first event, and the accounts of which the operator does.
    losses: LossBearer,
    operators: BTreeSet<AccountId>,
    /// Every book that is not an account's.
    tallies: BTreeMap<(Book, Currency), Tally>,
    equations: BTreeMap<Currency, Equation>,
    debts: Debts,
    pending: Pending,
    allocations: Allocations,
    returns: Returns,
    at_risk: AtRisk,
    queues: Queues,
    merchants: Merchants,
    reserves: Reserves,
    refunds: Refunds,
    prefundings: Prefundings,
    /// What each object waits for, by its latest event.
    waits: BTreeMap<RecordId, Wait>,
    disputes: Disputes,
    fraud_warnings: FraudWarnings,
    bank_debits: BankDebits,
    write_offs: WriteOffs,
}

/// What the rails hold and what of it is owed, in one currency.
#[derive(Clone, Copy, Debug, Default)]
struct Equation {
    rails: i128,
    owed: i128,
}

/// The laws that one event breaks, in the order in which they were found.
type Broken = SmallVec<[Law; 1]>;

impl Default for Laws {
    fn default() -> Self {
        Self::new()
    }
}

impl Laws {
    /// The laws before the first event of a log.
    #[must_use]
    pub fn new() -> Self {
        Self {
            next_position: 0,
            time: Timestamp::MIN,
            holdings: Holdings::default(),
            losses: LossBearer::Platform,
            operators: BTreeSet::new(),
            tallies: BTreeMap::new(),
            equations: BTreeMap::new(),
            debts: Debts::default(),
            pending: Pending::default(),
            allocations: Allocations::default(),
            returns: Returns::default(),
            at_risk: AtRisk::default(),
            queues: Queues::default(),
            merchants: Merchants::default(),
            reserves: Reserves::default(),
            refunds: Refunds::default(),
            prefundings: Prefundings::default(),
            waits: BTreeMap::new(),
            disputes: Disputes::default(),
            fraud_warnings: FraudWarnings::default(),
            bank_debits: BankDebits::default(),
            write_offs: WriteOffs::default(),
        }
    }

    /// Adds an event and checks every law that it touches.
    ///
    /// # Errors
    /// The first law that it breaks. The event is added all the same, so that what
    /// follows can still be read; later breaches may be echoes of this one.
    pub fn check(&mut self, recorded: &Recorded) -> Result<(), Breach> {
        let mut broken = Broken::new();
        let before = self.time;
        self.check_order(recorded, &mut broken);
        self.check_account(&recorded.event, &mut broken);
        let entry = recorded.event.entry();
        if let Some(entry) = entry {
            self.check_sum(entry, &mut broken);
            for posting in entry.postings() {
                self.post(entry.currency(), posting, &mut broken);
            }
        }
        self.allocations.check(recorded, &mut self.holdings, &mut broken);
        let mut records = Vec::new();
        recorded.records(|record| records.push(record));
        self.returns.check((recorded, &records), &mut broken);
        self.at_risk.check((recorded, &records), &mut broken);
        self.queues.check(recorded, &mut broken);
        self.merchants.check((recorded.position, &records), &mut broken);
        self.reserves.check((recorded, &records), &mut broken);
        self.refunds.check((recorded, &records), before, &mut broken);
        self.prefundings.check((recorded, before), &mut self.holdings, &mut broken);
        self.bank_debits.check(recorded, &mut self.holdings, &mut broken);
        debit::check(recorded, &mut broken);
        self.write_offs.check(recorded, &self.operators, &mut self.holdings, &mut broken);
        self.disputes.check(recorded, &mut broken);
        self.fraud_warnings.check((recorded, &records), &mut broken);
        self.check_pending(&records, &mut broken);
        self.note_waits(&recorded.event);
        if let Some(entry) = entry {
            self.check_balances(entry, &mut broken);
            told::check(&recorded.event, entry, &mut broken);
        }
        if let Event::ConnectReserveMoved { entry } = &recorded.event {
            self.debts.check_reserve(entry.currency(), &mut self.holdings, &mut broken);
        }
        match broken.into_iter().next() {
            Some(law) => Err(Breach { position: recorded.position, law }),
            None => Ok(()),
        }
    }

    /// Compares what the events came to with the ledger that they evolved.
    #[must_use]
    pub fn finish(&self, ledger: &Ledger) -> Vec<Breach> {
        let position = self.next_position.saturating_sub(1);
        agreement::differences(self, ledger).into_iter().map(|law| Breach { position, law }).collect()
    }

    fn check_order(&mut self, recorded: &Recorded, broken: &mut Broken) {
        if recorded.position != self.next_position {
            broken.push(Law::Position { expected: self.next_position });
        }
        self.next_position = recorded.position.saturating_add(1);
        if recorded.time < self.time {
            broken.push(Law::Time { time: recorded.time, before: self.time });
        }
        self.time = self.time.max(recorded.time);
        if let Event::TimeAdvanced { to } = recorded.event {
            self.time = self.time.max(to);
        }
    }

    fn check_account(&mut self, event: &Event, broken: &mut Broken) {
        let account = if let Event::AccountOnboarded(onboarded) = event {
            let losses = onboarded.controller.map_or(self.losses, |controller| controller.losses);
            if losses == LossBearer::Operator {
                self.operators.insert(onboarded.account);
            }
            onboarded.account
        } else if let Event::LedgerOpened(settings) = event {
            self.losses = settings.loss_bearer;
            AccountId::PLATFORM
        } else {
            return;
        };
        let expected = self.holdings.add_account();
        if account.index() != expected {
            broken.push(Law::AccountNumber { account, expected });
        }
    }

    fn check_sum(&mut self, entry: &Entry, broken: &mut Broken) {
        let left_over: i128 = entry.postings().iter().map(|posting| i128::from(posting.amount)).sum();
        if left_over != 0 {
            broken.push(Law::Balance { currency: entry.currency(), left_over });
        }
    }

    fn post(&mut self, currency: Currency, posting: &Posting, broken: &mut Broken) {
        let amount = i128::from(posting.amount);
        let equation = self.equations.entry(currency).or_default();
        if matches!(posting.book, Book::Rail(_)) {
            equation.rails += amount;
        } else {
            equation.owed -= amount;
        }

        let (book, found) = (posting.book.counted_as(), posting.number);
        let expected = match posting.book.owner() {
            None => {
                let tally = self.tallies.entry((posting.book, currency)).or_default();
                tally.balance += amount;
                let expected = tally.entries.saturating_add(1);
                tally.entries = found;
                expected
            }
            Some((account, state)) => {
                let Some(holding) = self.holdings.of(account, currency) else {
                    broken.push(Law::UnknownAccount { account });
                    return;
                };
                if let State::Pending(day) = state {
                    self.pending.add((day, account, currency), -amount);
                }
                let before = holding.balance(state);
                let number = holding.add(posting, state);
                if state == State::Available && !account.is_platform() && !self.operators.contains(&account) {
                    self.debts.moved(currency, before, holding.balance(state));
                }
                number
            }
        };
        if found != expected {
            broken.push(Law::EntryNumber { book, currency, expected, found });
        }
    }

    fn check_pending(&mut self, records: &[Record], broken: &mut Broken) {
        let today = self.time.day();
        for (id, charge) in records.iter().filter_map(ChargeId::of) {
            self.pending.explain_charge(id, charge, today);
        }
        for (id, transfer) in records.iter().filter_map(TransferId::of) {
            self.pending.explain_transfer(id, transfer, today);
        }
        self.pending.check(self.time, broken);
    }

    fn note_waits(&mut self, event: &Event) {
        let Event::Moved(moved) = event else {
            return;
        };
        for record in moved.parts().map(|part| &part.record) {
            match record.kept().wait() {
                Some(wait) => self.waits.insert(record.id(), wait),
                None => self.waits.remove(&record.id()),
            };
        }
    }

    /// What must hold of every book that the entry touched, now that all of it is added.
    fn check_balances(&mut self, entry: &Entry, broken: &mut Broken) {
        let currency = entry.currency();
        let Equation { rails, owed } = self.equations.get(&currency).copied().unwrap_or_default();
        if rails != owed {
            broken.push(Law::Equation { currency, rails, owed });
        }
        for posting in entry.postings() {
            let Some((account, state)) = posting.book.owner() else {
                continue;
            };
            let Some(holding) = self.holdings.of(account, currency) else {
                continue;
            };
            let (balance, open) = (holding.balance(state), holding.open_sum());
            if state != State::Available && balance < 0 {
                broken.push(Law::Negative { account, currency, state, balance });
            }
            if state == State::Available && open != balance {
                broken.push(Law::OpenEntries { account, currency, open, available: balance });
            }
        }
    }
}
