//! Asking for payouts: those made are built from the log, those to come are forecast.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::{AccountId, PayoutId};

use super::{Forecast, Payout, Payouts};
use crate::object::ObjectRef;
use crate::objects;
use crate::unreadable::Unreadable;

/// The payouts, to ask for them.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    payouts: &'a Payouts,
    objects: objects::Reader<'a>,
}

impl<'a> Reader<'a> {
    /// The payouts to come of a view, and those made among the objects.
    pub(crate) fn new(payouts: &'a Payouts, objects: objects::Reader<'a>) -> Self {
        Self { payouts, objects }
    }

    /// The business time of the newest event: forecasts start here.
    #[must_use]
    pub fn now(self) -> Timestamp {
        self.payouts.now()
    }

    /// The payout of that id; `None` where there is none.
    ///
    /// # Errors
    /// Rows or events that cannot be read.
    pub fn payout(self, id: PayoutId) -> Result<Option<Payout>, Unreadable> {
        match self.objects.made(ObjectRef::Payout(id))? {
            Some(_) => self.latest(id).map(Some),
            None => Ok(None),
        }
    }

    /// The payouts of one account or of all, the earliest first; reversed, the newest.
    pub fn made(
        self,
        account: Option<AccountId>,
    ) -> impl DoubleEndedIterator<Item = Result<Payout, Unreadable>> + 'a {
        self.objects.payouts(account).map(move |id| self.latest(id?))
    }

    /// What will be paid to one account or to all, when and why not sooner: a forecast
    /// for every account and currency that is owed money or owes it.
    pub fn forecasts(self, account: Option<AccountId>) -> impl Iterator<Item = Forecast> + 'a {
        self.payouts.forecasts(account)
    }

    /// A payout as it stands: its newest event carries all of it.
    fn latest(self, id: PayoutId) -> Result<Payout, Unreadable> {
        let (position, state) = self.objects.newest_state(id)?;
        Ok(Payout::new(id, &state, position))
    }
}
