//! A bank account on file: where a payout goes.

use super::Sealed;

/// Where an account is paid in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BankAccount {
    /// Its number and holder, sealed.
    pub number: Sealed,
    /// The last four characters of its number, for people to recognise it.
    pub last4: [u8; 4],
}
