//! Payees: where accounts are paid.

use counterfoil_domain::AccountId;
use counterfoil_domain::account::{BankAccount, Country};
use counterfoil_domain::money::Currency;
use counterfoil_rails::bank::BankDetails;

use crate::Counterfoil;
use crate::sealing::SealError;

/// Says where an account is paid. The same payout must always get the same answer: a bank
/// refuses another order under a key that it knows.
pub trait Payees: Send + Sync {
    /// The bank account in clear. `None`: the bank knows where to pay
    /// (docs/decisions/bank-accounts.md).
    ///
    /// # Errors
    /// What is on file cannot be opened.
    fn details(&self, payee: &OnFile<'_>) -> Result<Option<BankDetails>, SealError>;
}

/// What the ledger has of a payee, as of the payout.
#[derive(Clone, Copy, Debug)]
pub struct OnFile<'a> {
    /// The account.
    pub account: AccountId,
    /// Its country.
    pub country: Country,
    /// The currency in which it is paid.
    pub currency: Currency,
    /// Its bank account for that currency, where one is on file.
    pub bank: Option<&'a BankAccount>,
}

/// What the ledger has sealed: an IBAN, or a number, before which that of its bank stands with a
/// blank between, where one is needed.
pub struct SealedDetails(Counterfoil);

impl SealedDetails {
    /// The bank accounts on file in a ledger.
    #[must_use]
    pub fn new(ledger: &Counterfoil) -> Self {
        Self(ledger.clone())
    }
}

impl Payees for SealedDetails {
    fn details(&self, payee: &OnFile<'_>) -> Result<Option<BankDetails>, SealError> {
        let Some(bank) = payee.bank else { return Ok(None) };
        let Some(text) = self.0.unseal(&bank.number)? else { return Ok(None) };
        let (routing, number) = parts(&text);
        Ok(Some(BankDetails::new(payee.country, routing, number)))
    }
}

/// The number of the bank, and that of the account.
fn parts(text: &str) -> (Option<&str>, &str) {
    // An IBAN (ISO 13616) begins with two letters and two digits, and is often written in groups.
    let iban = match text.as_bytes() {
        [one, two, three, four, ..] => {
            one.is_ascii_alphabetic()
                && two.is_ascii_alphabetic()
                && three.is_ascii_digit()
                && four.is_ascii_digit()
        }
        _ => false,
    };
    match text.split_once(' ') {
        Some((routing, number)) if !iban => (Some(routing), number),
        Some(_) | None => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_bank_stands_before_a_blank_but_not_in_an_iban() {
        assert_eq!(parts("110000000 000123456789"), (Some("110000000"), "000123456789"));
        assert_eq!(parts("000123456789"), (None, "000123456789"));
        assert_eq!(parts("DE89 3704 0044 0532 0130 00"), (None, "DE89 3704 0044 0532 0130 00"));
        assert_eq!(parts(""), (None, ""));
    }
}
