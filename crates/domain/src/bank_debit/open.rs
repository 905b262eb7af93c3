//! What the ledger in memory knows of bank debits: whom it may debit, and whom it has.

use smallvec::SmallVec;

use super::{BankDebitState, BankDebitStatus};
use crate::account::Account;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::Currency;
use crate::settings::RequirementCollector;

/// What an account has of bank debits; few have anything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BankDebits {
    /// Whether a balance below zero is debited, where that was said.
    pub debit_negative_balances: Option<bool>,
    /// The currencies in which a debit is pending.
    pub pending: SmallVec<[Currency; 1]>,
}

impl Ledger {
    /// Whether what the account owes is debited from its bank.
    ///
    /// Where it was never said: not of the platform (our rule), nor where the platform collects
    /// what the account must provide, by its controller or the ledger's settings
    /// (<https://docs.stripe.com/api/balance_settings/object>).
    #[must_use]
    pub fn debits_negative_balances(&self, account: AccountId) -> bool {
        let said = self.account(account).and_then(|holder| holder.bank_debits.as_ref());
        said.and_then(|debits| debits.debit_negative_balances).unwrap_or_else(|| {
            !account.is_platform() && self.requirement_collector(account) == RequirementCollector::Operator
        })
    }
}

/// Whether an account that owes would be debited on its payout day: it may be, its bank account
/// is on file and usable, and no other debit is on its way. A requirement that closes payouts
/// does not matter: it is about what an account receives.
pub(crate) fn is_due(ledger: &Ledger, account: AccountId, currency: Currency) -> bool {
    let Some(holder) = ledger.account(account) else {
        return false;
    };
    let pending = holder.bank_debits.as_ref().is_some_and(|debits| debits.pending.contains(&currency));
    holder.available(currency) < 0
        && !pending
        && holder.bank_is_usable(currency)
        && holder.bank_accounts.iter().any(|(of, _)| *of == currency)
        && ledger.debits_negative_balances(account)
}

/// Sets whether what an account owes is debited.
pub(crate) fn set(holder: &mut Account, on: bool) {
    holder.bank_debits.get_or_insert_default().debit_negative_balances = Some(on);
}

/// Takes in a bank debit as a step left it: who is debited is not debited again meanwhile, and
/// whose bank refused it is not, nor paid, until a bank account is put on file.
pub(crate) fn take_in(ledger: &mut Ledger, debit: &BankDebitState) {
    let (account, currency) = (debit.account, debit.amount.currency);
    let Some(holder) = ledger.accounts.get_mut(account.index()) else {
        return;
    };
    let debits = holder.bank_debits.get_or_insert_default();
    match debit.status {
        BankDebitStatus::Pending => debits.pending.push(currency),
        BankDebitStatus::Succeeded => debits.pending.retain(|of| *of != currency),
        BankDebitStatus::Failed(_) => {
            debits.pending.retain(|of| *of != currency);
            holder.note_errored(currency, Some(debit.bank));
        }
        // Another may be on its way already.
        BankDebitStatus::Returned(_) => holder.note_errored(currency, Some(debit.bank)),
    }
    ledger.refresh_payable(account, currency);
}
