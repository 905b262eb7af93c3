//! Cover: whether who pays for a refund can.
//!
//! Beyond what the payer has available and prefunded, what of its other money is pending, the
//! fees that the sale itself cost it, and the ledger's overdraft limit, a refund is refused or
//! waits (docs/decisions/waiting-refunds.md). What it draws beyond available is booked there all
//! the same, and its prefunding follows at once.

use super::RefundRefusal;
use crate::account::Wallet;
use crate::charge::Purse;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::{Currency, Minor, Money};
use crate::refusal::Refusal;

/// Somebody cannot pay its part of a refund.
pub(super) struct Short {
    /// Who.
    pub(super) payer: AccountId,
    /// What it must have available and prefunded so that it can; more than it has.
    pub(super) need: Minor,
    /// The rule that is broken where the refund may not wait.
    pub(super) refusal: Refusal,
}

/// Whether what `purse` took from the available balance of `account` is covered.
/// `fees` is what the refunded sale itself cost the account.
pub(super) fn covered(
    ledger: &Ledger,
    account: AccountId,
    currency: Currency,
    purse: &Purse,
    fees: Minor,
) -> Result<(), Short> {
    let asked = purse.drawn();
    let limit = ledger.settings().map_or(0, |settings| settings.overdraft_limit);
    let wallet = ledger.account(account).and_then(|account| account.wallet(currency));
    let (has, pending) = wallet.map_or((0, 0), |wallet| (usable(wallet), wallet.pending));
    let other_pending = (pending - purse.pending_before()).max(0);
    let covered = has.saturating_add(other_pending).saturating_add(fees).saturating_add(limit);
    if asked > 0 && asked > covered {
        let need = has.saturating_add(asked.saturating_sub(covered));
        let (asked, covered) = (Money::new(currency, asked), Money::new(currency, covered));
        let refusal = RefundRefusal::NotCovered { account, asked, covered }.into();
        return Err(Short { payer: account, need, refusal });
    }
    Ok(())
}

/// What an account can give for refunds at once.
pub(super) fn usable(wallet: &Wallet) -> Minor {
    wallet.available.saturating_add(wallet.prefunded)
}
