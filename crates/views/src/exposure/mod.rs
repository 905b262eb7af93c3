//! Exposure: what whoever bears the losses would lose if a seller vanished today.
//!
//! ```text
//! exposure = debt + own charges + transferred − own money, and never below zero
//! ```
//!
//! | part | of a seller, in one currency |
//! |---|---|
//! | debt | what its available balance is below zero |
//! | own charges | what its payers may still be given back of its direct charges |
//! | transferred | what the payers of the platform's charges may still be given back, as far as it was transferred to the seller and not reversed |
//! | own money | its pending, available, reserved and prefunded balances, where above zero |
//!
//! A payment may be given back, by a refund or a dispute, so many days after it was captured.
//! What was authorised and not captured has nothing to give back; a payment whose result comes
//! after it was booked can fail late, and counts whole. A payout on its way is the seller's bank's already.
//! The formula, its bounds and a worked example are in docs/decisions/exposure.md.

mod returnable;

#[cfg(test)]
mod tests;

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor};
use counterfoil_domain::settings::LossBearer;

use self::returnable::Sums;
use crate::balance::{AccountBalance, Funds};
use crate::unreadable::Unreadable;
use crate::{Balance, objects};

/// What would be lost with one seller, in one currency; all in minor units and at least zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exposure {
    /// Whose.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// What it owes already.
    pub debt: Minor,
    /// What the payers of its direct charges may be given back.
    pub own_charges: Minor,
    /// What the payers of the platform's charges may be given back of what it was transferred.
    pub transferred: Minor,
    /// What of its own is still here.
    pub own_money: Minor,
    /// Who bears its debts and the losses on its own charges. What it was transferred is always
    /// the platform's to bear: the charges are the platform's.
    pub loss_bearer: LossBearer,
}

/// The exposures, to ask for them.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    balance: &'a Balance,
    objects: objects::Reader<'a>,
    now: Timestamp,
}

impl Exposure {
    /// What would be lost if the seller vanished, by whoever bears it.
    #[must_use]
    pub fn amount(&self) -> Minor {
        let at_risk = self.debt.saturating_add(self.own_charges).saturating_add(self.transferred);
        (at_risk - self.own_money).max(0)
    }

    /// What of that the platform would lose. Where the operator bears losses, the seller's own
    /// money serves its debt and its own charges first.
    #[must_use]
    pub fn of_platform(&self) -> Minor {
        match self.loss_bearer {
            LossBearer::Platform => self.amount(),
            LossBearer::Operator => self.amount().min(self.transferred),
        }
    }
}

impl<'a> Reader<'a> {
    pub(crate) fn new(balance: &'a Balance, objects: objects::Reader<'a>, now: Timestamp) -> Self {
        Self { balance, objects, now }
    }

    /// The exposures to one seller or to all, where anything is at risk or held: payments may be
    /// given back within so many days, which are [`counterfoil_domain::policy::RETURN_DAYS`] where
    /// nothing else is known.
    ///
    /// It reads the charges and transfers of that time from the log.
    ///
    /// # Errors
    /// Rows or events that cannot be read.
    pub fn of(self, account: Option<AccountId>, days: u16) -> Result<Vec<Exposure>, Unreadable> {
        let from = self.now.day().plus(i32::from(days).saturating_neg());
        let bearers = self.objects.loss_bearers();
        let (mut found, mut at_risk) = (Vec::new(), None::<AtRisk>);
        // The rows of one account come together.
        for row in self.balance.rows(account).filter(|row| !row.account.is_platform()) {
            let of_account = match at_risk.take().filter(|of| of.account == row.account) {
                Some(of_account) => of_account,
                None => AtRisk {
                    account: row.account,
                    own_charges: self.objects.returnable_of_charges(row.account, from)?,
                    transferred: self.objects.returnable_of_transfers(row.account, from)?,
                    loss_bearer: bearers.of(row.account)?,
                },
            };
            let exposure = of_account.exposure(&row);
            if exposure.amount() > 0 || row.funds != Funds::default() {
                found.push(exposure);
            }
            at_risk = Some(of_account);
        }
        Ok(found)
    }
}

/// What may go back of one account's, in each currency.
struct AtRisk {
    account: AccountId,
    own_charges: Sums,
    transferred: Sums,
    loss_bearer: LossBearer,
}

impl AtRisk {
    fn exposure(&self, row: &AccountBalance) -> Exposure {
        let AccountBalance { account, currency, funds } = *row;
        let own = [funds.pending, funds.available, funds.reserved, funds.prefunded];
        Exposure {
            account,
            currency,
            debt: funds.available.min(0).saturating_neg(),
            own_charges: self.own_charges.get(&currency).copied().unwrap_or_default(),
            transferred: self.transferred.get(&currency).copied().unwrap_or_default(),
            own_money: own.iter().fold(0, |sum: Minor, amount| sum.saturating_add((*amount).max(0))),
            loss_bearer: self.loss_bearer,
        }
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reader of exposures at {}", self.now)
    }
}
