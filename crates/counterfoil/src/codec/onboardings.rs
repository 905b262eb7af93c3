//! Draws of onboarded accounts.

use counterfoil_domain::account::onboard::Onboarded;
use counterfoil_domain::account::{Controller, Gates, Requirement};
use counterfoil_domain::charge::ProcessingFee;

use super::draw::Draw;

impl Draw {
    pub(super) fn onboarded(&mut self) -> Onboarded {
        Onboarded {
            account: self.account(),
            country: self.country(),
            currency: self.currency(),
            holder: self.option(Self::sealed),
            schedule: self.schedule(),
            requirements: self.list(6, |draw| Requirement {
                name: draw.named(),
                gates: Gates { charges: draw.bool(), payouts: draw.bool() },
                standing: draw.standing(),
            }),
            bank_account: self.option(Self::bank),
            details: self.details(),
            controller: self.option(|draw| Controller {
                fees: draw.named(),
                losses: draw.named(),
                requirements: draw.named(),
                dashboard: draw.named(),
            }),
            processing_fee: self.option(|draw| ProcessingFee { rate: draw.rate(), fixed: draw.i64() }),
        }
    }
}
