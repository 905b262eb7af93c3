//! A payer disputes a charge, or inquires about it: a fact, which no policy refuses.
//!
//! An inquiry posts nothing. A dispute takes its money at once (`withdraw.rs`).
//!
//! A fact may be told again when nobody remembers the key under which it was told first. So the
//! charge keeps its disputes, and refuses one whose reference it has, however that stands by now
//! (docs/decisions/disputes.md).

use super::{
    Consequence, DisputeReason, DisputeReference, DisputeRefusal, DisputeState, DisputeStatus, Recovery,
    recover, withdraw,
};
use crate::calendar::Timestamp;
use crate::charge::{ChargeRefusal, ChargeState};
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{ChargeId, DisputeId, SplitId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs, Record};
use crate::refund::{MOST_LIABLE_SPLITS, MOST_RECOVERED, RefundRefusal};
use crate::refusal::Refusal;
use crate::split::SplitRefusal;
use crate::step::{Moved, Step};
use crate::transfer::TransferRefusal;

/// The most disputes and inquiries of one charge, whatever became of them: every event that changes
/// the charge names them, and must fit a frame. A fact beyond is a number that does not fit.
pub const MOST_DISPUTES: usize = 16;

/// Says that a payer disputes a charge, or inquires about it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OpenDispute {
    /// Which charge.
    pub charge: ChargeId,
    /// What the processor calls it. It keeps that where it is escalated.
    pub reference: DisputeReference,
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
    pub fn new(
        charge: ChargeId,
        reference: DisputeReference,
        reason: DisputeReason,
        due_by: Timestamp,
    ) -> Self {
        let (amount, fee, recovery) = (None, None, Recovery::None);
        Self { charge, reference, amount, reason, due_by, inquiry: false, fee, recovery }
    }

    fn state(&self, charge: &ChargeState, amount: Minor, created: Timestamp) -> DisputeState {
        DisputeState {
            charge: self.charge,
            reference: self.reference.clone(),
            owner: charge.owner,
            seller: charge.seller,
            amount: Money::new(charge.currency, amount),
            reason: self.reason,
            status: DisputeStatus::WarningNeedsResponse,
            created,
            due_by: self.due_by,
            before: 0,
            withdrawn: 0,
            drawn: 0,
            booked_at: 0,
            fee: 0,
            counter_fee: 0,
            recovery: self.recovery.clone(),
            recovered: Vec::new(),
            next: Consequence::Nothing,
            transfer_group: charge.transfer_group.clone(),
        }
    }
}

impl OpenDispute {
    /// What is named is little, exists, and is named once.
    fn refuse_recovery(&self, loaded: &Loaded) -> Result<(), Refusal> {
        match &self.recovery {
            Recovery::None | Recovery::OwnTransfer { .. } => Ok(()),
            Recovery::ByLiability(splits) => refuse_splits(splits, loaded),
            Recovery::Exactly(parts) => refuse_transfers(parts, loaded),
        }
    }

    /// Whether more is named than one dispute reads, which is refused.
    fn names_many(&self) -> bool {
        match &self.recovery {
            Recovery::None | Recovery::OwnTransfer { .. } => false,
            Recovery::ByLiability(splits) => splits.len() > MOST_LIABLE_SPLITS,
            Recovery::Exactly(parts) => parts.len() > MOST_RECOVERED,
        }
    }
}

fn refuse_splits(splits: &[SplitId], loaded: &Loaded) -> Result<(), Refusal> {
    if splits.len() > MOST_LIABLE_SPLITS {
        return Err(RefundRefusal::ManySplits { named: splits.len() }.into());
    }
    for (index, split) in splits.iter().enumerate() {
        if loaded.get(*split).is_none() {
            return Err(SplitRefusal::Unknown { split: *split }.into());
        }
        if splits.iter().skip(index + 1).any(|other| other == split) {
            return Err(RefundRefusal::SplitTwice { split: *split }.into());
        }
    }
    Ok(())
}

fn refuse_transfers(parts: &[(TransferId, Minor)], loaded: &Loaded) -> Result<(), Refusal> {
    if parts.len() > MOST_RECOVERED {
        return Err(RefundRefusal::ManyTransfers { named: parts.len() }.into());
    }
    for (index, (id, amount)) in parts.iter().enumerate() {
        let transfer = loaded.get(*id).ok_or(TransferRefusal::Unknown { transfer: *id })?;
        if parts.iter().skip(index + 1).any(|(other, _)| other == id) {
            return Err(RefundRefusal::TransferTwice { transfer: *id }.into());
        }
        if *amount <= 0 {
            let asked = Money::new(transfer.currency, *amount);
            return Err(TransferRefusal::NotPositive { asked }.into());
        }
    }
    Ok(())
}

impl Verb for OpenDispute {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
        needs.add_all(loaded.get(self.charge).iter().flat_map(|charge| charge.disputes()).copied());
        if self.names_many() {
            return;
        }
        recover::needs(self.charge, &self.recovery, loaded, needs);
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let charge = scene.loaded.get(self.charge).ok_or(ChargeRefusal::Unknown { charge: self.charge })?;
        refuse_known(charge, &self.reference, scene.loaded)?;
        let standing = charge.standing();
        if charge.refuse_without_money().is_err() {
            return Err(DisputeRefusal::WithoutMoney { status: standing.name() }.into());
        }
        self.refuse_recovery(scene.loaded)?;
        let amount = self.amount.unwrap_or(charge.amount);
        if amount <= 0 {
            return Err(DisputeRefusal::NotPositive { said: Money::new(charge.currency, amount) }.into());
        }
        withdraw::refuse_too_large(scene.ledger, Money::new(charge.currency, amount))?;

        let (id, mut charge) = (DisputeId::new(scene.context.position, 0), charge.clone());
        let dispute = self.state(&charge, amount, scene.context.now);
        charge.note_dispute(self.charge, id);
        if self.inquiry {
            let opened = Moved::new(Step::DisputeOpened, Record::Dispute(id, dispute));
            return Ok(opened.beside(Record::Charge(self.charge, charge), 0).into());
        }
        withdraw::withdraw((id, dispute), charge, self.fee, Step::DisputeOpened, scene)
    }
}

/// Refuses a dispute that the charge has, and one more than it can name.
fn refuse_known(
    charge: &ChargeState,
    reference: &DisputeReference,
    loaded: &Loaded,
) -> Result<(), DisputeRefusal> {
    for id in charge.disputes() {
        if loaded.get(*id).is_some_and(|known| known.reference == *reference) {
            return Err(DisputeRefusal::ToldTwice { dispute: *id });
        }
    }
    if charge.disputes().len() >= MOST_DISPUTES {
        return Err(DisputeRefusal::Many { most: MOST_DISPUTES });
    }
    Ok(())
}
