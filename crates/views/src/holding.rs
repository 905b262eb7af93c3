//! Holdings: something for each account and currency.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use counterfoil_domain::AccountId;
use counterfoil_domain::money::Currency;
use serde::{Deserialize, Serialize};

/// One `V` for each account and currency that has one, in the order of account numbers
/// and currency numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holdings<V> {
    /// By account number. An account has few currencies: a sorted list beats a tree.
    accounts: BTreeMap<u32, Vec<Held<V>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Held<V> {
    #[serde(with = "crate::shape")]
    currency: Currency,
    value: V,
}

impl<V> Default for Holdings<V> {
    fn default() -> Self {
        Self { accounts: BTreeMap::new() }
    }
}

impl<V> Holdings<V> {
    /// What `account` has in `currency`.
    pub(crate) fn get(&self, account: AccountId, currency: Currency) -> Option<&V> {
        let held = self.accounts.get(&account.0)?;
        let index = held.binary_search_by_key(&currency, |held| held.currency).ok()?;
        held.get(index).map(|held| &held.value)
    }

    /// What one account has, or what all have.
    pub(crate) fn of(
        &self,
        account: Option<AccountId>,
    ) -> impl Iterator<Item = (AccountId, Currency, &V)> + '_ {
        self.accounts.range(numbers(account)).flat_map(|(number, held)| {
            held.iter().map(|held| (AccountId(*number), held.currency, &held.value))
        })
    }

    /// Changes what `account` has in `currency`, which is the default where it has nothing.
    pub(crate) fn with(&mut self, account: AccountId, currency: Currency, change: impl FnOnce(&mut V))
    where
        V: Default,
    {
        let held = self.accounts.entry(account.0).or_default();
        let index = held.binary_search_by_key(&currency, |held| held.currency).unwrap_or_else(|index| {
            held.insert(index, Held { currency, value: V::default() });
            index
        });
        if let Some(held) = held.get_mut(index) {
            change(&mut held.value);
        }
    }
}

/// The account numbers of a query: one, or all of them.
fn numbers(account: Option<AccountId>) -> RangeInclusive<u32> {
    account.map_or(0..=u32::MAX, |account| account.0..=account.0)
}
