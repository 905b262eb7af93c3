//! The ledger in memory: what decisions need of the past, and no more.
//!
//! It knows accounts, balances and what falls due. Charges, transfers and payouts are
//! not in it: a command says which it needs, and they are loaded.

use std::collections::{BTreeMap, BTreeSet};

use crate::account::{Account, Gate, RequirementName};
use crate::bank_debit;
use crate::bookmark::Bookmark;
use crate::books::{Book, Entry, EntryNumbers, Tally};
use crate::calendar::{Agenda, Day, Maturities, Timestamp};
use crate::debt::{Began, WriteOffs};
use crate::id::{AccountId, RailId};
use crate::money::{Currency, Minor};
use crate::payout::{Delay, PayoutSchedule};
use crate::prefunding::Prefunding;
use crate::rail::RailName;
use crate::reserve::Reserves;
use crate::settings::Settings;

/// The state that commands are decided against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    pub(crate) settings: Option<Box<Settings>>,
    pub(crate) now: Timestamp,
    /// By number; the platform is the first.
    pub(crate) accounts: Vec<Account>,
    pub(crate) external_ids: BTreeMap<Box<str>, AccountId>,
    /// By number; the bank is the first.
    pub(crate) rails: Vec<RailName>,
    /// Every book that is not an account's.
    pub(crate) tallies: BTreeMap<(Book, Currency), Tally>,
    /// All that was ever charged, asked for by top-ups or debits of banks, or taken by disputes, by
    /// currency.
    pub(crate) taken_in: BTreeMap<Currency, i128>,
    /// The day whose payday is over: something else happened at its first instant, or
    /// later, since its payouts were made.
    pub(crate) payday_over: Option<Day>,
    /// Who has pending money of which day.
    pub(crate) maturities: Maturities,
    /// Deadlines that requirements run against.
    pub(crate) deadlines: BTreeSet<(Timestamp, AccountId, RequirementName)>,
    /// Who would be paid, or debited, if its schedule fell on today, by schedule.
    pub(crate) payable: BTreeMap<PayoutSchedule, BTreeSet<(AccountId, Currency)>>,
    pub(crate) bookmarks: BTreeMap<Box<str>, Bookmark>,
    /// Which objects wait, and for what.
    pub(crate) agenda: Agenda,
    /// Since when a connected account's available balance is below zero.
    pub(crate) debts: BTreeMap<(AccountId, Currency), Began>,
    /// The same, the oldest first.
    pub(crate) oldest_debts: BTreeSet<(Timestamp, AccountId, Currency)>,
    /// What those of them owe whose losses the platform bears, by currency; never zero.
    pub(crate) negative: BTreeMap<Currency, i128>,
    /// The currencies in which the platform's reserve is not that.
    pub(crate) unreserved: BTreeSet<Currency>,
    /// What was written off of debts and did not come back.
    pub(crate) write_offs: WriteOffs,
    /// What is held back of connected accounts' money, and by which plans.
    pub(crate) reserves: Reserves,
    /// Which account a seller has moved to; never in a circle.
    pub(crate) successors: BTreeMap<AccountId, AccountId>,
    /// Who has prefunding, and is below zero beside it.
    pub(crate) prefunding: Prefunding,
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}

impl Ledger {
    /// A ledger before its first event.
    #[must_use]
    pub fn new() -> Self {
        Self {
            settings: None,
            now: Timestamp::MIN,
            accounts: Vec::new(),
            external_ids: BTreeMap::new(),
            rails: Vec::new(),
            tallies: BTreeMap::new(),
            taken_in: BTreeMap::new(),
            payday_over: None,
            maturities: Maturities::default(),
            deadlines: BTreeSet::new(),
            payable: BTreeMap::new(),
            bookmarks: BTreeMap::new(),
            agenda: Agenda::default(),
            debts: BTreeMap::new(),
            oldest_debts: BTreeSet::new(),
            negative: BTreeMap::new(),
            unreserved: BTreeSet::new(),
            write_offs: WriteOffs::default(),
            reserves: Reserves::default(),
            successors: BTreeMap::new(),
            prefunding: Prefunding::default(),
        }
    }

