//! The payer's bank decided for the seller: a fact, which no policy refuses, not even for one
//! that was lost, since a network may reverse itself. The money comes back to whoever paid it,
//! and of the fees what the processor returns.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:<rail>` | amount | |
//! | owner, pending and available as it was taken, else available | | amount |
//! | `rail:<rail>` | fees returned | |
//! | owner, available | | fees returned |
//! | owner, available | fees that were not told before | |
//! | `rail:<rail>` | | fees that were not told before |
//!
//! Where the debt in which it was taken was written off, that is paid first (`debt/claims.rs`).
//!
//! What was taken back from sellers goes to them again, or to their successors, as due work of
//! the same instant (`give_back.rs`). Where the fact names no fees, the second one comes back
//! and the first does not (<https://support.stripe.com/questions/dispute-fees>, unconfirmed),
//! but in Mexico and Japan neither. Where more comes back than is known to have been taken, a fee was
//! taken that nobody told: it is booked with its return, so that the rail holds what it holds.

use super::{Consequence, DisputeState, DisputeStatus, standing, withdraw};
use crate::account::Country;
use crate::books::{Book, Draft, Kind};
use crate::charge::{ChargeRefusal, Purse};
use crate::debt::Claims;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::DisputeId;
use crate::ledger::Ledger;
use crate::money::{Minor, Money};
use crate::policy;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::step::{Moved, Step};

/// Says that a dispute was won.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkDisputeWon {
    /// Which dispute.
    pub dispute: DisputeId,
    /// What of its fees came back, in minor units; the policy's where absent. The second fee
    /// comes back before the first. What is more than both was a second fee that nobody told.
    pub fees_returned: Option<Minor>,
}

impl Verb for MarkDisputeWon {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.dispute);
        needs.add_all(loaded.get(self.dispute).map(|dispute| dispute.charge));
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        let needed = "needs_response, under_review or lost";
        let dispute = standing(loaded, self.dispute, may_be_won, needed)?;
        let charge_id = dispute.charge;
        let mut charge = loaded.get(charge_id).ok_or(ChargeRefusal::Unknown { charge: charge_id })?.clone();
        let fees = self.fees_returned.unwrap_or_else(|| by_policy(ledger, dispute));
        withdraw::refuse_fee(ledger, Money::new(charge.currency, fees), 0)?;
        // What comes back beyond the fees that are known was taken without being told.
        let untold = (fees - dispute.fee - dispute.counter_fee).max(0);

        let (amount, rail) = (dispute.withdrawn, Book::Rail(charge.rail));
        let mut draft = Draft::new(charge.currency);
        Purse::available(charge.owner).debit(&mut draft, Kind::DisputeFee, untold);
        draft.credit(rail, Kind::DisputeFee, untold);
        let mut owners = charge.purse(context.now.day());
        draft.debit(rail, Kind::DisputeReversal, amount);
        owners.give_back(dispute.drawn, &mut draft, Kind::DisputeReversal, amount);
        draft.debit(rail, Kind::DisputeFeeReversal, fees);
        owners.give_back(fees, &mut draft, Kind::DisputeFeeReversal, fees);
        charge.keep(&owners);
        charge.dispute(charge_id, -amount);
        // What it was taken for may have been written off.
        let mut claims = Claims::of(ledger, charge.currency);
        claims.pay(dispute.owner, dispute.booked_at, dispute.drawn.min(amount) + fees);

        let counter_fee = dispute.counter_fee + untold;
        let of_counter = fees.min(counter_fee);
        let fee_returned = fees - of_counter;
        let dispute = DisputeState {
            status: DisputeStatus::Won,
            withdrawn: 0,
            drawn: 0,
            fee: dispute.fee - fee_returned,
            counter_fee: counter_fee - of_counter,
            next: Consequence::Nothing,
            ..dispute.clone()
        };
        let since = context.now;
        let next = if dispute.recovered.is_empty() {
            Consequence::Nothing
        } else {
            Consequence::GivingBack { since, fee_returned }
        };
        let won = Record::Dispute(self.dispute, DisputeState { next, ..dispute });
        let charge = Record::Charge(charge_id, charge);
        let moved = Moved::new(Step::DisputeWon, won).of(-amount).beside(charge, -amount);
        Ok(claims.add_to(moved, &mut draft).booked(draft, ledger).into())
    }
}

fn may_be_won(status: DisputeStatus) -> bool {
    status.is_undecided() || status == DisputeStatus::Lost
}

fn by_policy(ledger: &Ledger, dispute: &DisputeState) -> Minor {
    let country = ledger.settings().map(|settings| settings.country);
    let returned = country.is_none_or(|country: Country| policy::counter_fee_is_returned(country));
    if returned { dispute.counter_fee } else { 0 }
}
