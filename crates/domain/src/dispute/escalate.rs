//! An inquiry became a dispute: a fact, which no policy refuses. Its money is taken now
//! (`withdraw.rs`).

use super::{DisputeStatus, recover, standing, withdraw};
use crate::calendar::Timestamp;
use crate::charge::ChargeRefusal;
use crate::decide::{Scene, Verb};
use crate::dispute::{DisputeRefusal, DisputeState};
use crate::event::Events;
use crate::id::DisputeId;
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs};
use crate::refusal::Refusal;
use crate::step::Step;

/// Says that an inquiry became a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EscalateInquiry {
    /// Which inquiry.
    pub dispute: DisputeId,
    /// How much is disputed, in the charge's currency, where not what the inquiry was about.
    pub amount: Option<Minor>,
    /// The instant from which on evidence comes too late.
    pub due_by: Timestamp,
    /// The processor's fee in minor units; the policy's where absent.
    pub fee: Option<Minor>,
}

impl Verb for EscalateInquiry {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.dispute);
        if let Some(dispute) = loaded.get(self.dispute) {
            needs.add(dispute.charge);
            recover::needs(dispute.charge, &dispute.recovery, loaded, needs);
        }
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let open = DisputeStatus::is_open_inquiry;
        let needed = "warning_needs_response or warning_under_review";
        let dispute = standing(scene.loaded, self.dispute, open, needed)?;
        let id = dispute.charge;
        let charge = scene.loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?.clone();
        if charge.refuse_without_money().is_err() {
            return Err(DisputeRefusal::WithoutMoney { status: charge.standing().name() }.into());
        }
        let amount = Money { minor: self.amount.unwrap_or(dispute.amount.minor), ..dispute.amount };
        if amount.minor <= 0 {
            return Err(DisputeRefusal::NotPositive { said: amount }.into());
        }
        withdraw::refuse_too_large(scene.ledger, amount)?;

        let dispute = DisputeState { amount, due_by: self.due_by, ..dispute.clone() };
        withdraw::withdraw((self.dispute, dispute), charge, self.fee, Step::DisputeEscalated, scene)
    }
}
