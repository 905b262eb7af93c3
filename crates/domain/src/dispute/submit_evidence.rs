//! Answering a dispute. Of one that took money the processor charges a second fee for it,
//! since June 2025 (<https://support.stripe.com/questions/dispute-fees>, unconfirmed); an inquiry
//! is answered for nothing.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | owner, pending while the sale is, else available | counter fee | |
//! | `rail:<rail>` | | counter fee |
//!
//! What is held of the charge is freed first, as for the dispute itself (`reserve/reverse.rs`). A
//! dispute is answered once, and in time.

use super::{DisputeRefusal, DisputeState, DisputeStatus, standing, withdraw};
use crate::books::{Book, Draft, Kind};
use crate::charge::ChargeRefusal;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::DisputeId;
use crate::money::{Minor, Money};
use crate::policy;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::reserve::{Freeing, HoldSource};
use crate::step::{Moved, Step};

/// Answers a dispute or an inquiry. The evidence itself goes to the processor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubmitEvidence {
    /// Which dispute.
    pub dispute: DisputeId,
    /// The processor's fee for it in minor units, the policy's where absent; none for an
    /// inquiry.
    pub fee: Option<Minor>,
}

impl Verb for SubmitEvidence {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.dispute);
        needs.add_all(loaded.get(self.dispute).map(|dispute| dispute.charge));
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        let needed = "warning_needs_response or needs_response";
        let dispute = standing(loaded, self.dispute, needs_response, needed)?;
        if context.now >= dispute.due_by {
            return Err(DisputeRefusal::Late { due_by: dispute.due_by }.into());
        }
        let mut dispute = dispute.clone();
        if dispute.status == DisputeStatus::WarningNeedsResponse {
            dispute.status = DisputeStatus::WarningUnderReview;
            let answered = Record::Dispute(self.dispute, dispute);
            return Ok(Moved::new(Step::DisputeEvidenceSubmitted, answered).into());
        }
        let charge_id = dispute.charge;
        let mut charge = loaded.get(charge_id).ok_or(ChargeRefusal::Unknown { charge: charge_id })?.clone();
        let fee = self.fee.unwrap_or_else(|| policy::counter_fee(charge.currency));
        withdraw::refuse_fee(ledger, Money::new(charge.currency, fee), 0)?;

        let mut draft = Draft::new(charge.currency);
        let mut owners = charge.purse(context.now.day());
        // The holds stand behind the dispute and its charge.
        let mut freeing = Freeing::behind(2, loaded);
        freeing.free(HoldSource::Charge(charge_id), (fee, charge.amount), &mut owners, &mut draft);
        owners.debit(draft.of(0), Kind::DisputeFee, fee);
        draft.credit(Book::Rail(charge.rail), Kind::DisputeFee, fee);
        charge.keep(&owners);
        let dispute = DisputeState { status: DisputeStatus::UnderReview, counter_fee: fee, ..dispute };
        let moved =
            Moved::new(Step::DisputeEvidenceSubmitted, Record::Dispute(self.dispute, dispute)).of(fee);
        let moved = moved.beside(Record::Charge(charge_id, charge), 0);
        Ok(freeing.add_to(moved).booked(draft, ledger).into())
    }
}

fn needs_response(status: DisputeStatus) -> bool {
    matches!(status, DisputeStatus::WarningNeedsResponse | DisputeStatus::NeedsResponse)
}
