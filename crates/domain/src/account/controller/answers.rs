//! Who answers for an account: by its controller, else by the ledger's settings.

use super::Controller;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::settings::{FeePayer, LossBearer};

impl Ledger {
    /// Who pays the processing fee of an account's direct charges: by its controller, else by
    /// the ledger's settings. Of a charge that lives on the platform it is always the platform,
    /// whoever is merchant of record.
    #[must_use]
    pub fn fee_payer(&self, account: AccountId) -> FeePayer {
        match (self.controller(account), self.settings()) {
            (Some(controller), _) => controller.fees.of_payments(),
            (None, Some(settings)) => settings.fee_payer,
            (None, None) => FeePayer::Platform,
        }
    }

    /// Who bears what an account cannot pay back: by its controller, else by the ledger's
    /// settings.
    #[must_use]
    pub fn loss_bearer(&self, account: AccountId) -> LossBearer {
        match (self.controller(account), self.settings()) {
            (Some(controller), _) => controller.losses,
            (None, Some(settings)) => settings.loss_bearer,
            (None, None) => LossBearer::Platform,
        }
    }

    fn controller(&self, account: AccountId) -> Option<Controller> {
        self.account(account).and_then(|holder| holder.controller)
    }
}
