//! A payer disputes a charge, or inquires about it: a fact, which no policy refuses.
//!
//! An inquiry posts nothing. A dispute takes its money at once (`withdraw.rs`).

use super::{
    Consequence, DisputeReason, DisputeRefusal, DisputeState, DisputeStatus, Recovery, recover, withdraw,
};
use crate::calendar::Timestamp;
use crate::charge::{ChargeRefusal, ChargeState};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{ChargeId, DisputeId};
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::split::SplitRefusal;
use crate::step::{Moved, Step};

/// Says that a payer disputes a charge, or inquires about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OpenDispute {
    /// Which charge.
    pub charge: ChargeId,
    /// How much is disputed, in the charge's currency; the whole charge where absent. It may be
    /// more than the charge, or than what is left of it.
    pub amount: Option<Minor>,
    /// Why.
    pub reason: DisputeReason,
    /// The instant from which on evidence comes too late: 7 to 21 days after, by network and
    /// reason (unconfirmed).
    pub due_by: Timestamp,
    /// Whether it is an inquiry: nothing is taken yet.
    pub inquiry: bool,
    /// The processor's fee in minor units, the policy's where absent; of an inquiry it is named
    /// when it is escalated.
    pub fee: Option<Minor>,
    /// What is taken back from sellers once money is taken. The platform's policy, which is no
    /// part of the fact: where it finds nothing to take, nothing is taken.
    pub recovery: Recovery,
}

impl OpenDispute {
    /// A dispute of the whole charge that takes nothing back from sellers.
    #[must_use]
    pub fn new(charge: ChargeId, reason: DisputeReason, due_by: Timestamp) -> Self {
        Self { charge, amount: None, reason, due_by, inquiry: false, fee: None, recovery: Recovery::None }
    }

    fn state(&self, charge: &ChargeState, amount: Minor, created: Timestamp) -> DisputeState {
        DisputeState {
            charge: self.charge,
            owner: charge.owner,
            seller: charge.seller,
            amount: Money::new(charge.currency, amount),
            reason: self.reason,
            status: DisputeStatus::WarningNeedsResponse,
            created,
            due_by: self.due_by,
            withdrawn: 0,
            drawn: 0,
            booked_at: 0,
            fee: 0,
            counter_fee: 0,
            recovery: self.recovery,
            recovered: Vec::new(),
            next: Consequence::Nothing,
            transfer_group: charge.transfer_group.clone(),
        }
    }
}

impl Verb for OpenDispute {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
        recover::needs(self.charge, self.recovery, loaded, needs);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let charge = scene.loaded.get(self.charge).ok_or(ChargeRefusal::Unknown { charge: self.charge })?;
        let standing = charge.standing();
        if charge.refuse_without_money().is_err() {
            return Err(DisputeRefusal::WithoutMoney { status: standing.name() }.into());
        }
        if let Recovery::ByLiability(split) = self.recovery
            && scene.loaded.get(split).is_none()
        {
            return Err(SplitRefusal::Unknown { split }.into());
        }
        let amount = self.amount.unwrap_or(charge.amount);
        if amount <= 0 {
            return Err(DisputeRefusal::NotPositive { said: Money::new(charge.currency, amount) }.into());
        }
        withdraw::refuse_too_large(scene.ledger, Money::new(charge.currency, amount))?;

        let (id, charge) = (DisputeId::new(scene.context.position, 0), charge.clone());
        let dispute = self.state(&charge, amount, scene.context.now);
        if self.inquiry {
            return Ok(Moved::new(Step::DisputeOpened, Record::Dispute(id, dispute)).into());
        }
        withdraw::withdraw((id, dispute), charge, self.fee, Step::DisputeOpened, scene)
    }
}