    /// What it was opened with; `None` before its first event.
    #[must_use]
    pub fn settings(&self) -> Option<&Settings> {
        self.settings.as_deref()
    }

    /// The business time of its newest event.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Every account, the platform first.
    #[must_use]
    pub fn accounts(&self) -> &[Account] {
        &self.accounts
    }

    /// The account of that number.
    #[must_use]
    pub fn account(&self, account: AccountId) -> Option<&Account> {
        self.accounts.get(account.index())
    }

    /// Reads what a decision and an event's taking in will read of an account, and tells
    /// nothing: of many accounts in turn, the waits for memory overlap.
    #[must_use]
    pub fn warm(&self, account: AccountId) -> u64 {
        self.account(account).map_or(0, |holder| {
            let lengths =
                holder.requirements.len() + holder.errored_banks.len() + holder.minimum_balance.len();
            let wallet = holder.wallets.first().map_or(0, |(currency, wallet)| {
                let flags = u64::from(wallet.listed) ^ u64::from(*currency == holder.currency);
                wallet.entries ^ wallet.available as u64 ^ flags
            });
            wallet ^ lengths as u64
        })
    }

    /// Does so for every account of an entry.
    #[must_use]
    pub fn warm_all(&self, entry: &Entry) -> u64 {
        let owners = entry.postings().iter().filter_map(|posting| posting.book.owner());
        owners.fold(0, |read, (account, _)| read ^ self.warm(account))
    }

    /// The account that a caller calls `external_id`.
    #[must_use]
    pub fn account_by_external_id(&self, external_id: &str) -> Option<AccountId> {
        self.external_ids.get(external_id).copied()
    }

    /// The names of the rails, by number; the bank is the first.
    #[must_use]
    pub fn rail_names(&self) -> &[RailName] {
        &self.rails
    }

    /// The rail of that name.
    #[must_use]
    pub fn rail(&self, name: &RailName) -> Option<RailId> {
        let index = self.rails.iter().position(|known| known == name)?;
        u16::try_from(index).ok().map(RailId)
    }

    /// The tally of a book that is not an account's.
    #[must_use]
    pub fn tally(&self, book: Book, currency: Currency) -> Tally {
        self.tallies.get(&(book, currency)).copied().unwrap_or_default()
    }

    /// All that was ever charged, asked for by top-ups or taken by disputes with their fees, in a
    /// currency.
    #[must_use]
    pub fn taken_in(&self, currency: Currency) -> i128 {
        self.taken_in.get(&currency).copied().unwrap_or_default()
    }

