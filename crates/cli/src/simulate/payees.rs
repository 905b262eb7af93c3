//! Where simulated sellers are paid: at a bank account of which the seed decides what comes.

use counterfoil::rails::bank::BankDetails;
use counterfoil::saga::{OnFile, Payees};
use counterfoil::sealing::SealError;

/// Everybody banks at the simulator's drawn account.
pub(super) struct SimulatedPayees;

impl Payees for SimulatedPayees {
    fn details(&self, payee: &OnFile<'_>) -> Result<Option<BankDetails>, SealError> {
        Ok(Some(BankDetails::new(payee.country, None, "bank_drawn")))
    }
}
