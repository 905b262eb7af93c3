//! The balance view: what each account is owed now, by state.
//!
//! It answers for the newest event that it was handed. A balance as of a past time is
//! a fresh view fed with the events up to that time.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use counterfoil_domain::books::{Book, Entry, Posting, State};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::{AccountId, Event, Recorded};
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference, Keyed};
use crate::holding::Holdings;
use crate::numbered::numbered;
use crate::projector::Projector;
use crate::unreadable::Unreadable;

/// What every account is owed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Default currencies by account number.
    homes: Vec<Home>,
    funds: Holdings<Funds>,
}

/// What one account is owed in one currency, in minor units. Only `available` may be
/// negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funds {
    /// Owed, not yet payable.
    pub pending: Minor,
    /// Payable.
    pub available: Minor,
    /// In payouts whose result is not known.
    pub in_transit: Minor,
    /// Held back against refunds and disputes.
    pub reserved: Minor,
    /// Paid in to serve refunds and disputes only.
    pub prefunded: Minor,
    /// Of the platform's, held against its sellers' negative balances.
    pub connect_reserved: Minor,
    /// A running total, no balance: what the bank took and did not return.
    pub paid_out: Minor,
}

/// One account's balance in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountBalance {
    /// Whose.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// How much.
    pub funds: Funds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Home(#[serde(with = "crate::shape")] Currency);

impl Funds {
    /// What is owed over all states; what was paid out is owed no more.
    #[must_use]
    pub fn owed(&self) -> i128 {
        self.states().iter().map(|(_, amount)| i128::from(*amount)).sum()
    }

    /// Each state's name and amount.
    #[must_use]
    pub fn states(&self) -> [(&'static str, Minor); 6] {
        [
            ("pending", self.pending),
            ("available", self.available),
            ("in_transit", self.in_transit),
            ("reserved", self.reserved),
            ("prefunded", self.prefunded),
            ("connect_reserved", self.connect_reserved),
        ]
    }

    fn add(&mut self, state: State, owed: Minor) {
        let amount = match state {
            State::Pending(_) => &mut self.pending,
            State::Available => &mut self.available,
            State::InTransit => &mut self.in_transit,
            State::Reserved => &mut self.reserved,
            State::Prefunded => &mut self.prefunded,
            State::ConnectReserved => &mut self.connect_reserved,
        };
        *amount += owed;
    }

    fn text(&self, currency: Currency) -> String {
        let paid_out = [("paid_out", self.paid_out)];
        let parts: Vec<String> = self
            .states()
            .iter()
            .chain(&paid_out)
            .filter(|(_, amount)| *amount != 0)
            .map(|(name, amount)| format!("{name} {}", currency.format(*amount)))
            .collect();
        if parts.is_empty() { "zero".to_owned() } else { parts.join(", ") }
    }
}

impl Balance {
    /// The balances of one account, or of all, by account number: a row for every
    /// currency that it ever had money in; one that never had any has a row of zeros in
    /// its default currency.
    pub fn rows(&self, account: Option<AccountId>) -> impl Iterator<Item = AccountBalance> + '_ {
        numbered(&self.homes, account).flat_map(|(account, Home(home))| {
            let mut rows = self.funds.of(Some(account)).peekable();
            let idle = rows.peek().is_none();
            let idle = idle.then_some(AccountBalance { account, currency: *home, funds: Funds::default() });
            let row = |(account, currency, funds): (_, _, &Funds)| AccountBalance {
                account,
                currency,
                funds: *funds,
            };
            rows.map(row).chain(idle)
        })
    }

    /// What `account` is owed in `currency`; zeros where it never had any.
    #[must_use]
    pub fn funds(&self, account: AccountId, currency: Currency) -> Funds {
        self.funds.get(account, currency).copied().unwrap_or_default()
    }

    /// How many accounts there are, the platform's among them.
    #[must_use]
    pub fn accounts(&self) -> usize {
        self.homes.len()
    }

    /// Whether there is such an account.
    #[must_use]
    pub fn has_account(&self, account: AccountId) -> bool {
        account.index() < self.homes.len()
    }

    /// What is owed to all accounts together, by currency.
    #[must_use]
    pub fn owed(&self) -> BTreeMap<Currency, i128> {
        let mut owed = BTreeMap::new();
        for (_, currency, funds) in self.funds.of(None) {
            *owed.entry(currency).or_default() += funds.owed();
        }
        owed
    }

    fn open(&mut self, recorded: &Recorded, home: Currency) {
        self.homes.push(Home(home));
        self.funds.open_of(recorded);
    }

    fn post(&mut self, entry: &Entry) {
        for posting in entry.postings() {
            if let Some((account, state)) = posting.book.owner() {
                self.funds.with(account, entry.currency(), |funds| funds.add(state, posting.owed()));
            }
        }
    }

    /// What a payout's result moved at the bank is what was paid out or came back.
    fn count_paid_out(&mut self, account: AccountId, entry: &Entry) {
        let at_the_bank = entry.postings().iter().filter(|posting| matches!(posting.book, Book::Rail(_)));
        let paid_out: Minor = at_the_bank.map(Posting::owed).sum();
        self.funds.with(account, entry.currency(), |funds| funds.paid_out += paid_out);
    }
}

impl Projector for Balance {
    const NAME: &'static str = "balance";
    const VERSION: u32 = 3;

    #[inline]
    fn touch(&self, account: AccountId, currency: Currency) -> u64 {
        self.funds.get(account, currency).map_or(0, |funds| funds.available.unsigned_abs())
    }

    fn apply(&mut self, recorded: &Recorded) {
        if let Some(entry) = recorded.event.entry() {
            self.post(entry);
        }
        match &recorded.event {
            Event::LedgerOpened(settings) => self.open(recorded, settings.currency),
            Event::AccountOnboarded(onboarded) => self.open(recorded, onboarded.currency),
            Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => {
                self.count_paid_out(moved.payout.account, &moved.entry);
            }
            // Their whole effect on balances is their entry, if they have one.
            Event::TimeAdvanced { .. }
            | Event::RequirementChanged { .. }
            | Event::BankAccountAttached { .. }
            | Event::PayoutScheduleSet { .. }
            | Event::RailOpened { .. }
            | Event::ChargeSucceeded(_)
            | Event::ChargesSplit(_)
            | Event::TransferCreated(_)
            | Event::TransferReversed(_)
            | Event::ChargeRefunded(_)
            | Event::FundsMatured { .. }
            | Event::PayoutCreated(_)
            | Event::RailSettled { .. }
            | Event::BookmarkSet { .. }
            | Event::ConnectReserveMoved { .. }
            | Event::SuccessorNamed { .. }
            | Event::DebitNegativeBalancesSet { .. }
            | Event::Moved(_) => {}
        }
    }
}

impl Comparable for Balance {
    fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Unreadable> {
        fn rows(
            view: &Balance,
        ) -> impl Iterator<Item = Keyed<(AccountId, Currency), (Currency, Funds)>> + '_ {
            view.rows(None).map(|row| Ok(((row.account, row.currency), (row.currency, row.funds))))
        }
        let difference = difference::of_rows(
            rows(self),
            rows(other),
            |(account, currency)| format!("account {account} in {currency}"),
            |(currency, funds)| funds.text(*currency),
        )?;
        Ok(difference.or_else(|| (self != other).then(Difference::unnamed)))
    }
}
