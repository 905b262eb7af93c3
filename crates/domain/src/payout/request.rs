//! Requesting a payout by hand; what it posts is in `plan.rs`.

use super::{PayoutRefusal, plan};
use crate::account::{Account, AccountRefusal, Gate};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::AccountId;
use crate::money::{Currency, Minor, Money};
use crate::refusal::Refusal;

/// Pays an account out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestPayout {
    /// Who is paid.
    pub account: AccountId,
    /// In which currency.
    pub currency: Currency,
    /// How much; where absent, all that is available above the minimum balance.
    pub amount: Option<Minor>,
}

impl Verb for RequestPayout {
    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, context, .. } = *scene;
        let RequestPayout { account, currency, .. } = *self;
        let holder = ledger.account(account).ok_or(AccountRefusal::Unknown { account })?;
        refuse_closed(account, holder, currency)?;
        let available = holder.available(currency);
        let amount = self.amount.unwrap_or_else(|| available.saturating_sub(holder.minimum(currency)));
        let asked = Money::new(currency, amount);
        if amount <= 0 {
            return Err(PayoutRefusal::NotPositive { asked }.into());
        }
        if amount > available {
            let available = Money::new(currency, available);
            return Err(PayoutRefusal::ExceedsAvailable { asked, available }.into());
        }

        Ok(Events::from_iter([plan(ledger, account, currency, amount, false, context)]))
    }
}

fn refuse_closed(account: AccountId, holder: &Account, currency: Currency) -> Result<(), PayoutRefusal> {
    if let Some(requirement) = holder.closed_by(Gate::Payouts) {
        return Err(PayoutRefusal::Closed { account, requirement: requirement.name });
    }
    if !holder.bank_is_usable(currency) {
        return Err(PayoutRefusal::BankErrored { account });
    }
    Ok(())
}
