//! Drawing what comes in: bank debits, and what captures left in pending.

use counterfoil_domain::bank_debit::{BankDebitState, BankDebitStatus};
use counterfoil_domain::charge::PendingPart;
use counterfoil_domain::money::Money;
use counterfoil_domain::payout::FailureCode;

use super::draw::Draw;

impl Draw {
    pub(super) fn bank_debit(&mut self) -> BankDebitState {
        let status = match self.below(4) {
            0 => BankDebitStatus::Pending,
            1 => BankDebitStatus::Succeeded,
            2 => BankDebitStatus::Failed(self.named::<FailureCode>()),
            _ => BankDebitStatus::Returned(self.named::<FailureCode>()),
        };
        let (account, amount) = (self.account(), Money::new(self.currency(), self.i64()));
        BankDebitState { account, amount, status, arrival: self.day(), bank: self.bytes() }
    }

    pub(super) fn earlier(&mut self) -> Vec<PendingPart> {
        let mut parts: Vec<PendingPart> = self.list(4, |draw| PendingPart {
            day: draw.day(),
            left: draw.i64(),
            fee_left: draw.i64(),
            transfer_left: draw.i64(),
        });
        parts.sort_unstable_by_key(|part| part.day);
        parts.dedup_by_key(|part| part.day);
        parts
    }
}
