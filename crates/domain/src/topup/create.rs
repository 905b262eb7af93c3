//! Asking for a top-up: the bank is asked to bring the money; nothing is booked until it
//! arrived.

use std::hash::{Hash, Hasher};

use super::{TopupBalance, TopupRefusal, TopupState, TopupStatus};
use crate::account::{AccountRefusal, Details};
use crate::charge::{LARGEST_AMOUNT, MOST_TAKEN_IN};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, TopupId};
use crate::money::Money;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Asks for money into a balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreateTopup {
    /// Whose balance; the platform's at Connect.
    pub account: AccountId,
    /// How much.
    pub amount: Money,
    /// The group that ties it to charges and transfers.
    pub transfer_group: Option<Box<str>>,
    /// The caller's own words about it.
    pub details: Option<Box<Details>>,
    /// Which of its balances.
    pub balance: TopupBalance,
}

/// What was never asked leaves no mark, so that a request has the fingerprint that it had
/// before it could be.
impl Hash for CreateTopup {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { account, amount, transfer_group, details, balance } = self;
        (account, amount, transfer_group, details).hash(state);
        if *balance != TopupBalance::Payments {
            balance.hash(state);
        }
    }
}

impl CreateTopup {
    /// A top-up of the balance that is paid out, without group or details.
    #[must_use]
    pub fn new(account: AccountId, amount: Money) -> Self {
        Self { account, amount, transfer_group: None, details: None, balance: TopupBalance::Payments }
    }

    /// A top-up of prefunding.
    #[must_use]
    pub fn prefunding(account: AccountId, amount: Money) -> Self {
        Self { balance: TopupBalance::RefundAndDisputePrefunding, ..Self::new(account, amount) }
    }
}

impl Verb for CreateTopup {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, context, .. } = *scene;
        let (account, amount) = (self.account, self.amount);
        if amount.minor <= 0 {
            return Err(TopupRefusal::NotPositive { asked: amount }.into());
        }
        let taken_in = ledger.taken_in(amount.currency) + i128::from(amount.minor);
        if amount.minor > LARGEST_AMOUNT || taken_in > MOST_TAKEN_IN {
            return Err(TopupRefusal::TooLarge { asked: amount }.into());
        }
        if self.transfer_group.as_ref().is_some_and(|group| group.is_empty() || group.len() > 255) {
            return Err(TopupRefusal::TransferGroup.into());
        }
        Details::check(self.details.as_deref()).map_err(|error| TopupRefusal::Details { error })?;
        if ledger.account(account).is_none() {
            return Err(AccountRefusal::Unknown { account }.into());
        }

        let (transfer_group, balance) = (self.transfer_group.clone(), self.balance);
        let state = TopupState { account, amount, status: TopupStatus::Pending, transfer_group, balance };
        let topup = Record::Topup(TopupId::new(context.position, 0), state);
        Ok(Moved::new(Step::TopupCreated, topup).told(self.details.clone()).into())
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{DefaultHasher, Hash, Hasher};

    use super::CreateTopup;
    use crate::account::Details;
    use crate::id::AccountId;
    use crate::money::{Currency, Money};

    /// A request has the hash that it had when there was one balance only, and another where it
    /// names the other.
    #[test]
    fn a_plain_topup_is_the_request_that_it_was() {
        fn hash(value: impl Hash) -> u64 {
            let mut hasher = DefaultHasher::new();
            value.hash(&mut hasher);
            hasher.finish()
        }
        let (account, amount) = (AccountId(1), Money::new(Currency::USD, 500));
        let (transfer_group, details) = (Some(Box::from("order-17")), Details::external_id("till"));
        let before = hash((account, amount, &transfer_group, &details));
        let plain = CreateTopup { transfer_group, details, ..CreateTopup::new(account, amount) };
        assert_eq!(hash(&plain), before);
        let prefunding = CreateTopup { balance: CreateTopup::prefunding(account, amount).balance, ..plain };
        assert_ne!(hash(&prefunding), before);
    }
}
