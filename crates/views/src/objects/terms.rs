//! The terms that an account is under, from the events that opened the ledger and the account.

use std::cell::OnceCell;

use counterfoil_domain::settings::LossBearer;
use counterfoil_domain::{AccountId, Event};

use super::Reader;
use crate::unreadable::Unreadable;

/// Who bears losses, account by account; what the ledger was opened with is read once.
pub(crate) struct LossBearers<'a> {
    objects: Reader<'a>,
    ledgers: OnceCell<LossBearer>,
}

impl<'a> Reader<'a> {
    /// Who bears what accounts cannot pay back.
    pub(crate) fn loss_bearers(self) -> LossBearers<'a> {
        LossBearers { objects: self, ledgers: OnceCell::new() }
    }
}

impl LossBearers<'_> {
    /// Who bears what an account cannot pay back: by its controller, else as the ledger was
    /// opened.
    pub(crate) fn of(&self, account: AccountId) -> Result<LossBearer, Unreadable> {
        let objects = self.objects.objects;
        let made = objects.accounts.get(account.index()).map_or(0, |account| account.made);
        let event = self.objects.event(made)?.map(|recorded| recorded.event);
        if let Some(Event::AccountOnboarded(onboarded)) = event
            && let Some(controller) = onboarded.controller
        {
            return Ok(controller.losses);
        }
        match self.ledgers.get() {
            Some(bearer) => Ok(*bearer),
            None => {
                let bearer = self.of_the_ledger()?;
                Ok(*self.ledgers.get_or_init(|| bearer))
            }
        }
    }

    fn of_the_ledger(&self) -> Result<LossBearer, Unreadable> {
        match self.objects.event(0)?.map(|recorded| recorded.event) {
            Some(Event::LedgerOpened(settings)) => Ok(settings.loss_bearer),
            Some(_) | None => Err(Unreadable::event(0, "it does not open the ledger")),
        }
    }
}
