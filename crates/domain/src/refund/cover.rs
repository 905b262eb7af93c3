//! Cover: whether who pays for a refund can.
//!
//! Beyond what the payer has available, what of its other money is pending, the fees that
//! the sale itself cost it, and the ledger's overdraft limit, a refund is refused or waits
//! (docs/decisions/waiting-refunds.md).

use super::RefundRefusal;
use crate::charge::Purse;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::{Currency, Minor, Money};
use crate::refusal::Refusal;

/// Somebody cannot pay its part of a refund.
pub(super) struct Short {
    /// Who.
    pub(super) payer: AccountId,
    /// What it must have available so that it can; more than it has.
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
    let (available, pending) = wallet.map_or((0, 0), |wallet| (wallet.available, wallet.pending));
    let other_pending = (pending - purse.pending_before()).max(0);
    let covered = available.saturating_add(other_pending).saturating_add(fees).saturating_add(limit);
    if asked > 0 && asked > covered {
        let need = available.saturating_add(asked.saturating_sub(covered));
        let (asked, covered) = (Money::new(currency, asked), Money::new(currency, covered));
        let refusal = RefundRefusal::NotCovered { account, asked, covered }.into();
        return Err(Short { payer: account, need, refusal });
    }
    Ok(())
}
