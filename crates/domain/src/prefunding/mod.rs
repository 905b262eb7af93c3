//! Prefunding: money that an account keeps for refunds and disputes alone, Connect's balance
//! for future refunds or disputes
//! (<https://docs.stripe.com/get-started/account/add-funds>).
//!
//! A top-up brings it there. Nothing is paid out of it, no transfer is covered by it, and it is
//! drawn in two ways only: whenever the account's available balance is below zero, as much as
//! there is moves there at once (docs/decisions/prefunding.md); and by hand. Both leave a
//! drawdown, which never changes.

pub(crate) mod cover;
pub mod release;

pub use release::ReleasePrefunding;

use std::collections::BTreeSet;

use crate::account::DetailsError;
use crate::books::{Book, Draft, Kind, State};
use crate::id::{AccountId, DrawdownId};
use crate::ledger::Ledger;
use crate::money::{Currency, Minor, Money};
use crate::record::{Kept, Record, Waits};
use crate::refusal::refusals;
use crate::step::{Moved, Step};

/// What was drawn from an account's prefunding, into its available balance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawdownState {
    /// Whose.
    pub account: AccountId,
    /// How much; always above zero.
    pub amount: Money,
    /// Why.
    pub cause: DrawdownCause,
}

/// Why prefunding was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DrawdownCause {
    /// The available balance was below zero.
    Shortfall,
    /// By hand.
    Requested,
}

impl DrawdownCause {
    /// The cause's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Shortfall => "shortfall",
            Self::Requested => "requested",
        }
    }
}

impl Kept for DrawdownState {
    fn owner(&self) -> AccountId {
        self.account
    }

    fn money(&self) -> Money {
        self.amount
    }
}

impl Waits for DrawdownState {
    type Id = DrawdownId;
}

/// Who has prefunding, and who of them is below zero beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Prefunding {
    holders: BTreeSet<(AccountId, Currency)>,
    short: BTreeSet<(AccountId, Currency)>,
}

impl Prefunding {
    /// Whether nobody has any.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.holders.is_empty()
    }

    /// The first account that is below zero and has some.
    pub(crate) fn first_short(&self) -> Option<(AccountId, Currency)> {
        self.short.first().copied()
    }
}

impl Ledger {
    /// What an account has in prefunding, in minor units.
    pub(crate) fn prefunded(&self, account: AccountId, currency: Currency) -> Minor {
        let wallet = self.account(account).and_then(|holder| holder.wallet(currency));
        wallet.map_or(0, |wallet| wallet.prefunded)
    }

    /// Notes what an account has in prefunding, after that or its available balance changed.
    #[cold]
    pub(crate) fn note_prefunding(&mut self, account: AccountId, currency: Currency) {
        let wallet = self.account(account).and_then(|holder| holder.wallet(currency));
        let (available, prefunded) = wallet.map_or((0, 0), |wallet| (wallet.available, wallet.prefunded));
        let key = (account, currency);
        let mark = |set: &mut BTreeSet<_>, has: bool| if has { set.insert(key) } else { set.remove(&key) };
        mark(&mut self.prefunding.holders, prefunded > 0);
        mark(&mut self.prefunding.short, prefunded > 0 && available < 0);
    }
}

/// The step by which prefunding becomes available.
fn drawn(ledger: &Ledger, step: Step, id: DrawdownId, state: DrawdownState) -> Moved {
    let DrawdownState { account, amount, .. } = state;
    let mut draft = Draft::new(amount.currency);
    draft.debit(Book::Account(account, State::Prefunded), Kind::Prefunding, amount.minor).credit(
        Book::Account(account, State::Available),
        Kind::Prefunding,
        amount.minor,
    );
    Moved::new(step, Record::Drawdown(id, state)).of(amount.minor).booked(draft, ledger)
}

refusals! {
    /// Why prefunding is not released.
    PrefundingRefusal {
        /// The amount is not above zero.
        NotPositive {
            /// What was asked.
            asked: Money,
        } => "prefunding_release_must_be_positive", Unconfirmed(ParameterInvalidInteger), "A release of prefunding is above zero; {asked} was asked.";
        /// Text attached to the release is too long.
        Details {
            /// What is wrong with it.
            error: DetailsError,
        } => "prefunding_release_details_must_fit", NoCode, "{error}.";
        /// The account has less in prefunding.
        Short {
            /// What was asked.
            asked: Money,
            /// What it has there.
            prefunded: Money,
        } => "prefunding_must_cover_release", Unconfirmed(BalanceInsufficient), "The account has {prefunded} in prefunding; a release of {asked} was asked.";
    }
}
