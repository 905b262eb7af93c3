//! Debts: connected accounts whose available balance is below zero
//! (<https://docs.stripe.com/connect/account-balances>).
//!
//! A debt is paid by what the account has prefunded, by its next money, whatever brings that, or
//! by its bank.
//! Of the sellers whose losses the platform bears it holds a reserve that equals the sum of
//! their debts at every moment; a debt that is 180 days old is paid out of it. Of those whose
//! losses the operator bears nothing is held, and the old debt is the operator's loss
//! (docs/decisions/debts.md).
//!
//! What was written off is owed by nobody. It is remembered: what was taken of the account while
//! it owed pays whoever bore the loss, where it comes back, before the account
//! (docs/decisions/write-offs.md).

mod claims;
pub(crate) mod collect;
pub(crate) mod reserve;
mod write_off;

pub(crate) use claims::Claims;
pub use write_off::{WriteOffState, WriteOffs};

use crate::calendar::{Day, Timestamp};
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::{Currency, Minor};
use crate::settings::LossBearer;

/// After so many days below zero a debt is written off
/// (<https://docs.stripe.com/connect/account-balances#understanding-connected-account-reserves>).
pub const MOST_DAYS: i32 = 180;

/// What an account owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Debt {
    /// Who.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// How much; above zero.
    pub amount: Minor,
    /// Since when its available balance is below zero.
    pub since: Timestamp,
}

/// When a debt began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Began {
    /// At which instant.
    pub at: Timestamp,
    /// By the event at which log position.
    pub position: u64,
}

impl Debt {
    /// The day from whose start it is written off.
    #[must_use]
    pub fn due(&self) -> Day {
        due(self.since)
    }
}

/// The day from whose start a debt of then is written off.
fn due(since: Timestamp) -> Day {
    since.day().plus(MOST_DAYS)
}

impl Ledger {
    /// Every debt, by account.
    pub fn debts(&self) -> impl Iterator<Item = Debt> + '_ {
        self.debts.iter().map(|((account, currency), began)| {
            let available = self.account(*account).map_or(0, |holder| holder.available(*currency));
            let (account, currency, since) = (*account, *currency, began.at);
            Debt { account, currency, amount: available.saturating_neg(), since }
        })
    }

    /// What the connected accounts whose losses the platform bears owe in a currency.
    #[must_use]
    pub fn owed_by_sellers(&self, currency: Currency) -> i128 {
        self.negative.get(&currency).copied().unwrap_or_default()
    }

    /// Notes that an account's available balance was or is below zero.
    #[cold]
    pub(crate) fn note_debt(
        &mut self,
        account: AccountId,
        currency: Currency,
        (before, after): (Minor, Minor),
        now: Began,
    ) {
        if self.loss_bearer(account) == LossBearer::Platform {
            let sum = self.negative.entry(currency).or_default();
            *sum += i128::from(before.min(0)) - i128::from(after.min(0));
            if *sum == 0 {
                self.negative.remove(&currency);
            }
            self.note_reserve(currency);
        }
        if after < 0 && !self.debts.contains_key(&(account, currency)) {
            self.debts.insert((account, currency), now);
            self.oldest_debts.insert((now.at, account, currency));
        }
    }

    /// Forgets the debt of an account that is not below zero any more, once its whole entry is
    /// in.
    pub(crate) fn settle_debt(&mut self, account: AccountId, currency: Currency) {
        if self.account(account).is_some_and(|holder| holder.available(currency) >= 0)
            && let Some(began) = self.debts.remove(&(account, currency))
        {
            self.oldest_debts.remove(&(began.at, account, currency));
        }
    }
}
