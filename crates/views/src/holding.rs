//! Holdings: something for each account and currency.

use counterfoil_domain::money::Currency;
use counterfoil_domain::{AccountId, Event, Recorded};
use serde::{Deserialize, Serialize};

use crate::numbered::numbered;

/// One `V` for each account and currency that has one, in the order of account numbers
/// and currency numbers.
///
/// An account is found by its number, and nearly every account has one currency: so what
/// it has is found with one look into memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holdings<V> {
    /// By account number.
    accounts: Vec<Account<V>>,
}

/// What one account has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Account<V> {
    /// The currency of the lowest number, if there is any.
    #[serde(with = "crate::shape")]
    currency: Option<Currency>,
    value: V,
    /// The other currencies by their numbers. Boxed, since most accounts have none.
    #[expect(clippy::box_collection, reason = "a third of the size, a million times")]
    others: Option<Box<Vec<Held<V>>>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Held<V> {
    #[serde(with = "crate::shape")]
    currency: Currency,
    value: V,
}

impl<V> Default for Holdings<V> {
    fn default() -> Self {
        Self { accounts: Vec::new() }
    }
}

impl<V: Default> Holdings<V> {
    /// Makes room for the account that an event opened, if it did. They are numbered
    /// without a gap.
    #[inline]
    pub(crate) fn open_of(&mut self, recorded: &Recorded) {
        if matches!(recorded.event, Event::LedgerOpened(_) | Event::AccountOnboarded(_)) {
            self.accounts.push(Account::default());
        }
    }

    /// What `account` has in `currency`.
    #[inline]
    pub(crate) fn get(&self, account: AccountId, currency: Currency) -> Option<&V> {
        let account = self.accounts.get(account.index())?;
        if account.currency == Some(currency) {
            return Some(&account.value);
        }
        let others = account.others.as_deref()?;
        let index = others.binary_search_by_key(&currency, |held| held.currency).ok()?;
        others.get(index).map(|held| &held.value)
    }

    /// What one account has, or what all have.
    pub(crate) fn of(
        &self,
        account: Option<AccountId>,
    ) -> impl Iterator<Item = (AccountId, Currency, &V)> + '_ {
        numbered(&self.accounts, account).flat_map(|(number, account)| {
            let first = account.currency.map(|currency| (currency, &account.value));
            let others = account.others.iter().flat_map(|others| others.iter());
            let others = others.map(|held| (held.currency, &held.value));
            first.into_iter().chain(others).map(move |(of, value)| (number, of, value))
        })
    }

    /// Changes what every account has.
    pub(crate) fn change_all(&mut self, mut change: impl FnMut(&mut V)) {
        for account in &mut self.accounts {
            change(&mut account.value);
            let others = account.others.iter_mut().flat_map(|others| others.iter_mut());
            others.for_each(|held| change(&mut held.value));
        }
    }

    /// Changes what `account` has in `currency`, which is the default where it has
    /// nothing; what an account that was never opened would have is not kept.
    pub(crate) fn with<T>(
        &mut self,
        account: AccountId,
        currency: Currency,
        change: impl FnOnce(&mut V) -> T,
    ) -> Option<T> {
        let account = self.accounts.get_mut(account.index())?;
        if account.currency == Some(currency) {
            return Some(change(&mut account.value));
        }
        account.other(currency).map(change)
    }
}

impl<V: Default> Account<V> {
    /// Any currency but the first; or the first of all.
    #[cold]
    fn other(&mut self, currency: Currency) -> Option<&mut V> {
        let Some(first) = self.currency else {
            self.currency = Some(currency);
            return Some(&mut self.value);
        };
        let others = self.others.get_or_insert_default();
        if currency < first {
            // The lowest number takes the first place.
            let value = std::mem::take(&mut self.value);
            others.insert(0, Held { currency: first, value });
            self.currency = Some(currency);
            return Some(&mut self.value);
        }
        let index = others.binary_search_by_key(&currency, |held| held.currency).unwrap_or_else(|index| {
            others.insert(index, Held { currency, value: V::default() });
            index
        });
        others.get_mut(index).map(|held| &mut held.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_kept_in_order_whichever_came_first() {
        let mut holdings = Holdings { accounts: vec![Account::default(), Account::default()] };
        let currencies = [Currency::USD, Currency::BRL, Currency::EUR, Currency::GBP];
        for round in 1..=2 {
            for (number, currency) in (10..).zip(currencies) {
                assert!(holdings.with(AccountId(1), currency, |value| *value += number).is_some());
                assert_eq!(holdings.get(AccountId(1), currency), Some(&(round * number)));
            }
        }
        let found: Vec<_> = holdings.of(None).map(|(of, currency, value)| (of, currency, *value)).collect();
        assert!(found.is_sorted());
        assert_eq!((found.len(), holdings.of(Some(AccountId(0))).count()), (4, 0));
    }

    #[test]
    fn an_account_that_was_never_opened_has_nothing() {
        let mut holdings = Holdings::<u64>::default();
        assert!(holdings.with(AccountId(7), Currency::USD, |value| *value += 1).is_none());
        assert_eq!(holdings.get(AccountId(7), Currency::USD), None);
    }
}
