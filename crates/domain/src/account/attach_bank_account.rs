//! Putting a bank account on file, or a new one in the place of one that failed.
//! Posts nothing.

use super::{AccountRefusal, BankAccount, Sealed};
use crate::decide::{Scene, Verb};
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::money::Currency;
use crate::refusal::Refusal;

/// Puts a bank account on file for one currency; automatic payouts resume.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct AttachBankAccount {
    /// Whose.
    pub account: AccountId,
    /// Which currency it is paid in.
    pub currency: Currency,
    /// Its number and holder.
    pub number: Sealed,
    /// The last four characters of its number.
    pub last4: [u8; 4],
}

impl Verb for AttachBankAccount {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, .. } = *scene;
        let account = self.account;
        if ledger.account(account).is_none() {
            return Err(AccountRefusal::Unknown { account }.into());
        }

        let bank = BankAccount { number: self.number.clone(), last4: self.last4 };
        let currency = self.currency;
        Ok(Events::from_iter([Event::BankAccountAttached { account, currency, bank: Box::new(bank) }]))
    }
}
