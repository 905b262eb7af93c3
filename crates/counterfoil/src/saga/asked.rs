//! Asking for a charge, and what came of it.

use counterfoil_domain::charge::{AskCharge, ChargeStanding};
use counterfoil_domain::{ChargeId, Event, Record, Recorded};

use super::Saga;
use super::error::SagaError;
use super::outcome::Paid;
use crate::error::ExecuteError;
use crate::execute::Execute;

impl Saga {
    /// Asks for a charge: `saga.charge(ledger.execute(AskCharge { .. }).idempotent("order-17"))`.
    /// It is durable before the processor hears of it. Without an idempotency key a caller that
    /// dies and asks again asks for another charge.
    ///
    /// # Errors
    /// A refusal of the ledger, before the processor was asked; a log that cannot be read, or a
    /// ledger that records nothing more. That the processor gives no answer is no error but
    /// [`Paid::Unknown`].
    pub async fn charge(&self, asked: Execute<'_, AskCharge>) -> Result<Paid, SagaError> {
        let receipt = asked.await?;
        if receipt.preview {
            return Err(ExecuteError::Malformed { why: "a preview asks nobody; execute it" }.into());
        }
        self.now.reach(receipt.time);
        let charge = receipt.reply.object;
        // The bank has no part in it, and keeps no buyer waiting.
        match self.put_to(&self.cards).await {
            Ok(()) | Err(SagaError::OutOfReach { .. }) => self.paid(charge).await,
            Err(error) => Err(error),
        }
    }

    /// What came of a charge that was asked, by the log.
    ///
    /// # Errors
    /// A log that cannot be read.
    pub async fn paid(&self, charge: ChargeId) -> Result<Paid, SagaError> {
        let mut feed = self.ledger.subscribe(charge.0.position());
        while let Some(recorded) = feed.try_next().await? {
            if let Some(paid) = answer(charge, &recorded) {
                return Ok(paid);
            }
        }
        Ok(Paid::Unknown { charge })
    }
}

/// What an event says came of a charge.
fn answer(id: ChargeId, recorded: &Recorded) -> Option<Paid> {
    let Event::Moved(moved) = &recorded.event else { return None };
    let Record::Charge(of, charge) = &moved.subject.record else { return None };
    if *of != id {
        return None;
    }
    if let ChargeStanding::Declined(code) = charge.standing() {
        return Some(Paid::Declined { charge: id, code });
    }
    let taken = charge.standing() == ChargeStanding::Succeeded;
    taken.then(|| Paid::Captured { charge: id, transfer: charge.own_transfer(id) })
}
