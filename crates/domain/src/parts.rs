//! Parts: the whole state of a ledger, taken apart and put together again.
//!
//! For who keeps a copy of it outside of memory. What follows from the rest (external
//! ids apart) is not among them.

use std::collections::BTreeMap;

use crate::account::Account;
use crate::bookmark::Bookmark;
use crate::books::{Book, Tally};
use crate::calendar::{Day, Maturities, Timestamp, Wait, Waiting};
use crate::debt::{Began, WriteOffState};
use crate::id::{AccountId, ChargeId, ReservePlanId, WriteOffId};
use crate::ledger::Ledger;
use crate::money::{Currency, Minor};
use crate::rail::RailName;
use crate::record::RecordId;
use crate::reserve::{Chain, HoldSource, ReservePlanState, Reserves};
use crate::settings::Settings;

/// The state of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parts {
    /// Everything but the accounts.
    pub rest: Rest,
    /// By number; the platform is the first.
    pub accounts: Vec<Account>,
    /// In the order of the texts.
    pub external_ids: Vec<(Box<str>, AccountId)>,
}

/// The state of a ledger but for its accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// What it was opened with.
    pub settings: Option<Box<Settings>>,
    /// The business time of its newest event.
    pub now: Timestamp,
    /// By number; the bank is the first.
    pub rails: Vec<RailName>,
    /// Every book that is not an account's.
    pub tallies: Vec<(Book, Currency, Tally)>,
    /// All that was ever charged, asked for by top-ups or debits of banks, or taken by disputes, by
    /// currency.
    pub taken_in: Vec<(Currency, i128)>,
    /// The day whose payday is over.
    pub payday_over: Option<Day>,
    /// Who has pending money of which day.
    pub maturities: Vec<(Day, Waiting)>,
    /// How far each source is read.
    pub bookmarks: Vec<(Box<str>, Bookmark)>,
    /// Which objects wait, and for what.
    pub waits: Vec<(RecordId, Wait)>,
    /// With which charge some of them wait.
    pub waits_with: Vec<(RecordId, ChargeId)>,
    /// Which of those charges failed.
    pub called_off: Vec<ChargeId>,
    /// Since when a connected account's available balance is below zero.
    pub debts: Vec<(AccountId, Currency, Began)>,
    /// Write-offs of which something did not come back.
    pub write_offs: Vec<(WriteOffId, WriteOffState)>,
    /// Active reserve plans.
    pub reserve_plans: Vec<(ReservePlanId, ReservePlanState)>,
    /// The reserve holds that are released at the start of each day.
    pub holds_of_days: Vec<(Day, Chain)>,
    /// The reserve holds of plans that are active or still release.
    pub holds_of_plans: Vec<(ReservePlanId, Chain)>,
    /// The sales that a plan has yet to hold a share of: of whose, and of how much.
    pub sales_to_hold: Vec<(HoldSource, AccountId, Currency, Minor)>,
    /// Which account a seller has moved to.
    pub successors: Vec<(AccountId, AccountId)>,
}

impl Default for Rest {
    fn default() -> Self {
        Self {
            settings: None,
            now: Timestamp::MIN,
            rails: Vec::new(),
            tallies: Vec::new(),
            taken_in: Vec::new(),
            payday_over: None,
            maturities: Vec::new(),
            bookmarks: Vec::new(),
            waits: Vec::new(),
            waits_with: Vec::new(),
            called_off: Vec::new(),
            debts: Vec::new(),
            write_offs: Vec::new(),
            reserve_plans: Vec::new(),
            holds_of_days: Vec::new(),
            holds_of_plans: Vec::new(),
            sales_to_hold: Vec::new(),
            successors: Vec::new(),
        }
    }
}

