//! The payouts view: every payout made, and what will be paid when and why not sooner.
//!
//! A payout that was made is an object: its newest event in the log carries all of it. The
//! view keeps what payouts to come depend on.
//!
//! The forecast is reckoned from the view's own state at the business time of its
//! newest event; nothing in it is recorded. It is what the log will say if nothing but
//! time happens.

mod forecast;
mod history;
mod payee;
mod payout;
mod reader;
mod withheld;

#[cfg(test)]
mod tests;

pub use forecast::{Forecast, Planned};
pub use history::History;
pub use payout::Payout;
pub use reader::Reader;
pub use withheld::{Reason, Withheld};

use counterfoil_domain::bank_debit::BankDebitStatus;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::Currency;
use counterfoil_domain::{AccountId, Actor, Event, Moved, Record, Recorded};
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference, Keyed};
use crate::numbered::numbered;
use crate::projector::Projector;
use crate::unreadable::Unreadable;
use payee::Payee;

/// What payouts to come depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payouts {
    #[serde(with = "crate::shape")]
    now: Timestamp,
    /// The day whose payday is over: something else happened on it already.
    #[serde(with = "crate::shape")]
    payday_over: Option<Day>,
    /// By account number.
    payees: Vec<Payee>,
}

impl Default for Payouts {
    fn default() -> Self {
        Self { now: Timestamp::MIN, payday_over: None, payees: Vec::new() }
    }
}

impl Payouts {
    /// The business time of the newest event: forecasts start here.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// What will be paid to one account or to all, when and why not sooner: a forecast
    /// for every account and currency that is owed money or owes it.
    pub fn forecasts(&self, account: Option<AccountId>) -> impl Iterator<Item = Forecast> + '_ {
        numbered(&self.payees, account).flat_map(move |(account, payee)| {
            payee.purses().filter(|(_, purse)| purse.is_owed_or_owes()).map(move |(currency, purse)| {
                forecast::forecast((self.now, self.next_payday()), account, payee, currency, purse)
            })
        })
    }

    /// The first day that may still be paid: a payout falls at the start of a day, so today's is
    /// past unless it is that instant and nothing else happened at it.
    fn next_payday(&self) -> Day {
        let today = self.now.day();
        let begins = self.now == today.start() && self.payday_over != Some(today);
        if begins { today } else { today.plus(1) }
    }

    fn payee(&mut self, account: AccountId, change: impl FnOnce(&mut Payee)) {
        if let Some(payee) = self.payees.get_mut(account.index()) {
            change(payee);
        }
    }

    /// A bank debit that failed or was returned leaves its bank account errored.
    fn fail_debit(&mut self, moved: &Moved) {
        if let Record::BankDebit(_, debit) = &moved.subject.record
            && matches!(debit.status, BankDebitStatus::Failed(_) | BankDebitStatus::Returned(_))
        {
            self.payee(debit.account, |payee| payee.fail_bank(debit.amount.currency, Some(debit.bank)));
        }
    }

    fn post(&mut self, recorded: &Recorded) {
        let Some(entry) = recorded.event.entry() else {
            return;
        };
        for posting in entry.postings() {
            if let Some((account, state)) = posting.book.owner() {
                self.payee(account, |payee| payee.post(entry.currency(), state, posting.owed()));
            }
        }
    }
}

impl Projector for Payouts {
    const NAME: &'static str = "payouts";
    const VERSION: u32 = 5;

    #[inline]
    fn touch(&self, account: AccountId, _: Currency) -> u64 {
        self.payees.get(account.index()).map_or(0, Payee::touch)
    }

    fn apply(&mut self, recorded: &Recorded) {
        self.now = recorded.time;
        if recorded.actor != Actor::Time {
            self.payday_over = Some(recorded.time.day());
        }
        self.post(recorded);
        match &recorded.event {
            Event::LedgerOpened(_) => self.payees.push(Payee::default()),
            Event::TimeAdvanced { to } => self.now = *to,
            Event::AccountOnboarded(onboarded) => self.payees.push(Payee::onboarded(onboarded)),
            Event::RequirementChanged { account, name, standing } => {
                self.payee(*account, |payee| payee.change_requirement(*name, *standing));
            }
            Event::BankAccountAttached { account, currency, bank } => {
                self.payee(*account, |payee| payee.attach_bank(*currency, bank.number.fingerprint));
            }
            Event::PayoutScheduleSet { account, schedule, delay: _, minimum_balance } => {
                self.payee(*account, |payee| payee.set_schedule(*schedule, *minimum_balance));
            }
            Event::PayoutFailed(moved) => {
                self.payee(moved.payout.account, |payee| {
                    payee.fail_bank(moved.payout.currency, moved.payout.bank)
                });
            }
            Event::Moved(moved) => self.fail_debit(moved),
            // Payouts depend on these by their entry alone, if they have one.
            Event::RailOpened { .. }
            | Event::ChargeSucceeded(_)
            | Event::ChargesSplit(_)
            | Event::TransferCreated(_)
            | Event::TransferReversed(_)
            | Event::ChargeRefunded(_)
            | Event::FundsMatured { .. }
            | Event::PayoutCreated(_)
            | Event::PayoutPaid(_)
            | Event::RailSettled { .. }
            | Event::BookmarkSet { .. }
            | Event::ConnectReserveMoved { .. }
            | Event::DebitNegativeBalancesSet { .. }
            | Event::SuccessorNamed { .. } => {}
        }
    }
}

impl Comparable for Payouts {
    fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Unreadable> {
        fn payees(view: &Payouts) -> impl Iterator<Item = Keyed<usize, &Payee>> {
            view.payees.iter().enumerate().map(Ok)
        }
        let place = |number: &usize| format!("what is to be paid to account {number}");
        let difference = difference::of_rows(payees(self), payees(other), place, |payee| payee.to_string())?;
        Ok(difference.or_else(|| (self != other).then(Difference::unnamed)))
    }
}
