//! Sellers: who may take a charge or a share of one, and who is its merchant of record.

use super::{Charge, ChargeKind, ChargeRefusal};
use crate::account::{Account, AccountRefusal, Gate};
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::refusal::Refusal;
use crate::settings::{LossBearer, Settings};
use crate::transfer::refuse_abroad;

/// The connected account that is merchant of record of a charge, where the platform is not:
/// the seller of a direct charge, or whom another charge is made on behalf of.
pub(super) fn merchant<'a>(
    ledger: &'a Ledger,
    settings: &Settings,
    command: &Charge,
) -> Result<Option<&'a Account>, Refusal> {
    match (command.kind, command.on_behalf_of) {
        (ChargeKind::Direct { account, .. }, None) => receiving_account(ledger, account).map(Some),
        (ChargeKind::Direct { .. }, Some(_)) => Err(ChargeRefusal::OnBehalfOfDirect.into()),
        (ChargeKind::Destination { account, .. }, merchant) => {
            let seller = sharing_account(ledger, account)?;
            match merchant {
                Some(other) if other != account => Err(ChargeRefusal::OnBehalfOfAnother { account }.into()),
                Some(_) => Ok(Some(seller)),
                None => Ok(None),
            }
        }
        (ChargeKind::Separate, merchant) => {
            if settings.loss_bearer == LossBearer::Operator {
                return Err(ChargeRefusal::LossBearer.into());
            }
            merchant.map(|account| on_behalf_of(ledger, account)).transpose()
        }
    }
}

/// The account that a separate charge is made on behalf of. It needs what a direct charge needs
/// (<https://docs.stripe.com/connect/separate-charges-and-transfers#settlement-merchant>).
fn on_behalf_of(ledger: &Ledger, account: AccountId) -> Result<&Account, Refusal> {
    if account.is_platform() {
        return Err(ChargeRefusal::SellerIsPlatform.into());
    }
    let merchant = ledger.account(account).ok_or(AccountRefusal::Unknown { account })?;
    refuse_operators_losses(ledger, account)?;
    if let Some(requirement) = merchant.closed_by(Gate::Charges) {
        let requirement = requirement.name;
        return Err(ChargeRefusal::OnBehalfOfClosed { account, requirement }.into());
    }
    let platform = ledger.account(AccountId::PLATFORM).map_or(merchant.country, |platform| platform.country);
    if !platform.exchanges_with(merchant.country) {
        return Err(ChargeRefusal::OnBehalfOfAbroad { platform, merchant: merchant.country }.into());
    }
    Ok(merchant)
}

/// The connected account `account`, where it may take charges and transfers.
pub(crate) fn receiving_account(ledger: &Ledger, account: AccountId) -> Result<&Account, Refusal> {
    if account.is_platform() {
        return Err(ChargeRefusal::SellerIsPlatform.into());
    }
    let seller = ledger.account(account).ok_or(AccountRefusal::Unknown { account })?;
    match seller.closed_by(Gate::Charges) {
        Some(requirement) => Err(ChargeRefusal::Closed { account, requirement: requirement.name }.into()),
        None => Ok(seller),
    }
}

/// The connected account `account`, where it may take a share of what the platform charged: the
/// platform answers for it, and money may go to its country.
pub(crate) fn sharing_account(ledger: &Ledger, account: AccountId) -> Result<&Account, Refusal> {
    refuse_operators_losses(ledger, account)?;
    let seller = receiving_account(ledger, account)?;
    refuse_abroad(ledger, seller)?;
    Ok(seller)
}

/// Refuses an account whose losses the operator bears: it takes direct charges only
/// (<https://docs.stripe.com/connect/charges>).
fn refuse_operators_losses(ledger: &Ledger, account: AccountId) -> Result<(), ChargeRefusal> {
    if ledger.loss_bearer(account) == LossBearer::Platform {
        return Ok(());
    }
    let by_controller = ledger.account(account).is_some_and(|holder| holder.controller.is_some());
    Err(if by_controller { ChargeRefusal::LossesOf { account } } else { ChargeRefusal::LossBearer })
}
