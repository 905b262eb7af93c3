//! The terms that an account is under, from the events that opened the ledger and the account.

use counterfoil_domain::settings::LossBearer;
use counterfoil_domain::{AccountId, Event};

use super::Reader;
use crate::unreadable::Unreadable;

impl Reader<'_> {
    /// Who bears what an account cannot pay back: by its controller, else as the ledger was
    /// opened.
    pub(crate) fn loss_bearer(&self, account: AccountId) -> Result<LossBearer, Unreadable> {
        let made = self.objects.accounts.get(account.index()).map_or(0, |account| account.made);
        let event = self.event(made)?.map(|recorded| recorded.event);
        if let Some(Event::AccountOnboarded(onboarded)) = event
            && let Some(controller) = onboarded.controller
        {
            return Ok(controller.losses);
        }
        match self.event(0)?.map(|recorded| recorded.event) {
            Some(Event::LedgerOpened(settings)) => Ok(settings.loss_bearer),
            Some(_) | None => Err(Unreadable::event(0, "it does not open the ledger")),
        }
    }
}
