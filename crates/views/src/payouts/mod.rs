//! The payouts view: every payout made, and what will be paid when and why not sooner.
//!
//! The forecast is reckoned from the view's own state at the business time of its
//! newest event; nothing in it is recorded. It is what the log will say if nothing but
//! time happens.

mod forecast;
mod payee;
mod withheld;

#[cfg(test)]
mod tests;

pub use forecast::{Forecast, Planned};
pub use withheld::{Reason, Withheld};

use counterfoil_domain::account::EntryRange;
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::payout::{PayoutMoved, PayoutStatus};
use counterfoil_domain::{AccountId, Event, PayoutId, Recorded};
use serde::{Deserialize, Serialize};

use crate::difference::{self, Comparable, Difference, Keyed};
use crate::projector::Projector;
use crate::unreadable::Unreadable;
use payee::Payee;

/// Every payout, and what payouts to come depend on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payouts {
    #[serde(with = "crate::shape")]
    now: Timestamp,
    /// By account number.
    payees: Vec<Payee>,
    /// In the order of their ids, which is that of their making.
    payouts: Vec<Payout>,
}

/// A payout as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payout {
    /// Its id.
    #[serde(with = "crate::shape")]
    pub id: PayoutId,
    /// Who is paid.
    #[serde(with = "crate::shape")]
    pub account: AccountId,
    /// In which currency.
    #[serde(with = "crate::shape")]
    pub currency: Currency,
    /// How much.
    pub amount: Minor,
    /// How it stands.
    #[serde(with = "crate::shape")]
    pub status: PayoutStatus,
    /// When it was made.
    #[serde(with = "crate::shape")]
    pub created: Timestamp,
    /// The day it is expected at the bank.
    #[serde(with = "crate::shape")]
    pub arrival: Day,
    /// Whether the schedule made it, and no one's request.
    pub automatic: bool,
    /// The account's balance entries that it takes: those of its available balance with
    /// these numbers sum to the amount.
    #[serde(with = "crate::shape")]
    pub entries: Box<[EntryRange]>,
    /// The position of the event that last changed it.
    pub changed: u64,
}

impl Default for Payouts {
    fn default() -> Self {
        Self { now: Timestamp::MIN, payees: Vec::new(), payouts: Vec::new() }
    }
}

impl Payouts {
    /// The business time of the newest event: forecasts start here.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The payout of that id.
    #[must_use]
    pub fn payout(&self, id: PayoutId) -> Option<&Payout> {
        let index = self.payouts.binary_search_by_key(&id, |payout| payout.id).ok()?;
        self.payouts.get(index)
    }

    /// The payouts of one account or of all, the earliest first; reversed, the newest.
    pub fn made(&self, account: Option<AccountId>) -> impl DoubleEndedIterator<Item = &Payout> + '_ {
        // One account's are found by their places, all by a walk.
        let places = account.map(|account| self.payees.get(account.index()).map_or(&[][..], Payee::payouts));
        let one = places.into_iter().flatten().filter_map(|place| self.payouts.get(*place as usize));
        let all = if account.is_none() { self.payouts.as_slice() } else { &[] };
        one.chain(all)
    }

    /// What will be paid to one account or to all, when and why not sooner: a forecast
    /// for every account and currency that is owed money or owes it.
    pub fn forecasts(&self, account: Option<AccountId>) -> impl Iterator<Item = Forecast> + '_ {
        // An account's place is its number.
        let (first, count) = account.map_or((0, usize::MAX), |account| (account.index(), 1));
        let asked = (0..).zip(&self.payees).skip(first).take(count);
        let asked = asked.map(|(number, payee)| (AccountId(number), payee));
        asked.flat_map(move |(account, payee)| {
            payee
                .purses()
                .filter(|(_, purse)| purse.is_owed_or_owes())
                .map(move |(currency, purse)| forecast::forecast(self.now, account, payee, currency, purse))
        })
    }

    fn payee(&mut self, account: AccountId, change: impl FnOnce(&mut Payee)) {
        if let Some(payee) = self.payees.get_mut(account.index()) {
            change(payee);
        }
    }

    fn make(&mut self, recorded: &Recorded, moved: &PayoutMoved) {
        let state = &moved.payout;
        // A place fits 32 bits: the payouts before it would take 400 GB.
        let place = u32::try_from(self.payouts.len()).unwrap_or(u32::MAX);
        self.payee(state.account, |payee| payee.add_payout(place));
        self.payouts.push(Payout {
            id: moved.id,
            account: state.account,
            currency: state.currency,
            amount: state.amount,
            status: state.status,
            created: state.created,
            arrival: state.arrival,
            automatic: state.automatic,
            entries: state.entries.as_slice().into(),
            changed: recorded.position,
        });
    }

    fn change(&mut self, recorded: &Recorded, moved: &PayoutMoved) {
        if let Ok(index) = self.payouts.binary_search_by_key(&moved.id, |payout| payout.id)
            && let Some(payout) = self.payouts.get_mut(index)
        {
            payout.status = moved.payout.status;
            payout.arrival = moved.payout.arrival;
            payout.changed = recorded.position;
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
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Recorded) {
        self.now = recorded.time;
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
            Event::PayoutCreated(moved) => self.make(recorded, moved),
            Event::PayoutPaid(moved) => self.change(recorded, moved),
            Event::PayoutFailed(moved) => {
                self.change(recorded, moved);
                self.payee(moved.payout.account, |payee| {
                    payee.fail_bank(moved.payout.currency, moved.payout.bank)
                });
            }
            // Payouts depend on these by their entry alone, if they have one.
            Event::RailOpened { .. }
            | Event::ChargeSucceeded(_)
            | Event::ChargesSplit(_)
            | Event::TransferCreated(_)
            | Event::TransferReversed(_)
            | Event::ChargeRefunded(_)
            | Event::FundsMatured { .. }
            | Event::RailSettled { .. }
            | Event::BookmarkSet { .. } => {}
        }
    }
}

impl Comparable for Payouts {
    fn first_difference(&self, other: &Self) -> Result<Option<Difference>, Unreadable> {
        fn payouts(view: &Payouts) -> impl Iterator<Item = Keyed<PayoutId, &Payout>> {
            view.payouts.iter().map(|payout| Ok((payout.id, payout)))
        }
        fn payees(view: &Payouts) -> impl Iterator<Item = Keyed<usize, &Payee>> {
            view.payees.iter().enumerate().map(Ok)
        }
        let made = difference::of_rows(
            payouts(self),
            payouts(other),
            |id| format!("payout {}", id.0.position()),
            |payout| format!("{payout:?}"),
        )?;
        if made.is_some() {
            return Ok(made);
        }
        let place = |number: &usize| format!("what is to be paid to account {number}");
        let difference = difference::of_rows(payees(self), payees(other), place, |payee| payee.to_string())?;
        Ok(difference.or_else(|| (self != other).then(Difference::unnamed)))
    }
}
