//! Where a transfer may go: within the platform's region.

use super::TransferRefusal;
use crate::account::Account;
use crate::id::AccountId;
use crate::ledger::Ledger;

/// Refuses money between the platform and a seller whose regions exchange none.
pub(crate) fn refuse_abroad(ledger: &Ledger, seller: &Account) -> Result<(), TransferRefusal> {
    let Some(platform) = ledger.account(AccountId::PLATFORM) else {
        return Ok(());
    };
    if platform.country.exchanges_with(seller.country) {
        return Ok(());
    }
    Err(TransferRefusal::Region { platform: platform.country, seller: seller.country })
}