impl Ledger {
    /// Everything but the accounts; those are at [`Ledger::accounts`] and
    /// [`Ledger::external_ids`].
    #[must_use]
    pub fn rest(&self) -> Rest {
        Rest {
            settings: self.settings.clone(),
            now: self.now,
            rails: self.rails.clone(),
            tallies: self.tallies().collect(),
            taken_in: self.taken_in.iter().map(|(currency, amount)| (*currency, *amount)).collect(),
            payday_over: self.payday_over,
            maturities: self.maturities.days().map(|(day, waiting)| (day, waiting.clone())).collect(),
            bookmarks: self.bookmarks.iter().map(|(name, bookmark)| (name.clone(), *bookmark)).collect(),
            waits: self.agenda.waits().collect(),
            waits_with: self.agenda.waits_with().collect(),
            called_off: self.agenda.called_off().collect(),
            debts: self.debts.iter().map(|((account, of), since)| (*account, *of, *since)).collect(),
            write_offs: self.write_offs.open().map(|(id, state)| (id, state.clone())).collect(),
            reserve_plans: self.reserves.plans().map(|(id, plan)| (id, plan.clone())).collect(),
            holds_of_days: self.reserves.days().collect(),
            holds_of_plans: self.reserves.held_by_plans().collect(),
            sales_to_hold: self.reserves.sales_to_hold().collect(),
            successors: self.successors.iter().map(|(left, moved_to)| (*left, *moved_to)).collect(),
        }
    }

    /// What callers call the accounts, in the order of the texts.
    pub fn external_ids(&self) -> impl Iterator<Item = (&str, AccountId)> + '_ {
        self.external_ids.iter().map(|(text, account)| (&**text, *account))
    }
}

impl From<Parts> for Ledger {
    fn from(parts: Parts) -> Self {
        let Parts { rest, accounts, external_ids } = parts;
        let mut ledger = Self {
            settings: rest.settings,
            now: rest.now,
            accounts,
            external_ids: external_ids.into_iter().collect(),
            rails: rest.rails,
            tallies: rest
                .tallies
                .into_iter()
                .map(|(book, currency, tally)| ((book, currency), tally))
                .collect(),
            taken_in: rest.taken_in.into_iter().collect(),
            payday_over: rest.payday_over,
            maturities: Maturities::from_days(rest.maturities),
            bookmarks: rest.bookmarks.into_iter().collect(),
            reserves: Reserves::from_parts(
                rest.reserve_plans,
                rest.holds_of_days,
                rest.holds_of_plans,
                rest.sales_to_hold,
            ),
            successors: rest.successors.into_iter().collect(),
            write_offs: rest.write_offs.into_iter().collect(),
            ..Self::new()
        };
        let mut holders: Vec<(AccountId, Currency)> = Vec::new();
        for (number, account) in (0..).map(AccountId).zip(&ledger.accounts) {
            let deadlines = account.requirements.iter();
            let deadlines = deadlines.filter_map(|asked| Some((asked.deadline()?, number, asked.name)));
            ledger.deadlines.extend(deadlines);
            holders.extend(
                account
                    .wallets
                    .iter()
                    .filter(|(_, wallet)| wallet.prefunded > 0)
                    .map(|(of, _)| (number, *of)),
            );
            let listed = account.wallets.iter().filter(|(_, wallet)| wallet.listed);
            for (currency, _) in listed {
                ledger.payable.entry(account.schedule).or_default().insert((number, *currency));
            }
        }
        holders.into_iter().for_each(|(account, currency)| ledger.note_prefunding(account, currency));
        for (account, currency, since) in rest.debts {
            let available = ledger.account(account).map_or(0, |holder| holder.available(currency));
            ledger.note_debt(account, currency, (0, available), since);
        }
        let platform = ledger.account(AccountId::PLATFORM).into_iter().flat_map(|platform| &platform.wallets);
        let reserved: Vec<Currency> = platform.map(|(currency, _)| *currency).collect();
        reserved.into_iter().for_each(|currency| ledger.note_reserve(currency));
        let mut charges: BTreeMap<RecordId, ChargeId> = rest.waits_with.into_iter().collect();
        for (id, wait) in rest.waits {
            let _first = ledger.agenda.set(id, Some(wait), charges.remove(&id));
            if let Wait::Funds(account, currency, _) = wait {
                ledger.refresh_queue(account, currency);
            }
        }
        rest.called_off.into_iter().for_each(|charge| ledger.agenda.call_off(charge));
        ledger
    }
}
