//! Withdrawing: a dispute takes the payment back, and the processor its fee, from whoever the
//! charge lives on. Balances may go below zero by it. What is held of the charge is freed first
//! (`reserve/reverse.rs`).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | owner, pending while the sale is, else available | amount | |
//! | `rail:<rail>` | | amount |
//! | owner, likewise | fee | |
//! | `rail:<rail>` | | fee |

use super::{Consequence, DisputeRefusal, DisputeState, DisputeStatus, recover};
use crate::books::{Book, Draft, Kind};
use crate::charge::{ChargeState, LARGEST_AMOUNT, MOST_TAKEN_IN};
use crate::decide::Scene;
use crate::event::Events;
use crate::id::DisputeId;
use crate::ledger::Ledger;
use crate::money::{Minor, Money};
use crate::policy;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::reserve::{Freeing, HoldSource};
use crate::step::{Moved, Step};

/// Takes the money, and has what follows of it done.
pub(super) fn withdraw(
    (id, mut dispute): (DisputeId, DisputeState),
    mut charge: ChargeState,
    fee: Option<Minor>,
    step: Step,
    scene: &Scene<'_>,
) -> Result<Events, Refusal> {
    let Scene { ledger, context, .. } = *scene;
    let (currency, amount) = (charge.currency, dispute.amount.minor);
    let fee = fee.unwrap_or_else(|| policy::dispute_fee(currency));
    refuse_fee(ledger, Money::new(currency, fee), amount)?;

    let mut draft = Draft::new(currency);
    let rail = Book::Rail(charge.rail);
    let mut owners = charge.purse(context.now.day());
    // The holds stand behind the dispute and its charge.
    let mut freeing = Freeing::behind(2, scene.loaded);
    freeing.free(HoldSource::Charge(dispute.charge), (amount + fee, charge.amount), &mut owners, &mut draft);
    owners.debit(draft.of(0), Kind::Dispute, amount);
    draft.credit(rail, Kind::Dispute, amount);
    let drawn = owners.drawn();
    owners.debit(&mut draft, Kind::DisputeFee, fee);
    draft.credit(rail, Kind::DisputeFee, fee);
    charge.keep(&owners);

    let before = charge.disputed();
    charge.dispute(dispute.charge, amount);
    let status = DisputeStatus::NeedsResponse;
    dispute = DisputeState { status, before, withdrawn: amount, drawn, fee, ..dispute };
    dispute.booked_at = context.position;
    if !recover::turn((id, &dispute), &charge, scene, |_| ()).takes.is_empty() {
        dispute.next = Consequence::Recovery(context.now);
    }
    let charge = Record::Charge(dispute.charge, charge);
    let moved = Moved::new(step, Record::Dispute(id, dispute)).of(amount).beside(charge, amount);
    Ok(freeing.add_to(moved).booked(draft, ledger).into())
}

/// Refuses what the ledger cannot count.
pub(super) fn refuse_too_large(ledger: &Ledger, said: Money) -> Result<(), DisputeRefusal> {
    let taken_in = ledger.taken_in(said.currency) + i128::from(said.minor);
    if said.minor > LARGEST_AMOUNT || taken_in > MOST_TAKEN_IN {
        return Err(DisputeRefusal::TooLarge { said });
    }
    Ok(())
}

/// Refuses a fee that is none, or that the ledger cannot count, beside `amount`.
pub(super) fn refuse_fee(ledger: &Ledger, fee: Money, amount: Minor) -> Result<(), DisputeRefusal> {
    if fee.minor < 0 {
        return Err(DisputeRefusal::NotPositive { said: fee });
    }
    refuse_too_large(ledger, fee)?;
    let both = Money::new(fee.currency, fee.minor.saturating_add(amount));
    let taken_in = ledger.taken_in(fee.currency) + i128::from(both.minor);
    if taken_in > MOST_TAKEN_IN {
        return Err(DisputeRefusal::TooLarge { said: both });
    }
    Ok(())
}
