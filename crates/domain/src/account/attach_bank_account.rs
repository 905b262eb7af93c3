//! Putting a bank account on file, or a new one in the place of one that failed.
//! Posts nothing.

use super::{AccountRefusal, BankAccount, Sealed};
use crate::decide::Context;
use crate::event::{Event, Events};
use crate::id::AccountId;
use crate::ledger::Ledger;
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

/// Decides a bank account.
pub(crate) fn decide(ledger: &Ledger, command: &AttachBankAccount, _: &Context) -> Result<Events, Refusal> {
    let account = command.account;
    if ledger.account(account).is_none() {
        return Err(AccountRefusal::Unknown { account }.into());
    }

    let bank = BankAccount { number: command.number.clone(), last4: command.last4 };
    let currency = command.currency;
    Ok(Events::from_iter([Event::BankAccountAttached { account, currency, bank: Box::new(bank) }]))
}
