//! Cover: whether who pays for a refund can.
//!
//! Connect leaves a refund that its payer cannot cover pending, or lets the balance go
//! negative. Ours is refused unless the ledger was opened with an overdraft limit
//! (docs/decisions/refund-cover.md).

use super::RefundRefusal;
use crate::charge::Purse;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::{Currency, Money};

/// Refuses what `purse` took from the available balance of `account` beyond what is
/// there and the ledger's overdraft limit.
pub(super) fn refuse_uncovered(
    ledger: &Ledger,
    account: AccountId,
    currency: Currency,
    purse: &Purse,
) -> Result<(), RefundRefusal> {
    let asked = purse.drawn();
    let limit = ledger.settings().map_or(0, |settings| settings.overdraft_limit);
    let available = ledger.account(account).map_or(0, |account| account.available(currency));
    let covered = available.saturating_add(limit);
    if asked > 0 && asked > covered {
        let (asked, available) = (Money::new(currency, asked), Money::new(currency, covered.max(0)));
        return Err(RefundRefusal::NotCovered { account, asked, available });
    }
    Ok(())
}
