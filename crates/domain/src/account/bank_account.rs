//! A bank account on file: where a payout goes.

use super::Sealed;

/// Where an account is paid in one currency.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BankAccount {
    /// Its number and holder, sealed.
    pub number: Sealed,
    /// The last four characters of its number, for people to recognise it.
    pub last4: [u8; 4],
    /// Whether it can be paid.
    pub status: BankStatus,
}

/// Whether a bank account can be paid
/// (<https://docs.stripe.com/api/external_account_bank_accounts/object>).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BankStatus {
    /// It can.
    Usable,
    /// A payout to it failed; nothing is paid there until it is put on file again.
    Errored,
}
