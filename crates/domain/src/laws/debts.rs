//! Debts: what sellers owe in all, kept as their balances move, and the reserve against it.

use std::collections::BTreeMap;

use super::holding::Holdings;
use super::{Broken, Law};
use crate::books::State;
use crate::id::AccountId;
use crate::money::Currency;

/// What the available balances below zero come to of all accounts whose losses the platform
/// bears, by currency: moved with each posting, so that a check of the reserve looks at no seller.
#[derive(Clone, Debug, Default)]
pub(super) struct Debts(BTreeMap<Currency, i128>);

impl Debts {
    /// The available balance of such an account was one and is another.
    pub(super) fn moved(&mut self, currency: Currency, before: i128, after: i128) {
        let more = before.min(0) - after.min(0);
        if more != 0 {
            *self.0.entry(currency).or_default() += more;
        }
    }

    /// After the reserve followed it is what sellers owe.
    pub(super) fn check_reserve(&self, currency: Currency, holdings: &mut Holdings, broken: &mut Broken) {
        let owed = self.0.get(&currency).copied().unwrap_or_default();
        let platform = holdings.of(AccountId::PLATFORM, currency);
        let held = platform.map_or(0, |platform| platform.balance(State::ConnectReserved));
        if owed != held {
            broken.push(Law::Reserve { currency, owed, held });
        }
    }
}
