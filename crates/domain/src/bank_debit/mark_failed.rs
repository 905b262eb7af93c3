//! A bank debit did not arrive: a fact, which no policy refuses. Nothing was booked for it. Its
//! bank account is errored, as after a payout that failed: nothing is debited from it or paid to
//! it until a bank account is put on file again (that a debit does so too is unconfirmed).

use super::{BankDebitStatus, step};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::BankDebitId;
use crate::payout::FailureCode;
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Says that a bank debit did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkBankDebitFailed {
    /// Which bank debit.
    pub bank_debit: BankDebitId,
    /// Why.
    pub code: FailureCode,
}

impl Verb for MarkBankDebitFailed {
    fn needs(&self, _: &Loaded, needs: &mut Needs) {
        needs.add(self.bank_debit);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let failed = BankDebitStatus::Failed(self.code);
        let taken = (BankDebitStatus::Pending, Step::BankDebitFailed, failed);
        let (moved, ..) = step(scene.loaded, self.bank_debit, taken)?;
        Ok(moved.into())
    }
}
