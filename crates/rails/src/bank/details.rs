//! A bank account in clear, as it goes to a bank.

use std::fmt;

use counterfoil_domain::account::Country;

/// A bank account: what the ledger keeps sealed and opens for the bank alone. Printed, it shows
/// its country and its number's last four characters.
#[derive(Clone, PartialEq, Eq)]
pub struct BankDetails {
    country: Country,
    routing: Option<Box<str>>,
    number: Box<str>,
}

/// The most characters of a number, or of a routing number, that are kept; an IBAN has 34.
const LONGEST: usize = 64;

impl BankDetails {
    /// The account `number` in `country`, at the bank or branch that `routing` names (routing
    /// number, sort code, BSB; an IBAN needs none). Spaces and hyphens are dropped, and all but
    /// the first 64 characters; a token of a bank account is a number too.
    #[must_use]
    pub fn new(country: Country, routing: Option<&str>, number: &str) -> Self {
        Self { country, routing: routing.map(plain), number: plain(number) }
    }

    /// Where the account is.
    #[must_use]
    pub fn country(&self) -> Country {
        self.country
    }

    /// At which bank or branch, where the number alone does not say so.
    #[must_use]
    pub fn routing(&self) -> Option<&str> {
        self.routing.as_deref()
    }

    /// The number, or what stands for it.
    #[must_use]
    pub fn number(&self) -> &str {
        &self.number
    }
}

fn plain(text: &str) -> Box<str> {
    text.chars().filter(|c| !matches!(c, ' ' | '-')).take(LONGEST).collect()
}

impl fmt::Display for BankDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = self.number.chars().count().saturating_sub(4);
        let last4: String = self.number.chars().skip(hidden).collect();
        write!(f, "{} …{last4}", self.country)
    }
}

impl fmt::Debug for BankDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BankDetails({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_never_printed() {
        let details = BankDetails::new(Country::GB, Some("10-88-00"), "0001 2345");
        assert_eq!((details.routing(), details.number()), (Some("108800"), "00012345"));
        assert_eq!(format!("{details} {details:?}"), "GB …2345 BankDetails(GB …2345)");
    }
}
