//! The payouts' history: the view of a past time, folded from the log up to then.
//!
//! What the live view leaves to the log is in it: the log goes on, and its newest events
//! do not say how a payout stood.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::payout::PayoutMoved;
use counterfoil_domain::{AccountId, Event, PayoutId, Recorded};
use serde::{Deserialize, Serialize};

use super::{Forecast, Payout, Payouts};
use crate::projector::Projector;

/// The payouts as they stood when its newest event was recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    payouts: Payouts,
    /// In the order of their ids, which is that of their making.
    made: Vec<Payout>,
}

impl History {
    /// The business time of the newest event: forecasts start here.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.payouts.now()
    }

    /// The payout of that id.
    #[must_use]
    pub fn payout(&self, id: PayoutId) -> Option<&Payout> {
        let index = self.made.binary_search_by_key(&id, |payout| payout.id).ok()?;
        self.made.get(index)
    }

    /// The payouts of one account or of all, the earliest first; reversed, the newest.
    pub fn made(&self, account: Option<AccountId>) -> impl DoubleEndedIterator<Item = &Payout> + '_ {
        self.made.iter().filter(move |payout| account.is_none_or(|account| payout.account == account))
    }

    /// What will be paid to one account or to all, when and why not sooner: a forecast
    /// for every account and currency that is owed money or owes it.
    pub fn forecasts(&self, account: Option<AccountId>) -> impl Iterator<Item = Forecast> + '_ {
        self.payouts.forecasts(account)
    }

    fn change(&mut self, recorded: &Recorded, moved: &PayoutMoved) {
        if let Ok(index) = self.made.binary_search_by_key(&moved.id, |payout| payout.id)
            && let Some(payout) = self.made.get_mut(index)
        {
            *payout = Payout::new(moved.id, &moved.payout, recorded.position);
        }
    }
}

impl Projector for History {
    const NAME: &'static str = "payout history";
    const VERSION: u32 = 1;

    fn apply(&mut self, recorded: &Recorded) {
        self.payouts.apply(recorded);
        if let Event::PayoutCreated(moved) = &recorded.event {
            self.made.push(Payout::new(moved.id, &moved.payout, recorded.position));
        } else if let Event::PayoutPaid(moved) | Event::PayoutFailed(moved) = &recorded.event {
            self.change(recorded, moved);
        }
    }
}
