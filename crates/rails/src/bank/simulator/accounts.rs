//! The test bank accounts: what each is called, and what comes of it
//! (<https://docs.stripe.com/connect/testing>,
//! <https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment>).
//!
//! The names and the numbers of the United States were seen in others' copies of those pages and
//! not on the pages themselves; the numbers of other countries are unconfirmed. Routing numbers
//! are not looked at.

use counterfoil_domain::account::Country;
use counterfoil_domain::payout::FailureCode;

use crate::bank::BankDetails;

/// What comes of an order to or from a test bank account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestBank {
    /// It is done.
    Works,
    /// It fails.
    Fails(FailureCode),
    /// It is done, and comes back.
    Returns(FailureCode),
    /// Nothing is ever heard of it.
    StaysSilent,
    /// What happens is drawn, by [`BankRates`](super::BankRates) and the seed.
    Drawn,
}

/// A test bank account with what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// What comes of it.
    pub bank: TestBank,
    /// Its numbers, with the countries (two letters) in which they are.
    pub numbers: &'static [(&'static str, &'static str)],
    /// Its names, good in every country; the first is the one to use.
    pub names: &'static [&'static str],
}

/// Every test bank account. `bank_returned` and `bank_drawn` are our own; so is what the
/// account of a disputed debit does to payouts and top-ups.
pub const ACCOUNTS: &[Row] = &[
    Row {
        bank: TestBank::Works,
        numbers: &[
            ("US", "000123456789"),
            ("CA", "000123456789"),
            ("AU", "000123456"),
            ("GB", "00012345"),
            ("DE", "DE89370400440532013000"),
        ],
        names: &["btok_us_verified", "pm_usBankAccount_success"],
    },
    Row {
        bank: TestBank::Fails(FailureCode::NoAccount),
        numbers: &[
            ("US", "000111111116"),
            ("CA", "000111111116"),
            ("AU", "111111116"),
            ("GB", "11111116"),
            ("DE", "DE62370400440532013001"),
        ],
        names: &["btok_us_verified_noAccount", "pm_usBankAccount_noAccount"],
    },
    Row {
        bank: TestBank::Fails(FailureCode::AccountClosed),
        numbers: &[
            ("US", "000111111113"),
            ("CA", "000111111113"),
            ("AU", "111111113"),
            ("GB", "11111113"),
            ("DE", "DE89370400440532013002"),
        ],
        names: &["btok_us_verified_accountClosed", "pm_usBankAccount_accountClosed"],
    },
    Row {
        bank: TestBank::Fails(FailureCode::InsufficientFunds),
        numbers: &[
            ("US", "000222222227"),
            ("CA", "000222222227"),
            ("AU", "222222227"),
            ("GB", "22222227"),
            ("DE", "DE89370400440532013003"),
        ],
        names: &["btok_us_verified_insufficientFunds", "pm_usBankAccount_insufficientFunds"],
    },
    Row {
        bank: TestBank::Fails(FailureCode::DebitNotAuthorized),
        numbers: &[
            ("US", "000333333335"),
            ("CA", "000333333335"),
            ("AU", "333333335"),
            ("GB", "33333335"),
            ("DE", "DE89370400440532013004"),
        ],
        names: &["btok_us_verified_debitNotAuthorized", "pm_usBankAccount_debitNotAuthorized"],
    },
    Row {
        bank: TestBank::Fails(FailureCode::InvalidCurrency),
        numbers: &[
            ("US", "000444444440"),
            ("CA", "000444444440"),
            ("AU", "444444440"),
            ("GB", "44444440"),
            ("DE", "DE89370400440532013005"),
        ],
        names: &["btok_us_verified_invalidCurrency", "pm_usBankAccount_invalidCurrency"],
    },
    Row {
        bank: TestBank::Returns(FailureCode::DebitNotAuthorized),
        numbers: &[("US", "000555555559")],
        names: &["pm_usBankAccount_dispute"],
    },
    Row {
        bank: TestBank::StaysSilent,
        numbers: &[("US", "000000000009")],
        names: &["pm_usBankAccount_processing"],
    },
    Row { bank: TestBank::Returns(FailureCode::AccountClosed), numbers: &[], names: &["bank_returned"] },
    Row { bank: TestBank::Drawn, numbers: &[], names: &["bank_drawn"] },
];

impl TestBank {
    /// The test bank account that these details name: by a number of their country, or by name.
    #[must_use]
    pub fn of(details: &BankDetails) -> Option<Self> {
        let (country, number) = (details.country(), details.number());
        let named = |row: &&Row| {
            row.names.contains(&number) || row.numbers.iter().any(|has| *has == (country.code(), number))
        };
        ACCOUNTS.iter().find(named).map(|row| row.bank)
    }
}

/// The numbers of a country's test bank accounts and the names of all, for somebody who gave
/// another.
#[must_use]
pub fn known_accounts(country: Country) -> String {
    let here = |row: &Row| {
        row.numbers.iter().filter(|has| has.0 == country.code()).map(|has| has.1).collect::<Vec<_>>()
    };
    let numbers = ACCOUNTS.iter().flat_map(here);
    let names = ACCOUNTS.iter().filter_map(|row| row.names.first().copied());
    numbers.chain(names).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn an_account_is_found_by_number_in_its_country_and_by_name_in_any() {
        for row in ACCOUNTS {
            for (country, number) in row.numbers {
                let details = BankDetails::new(Country::new(country).unwrap(), None, number);
                assert_eq!(TestBank::of(&details), Some(row.bank), "{country} {number}");
            }
            for name in row.names {
                let details = BankDetails::new(Country::BR, None, name);
                assert_eq!(TestBank::of(&details), Some(row.bank), "{name}");
            }
        }
        let elsewhere = BankDetails::new(Country::DE, None, "000123456789");
        assert_eq!(TestBank::of(&elsewhere), None);
    }

    #[test]
    fn nothing_names_two_accounts() {
        let numbers: Vec<_> = ACCOUNTS.iter().flat_map(|row| row.numbers).collect();
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
        let names: Vec<_> = ACCOUNTS.iter().flat_map(|row| row.names).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }

    #[test]
    fn the_known_ones_are_those_of_the_country() {
        let known = known_accounts(Country::GB);
        assert!(known.starts_with("00012345, 11111116, "), "{known}");
        assert!(known.ends_with("bank_returned, bank_drawn"), "{known}");
    }
}
