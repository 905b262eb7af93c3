//! Cover: whether who pays for a refund can.
//!
//! Connect leaves a refund that its payer cannot cover pending, or lets the balance go
//! negative. Ours is refused beyond what the payer has available, what of its other
//! money is pending, the fees that the sale itself cost it, and the ledger's overdraft
//! limit (docs/decisions/refund-cover.md).

use super::RefundRefusal;
use crate::charge::Purse;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::{Currency, Minor, Money};

/// Refuses what `purse` took from the available balance of `account` beyond its cover.
/// `fees` is what the refunded sale itself cost the account.
pub(super) fn refuse_uncovered(
    ledger: &Ledger,
    account: AccountId,
    currency: Currency,
    purse: &Purse,
    fees: Minor,
) -> Result<(), RefundRefusal> {
    let asked = purse.drawn();
    let limit = ledger.settings().map_or(0, |settings| settings.overdraft_limit);
    let wallet = ledger.account(account).and_then(|account| account.wallet(currency));
    let (available, pending) = wallet.map_or((0, 0), |wallet| (wallet.available, wallet.pending));
    let other_pending = (pending - purse.pending_before()).max(0);
    let covered = available.saturating_add(other_pending).saturating_add(fees).saturating_add(limit);
    if asked > 0 && asked > covered {
        let (asked, covered) = (Money::new(currency, asked), Money::new(currency, covered));
        return Err(RefundRefusal::NotCovered { account, asked, covered });
    }
    Ok(())
}