    /// Every book that is not an account's, with its tally.
    pub fn tallies(&self) -> impl Iterator<Item = (Book, Currency, Tally)> + '_ {
        self.tallies.iter().map(|((book, currency), tally)| (*book, *currency, *tally))
    }

    /// The bookmark of that name.
    #[must_use]
    pub fn bookmark(&self, name: &str) -> Option<Bookmark> {
        self.bookmarks.get(name).copied()
    }

    /// Which objects wait, and for what.
    #[must_use]
    pub fn agenda(&self) -> &Agenda {
        &self.agenda
    }

    /// What was written off of debts and did not come back.
    #[must_use]
    pub fn write_offs(&self) -> &WriteOffs {
        &self.write_offs
    }

    /// What is held back of connected accounts' money, and by which plans.
    #[must_use]
    pub fn reserves(&self) -> &Reserves {
        &self.reserves
    }

    /// Whether who waits first for an account's money can have it now, after the balance or
    /// the queue changed.
    pub(crate) fn refresh_queue(&mut self, account: AccountId, currency: Currency) {
        let wallet = self.account(account).and_then(|holder| holder.wallet(currency));
        let has = wallet.map_or((0, 0), |wallet| (wallet.available, wallet.prefunded));
        self.agenda.refresh(account, currency, has);
    }

    /// Pending money by the day it matures, the earliest first.
    pub fn maturities(&self) -> impl Iterator<Item = (Day, AccountId, Currency, Minor)> + '_ {
        self.maturities.days().flat_map(move |(day, waiting)| {
            let mut holders = waiting.holders.clone();
            holders.sort_unstable();
            holders.dedup();
            let pending = move |(account, currency)| {
                let amount = self.pending_of(account, currency, day);
                (amount != 0).then_some((day, account, currency, amount))
            };
            holders.into_iter().filter_map(pending)
        })
    }

    /// The first pending money of the first day that has any.
    pub(crate) fn first_maturity(&self, day: Day) -> Option<(AccountId, Currency, Minor)> {
        let has = |(account, currency)| self.pending_of(account, currency, day) != 0;
        let (account, currency) = self.maturities.first_holder(day, has)?;
        Some((account, currency, self.pending_of(account, currency, day)))
    }

    fn pending_of(&self, account: AccountId, currency: Currency, day: Day) -> Minor {
        let wallet = self.account(account).and_then(|holder| holder.wallet(currency));
        wallet.map_or(0, |wallet| wallet.pending_of(day))
    }

    /// Deadlines that requirements run against, the earliest first.
    pub(crate) fn deadlines(&self) -> impl Iterator<Item = (Timestamp, AccountId, RequirementName)> + '_ {
        self.deadlines.iter().copied()
    }

    /// The next scheduled payout or bank debit: the day it is due, and whose; `None` also where no
    /// payday can begin by `until`. Only accounts that would be paid or debited count, so either
    /// removes its account from here.
    pub(crate) fn next_payout(&self, until: Timestamp) -> Option<(Day, AccountId, Currency)> {
        let today = self.now.day();
        // Payouts are made at the start of a day, once: after that instant, or after
        // anything else at that instant, the next payday is a later one.
        let begins = self.now == today.start() && self.payday_over != Some(today);
        let from = if begins { today } else { today.plus(1) };
        // Most commands come within the day of the one before: no schedule is asked for them.
        if until < from.start() {
            return None;
        }
        let due = |(schedule, payable): (&PayoutSchedule, &BTreeSet<(AccountId, Currency)>)| {
            let (account, currency) = payable.first()?;
            Some((schedule.first_from(from)?, *account, *currency))
        };
        self.payable.iter().filter_map(due).min()
    }

    /// The delay of the platform's own charges.
    pub(crate) fn platform_delay(&self) -> Delay {
        let own = self.account(AccountId::PLATFORM).and_then(|platform| platform.delay);
        own.or_else(|| self.settings().map(|settings| settings.delay)).unwrap_or(Delay::NONE)
    }

    /// Puts the account among those to be paid or debited, or takes it out, after anything changed
    /// that this depends on: its balance, schedule, requirements or bank account.
    pub(crate) fn refresh_payable(&mut self, account: AccountId, currency: Currency) {
        let Some(holder) = self.accounts.get(account.index()) else {
            return;
        };
        let schedule = holder.schedule;
        let available = holder.available(currency);
        let pays = schedule != PayoutSchedule::Manual
            && if available < 0 {
                bank_debit::is_due(self, account, currency)
            } else {
                available > holder.minimum(currency)
                    && holder.closed_by(Gate::Payouts).is_none()
                    // Who waits first needs more than all that is there.
                    && !self.agenda.has_queue(account, currency)
                    && holder.bank_is_usable(currency)
            };
        let Some(wallet) =
            self.accounts.get_mut(account.index()).and_then(|holder| holder.wallet_mut(currency))
        else {
            return;
        };
        if wallet.listed == pays {
            return;
        }
        wallet.listed = pays;
        if pays {
            self.payable.entry(schedule).or_default().insert((account, currency));
        } else if let Some(payable) = self.payable.get_mut(&schedule) {
            payable.remove(&(account, currency));
            if payable.is_empty() {
                self.payable.remove(&schedule);
            }
        }
    }
}

impl EntryNumbers for Ledger {
    fn entries(&self, book: Book, currency: Currency) -> u64 {
        match book.owner() {
            Some((account, _)) => self
                .account(account)
                .and_then(|holder| holder.wallet(currency))
                .map_or(0, |wallet| wallet.entries),
            None => self.tally(book, currency).entries,
        }
    }
}
