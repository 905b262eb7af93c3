//! Bank accounts and sealed data, version 1.

use counterfoil_domain::account::{BankAccount, KeyId, Sealed};
use counterfoil_domain::money::Currency;
use counterfoil_domain::{AccountId, Event};
use serde::{Deserialize, Serialize};

use crate::codec::Fault;
use crate::codec::values::currency;

/// A sealed piece of personal data.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SealedV1<'a> {
    key: [u8; 16],
    fingerprint: [u8; 8],
    ciphertext: &'a [u8],
}

/// A bank account on file.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct BankAccountV1<'a> {
    #[serde(borrow)]
    number: SealedV1<'a>,
    last4: [u8; 4],
}

/// A bank account that was put on file.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct BankAccountAttachedV1<'a> {
    account: u32,
    currency: u16,
    #[serde(borrow)]
    bank: BankAccountV1<'a>,
}

impl<'a> From<&'a Sealed> for SealedV1<'a> {
    fn from(sealed: &'a Sealed) -> Self {
        Self { key: sealed.key.0, fingerprint: sealed.fingerprint, ciphertext: &sealed.ciphertext }
    }
}

impl From<SealedV1<'_>> for Sealed {
    fn from(shape: SealedV1<'_>) -> Self {
        Self { key: KeyId(shape.key), fingerprint: shape.fingerprint, ciphertext: shape.ciphertext.into() }
    }
}

impl<'a> From<&'a BankAccount> for BankAccountV1<'a> {
    fn from(bank: &'a BankAccount) -> Self {
        Self { number: (&bank.number).into(), last4: bank.last4 }
    }
}

impl From<BankAccountV1<'_>> for BankAccount {
    fn from(shape: BankAccountV1<'_>) -> Self {
        Self { number: shape.number.into(), last4: shape.last4 }
    }
}

impl<'a> BankAccountAttachedV1<'a> {
    pub(in crate::codec) fn new(account: AccountId, currency: Currency, bank: &'a BankAccount) -> Self {
        Self { account: account.0, currency: currency.number(), bank: bank.into() }
    }
}

impl TryFrom<BankAccountAttachedV1<'_>> for Event {
    type Error = Fault;

    fn try_from(shape: BankAccountAttachedV1<'_>) -> Result<Self, Fault> {
        Ok(Self::BankAccountAttached {
            account: AccountId(shape.account),
            currency: currency(shape.currency)?,
            bank: Box::new(shape.bank.into()),
        })
    }
}
