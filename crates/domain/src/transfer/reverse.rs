//! Reversing a transfer: moving money back to the platform.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | seller, pending as far as it is still there, else available | amount | |
//! | platform, pending until the source matures, else available | | amount |
//!
//! A seller must have the money; only the transfer of a destination charge may be
//! reversed into a negative balance, up to the charge
//! (<https://docs.stripe.com/api/transfer_reversals>). Such a reversal may give the
//! charge's application fee back with it, in proportion.
//!
//! What is held of the transfer is freed first (`reserve/reverse.rs`). Such a reversal is a step,
//! and so is one that gives the fee back:
//!
//! | book (with the application fee) | debit | credit |
//! |---|---|---|
//! | seller, pending as far as it is still there, else available | | fee part |
//! | seller, likewise | amount | |
//! | platform, pending until the source matures, else available | | amount |
//! | platform, likewise | fee part | |
//!
//! How much of the fee goes back is measured by one running total, which refunds with the
//! fee add to as well, against all of the fee that went back, so that it goes back exactly, in
//! however many pieces (docs/decisions/rounding.md).

use std::hash::{Hash, Hasher};

use super::reversal::ReversalState;
use super::{TransferRefusal, TransferState};
use crate::books::{Draft, Entry, Kind};
use crate::charge::{ChargeState, ChargeType, Purse};
use crate::decide::{Context, Scene, Verb};
use crate::event::{Event, Events};
use crate::id::{AccountId, ReversalId, TransferId};
use crate::money::{Minor, Money};
use crate::record::{Kept, Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::reserve::{Freeing, HoldSource};
use crate::step::{Moved, Step};

/// Moves transferred money back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReverseTransfer {
    /// Which transfer.
    pub transfer: TransferId,
    /// How much, in the transfer's currency; all that is left where absent.
    pub amount: Option<Minor>,
    /// Whether the application fee of the transfer's destination charge is given back in
    /// proportion. Off by default.
    pub refund_application_fee: bool,
}

impl ReverseTransfer {
    /// A reversal of all that is left, without the fee.
    #[must_use]
    pub fn full(transfer: TransferId) -> Self {
        Self { transfer, amount: None, refund_application_fee: false }
    }
}

impl Hash for ReverseTransfer {
    /// A flag that is off adds nothing: fingerprints of requests are older than the flag.
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { transfer, amount, refund_application_fee } = self;
        (transfer, amount).hash(state);
        if *refund_application_fee {
            refund_application_fee.hash(state);
        }
    }
}

/// A reversal as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversed {
    /// Which transfer.
    pub id: TransferId,
    /// What was moved back.
    pub amount: Minor,
    /// The transfer as it stands after.
    pub transfer: TransferState,
    /// Its source charge as it stands after.
    pub charge: Option<ChargeState>,
    /// The books.
    pub entry: Entry,
}

/// A reversal in the making: the records that it changes, and what moves.
struct Parts<'a> {
    transfer: TransferState,
    charge: Option<ChargeState>,
    amount: Minor,
    fee_refunded: Minor,
    freeing: Freeing<'a>,
}

impl Verb for ReverseTransfer {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.transfer);
        let transfer = loaded.get(self.transfer);
        needs.add_all(transfer.and_then(|transfer| transfer.source_charge));
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        let transfer =
            loaded.get(self.transfer).ok_or(TransferRefusal::Unknown { transfer: self.transfer })?;
        let charge = transfer.source_charge.and_then(|id| loaded.get(id));
        let amount = self.amount.unwrap_or_else(|| transfer.reversible());
        refuse(self, transfer, charge, amount)?;

        let (transfer, charge) = (transfer.clone(), charge.cloned());
        // Beside the reversal stand the transfer and its charge.
        let freeing = Freeing::behind(2 + usize::from(charge.is_some()), ledger);
        let mut parts = Parts { transfer, charge, amount, fee_refunded: 0, freeing };
        // A destination charge with a fee transfers the whole charge, so that what moves back of
        // the one is measured against the other.
        if let Some(charge) = parts.charge.as_mut().filter(|_| self.refund_application_fee) {
            parts.fee_refunded = charge.give_fee_back(amount);
        }
        let mut draft = Draft::new(parts.transfer.currency);
        let from_available = book(self.transfer, &mut parts, &mut draft, context);
        let Parts { transfer, charge, .. } = &parts;
        let available =
            ledger.account(transfer.destination).map_or(0, |seller| seller.available(transfer.currency));
        let may_go_negative =
            charge.as_ref().is_some_and(|charge| charge.charge_type == ChargeType::Destination);
        if from_available > available.max(0) && !may_go_negative {
            let asked = Money::new(transfer.currency, amount);
            let available = Money::new(transfer.currency, available.max(0) + amount - from_available);
            return Err(TransferRefusal::AccountShort { asked, available }.into());
        }

        Ok(self.record(parts, draft, scene))
    }
}

impl ReverseTransfer {
    /// What is new is recorded as a step; the event of most reversals has no room for it.
    fn record(&self, parts: Parts<'_>, draft: Draft, scene: &Scene<'_>) -> Events {
        let Parts { transfer, charge, amount, fee_refunded, freeing } = parts;
        let id = self.transfer;
        if transfer.queue.is_none() && !self.refund_application_fee && freeing.is_empty() {
            let entry = draft.number(scene.ledger);
            let reversed = Reversed { id, amount, transfer, charge, entry };
            return Events::from_iter([Event::TransferReversed(Box::new(reversed))]);
        }
        let reversal = ReversalState {
            transfer: id,
            destination: transfer.destination,
            refund: None,
            amount: Money::new(transfer.currency, amount),
            fee_refunded,
            given_back: 0,
            dispute: None,
            transfer_group: transfer.transfer_group.clone(),
        };
        let reversal = Record::Reversal(ReversalId::new(scene.context.position, 0), reversal);
        let charge = transfer.source_charge.zip(charge).map(|(id, charge)| Record::Charge(id, charge));
        let step = Moved::new(Step::TransferReversalCreated, reversal).of(amount);
        let step = step.beside(Record::Transfer(id, transfer), amount).beside(charge, fee_refunded);
        freeing.add_to(step).booked(draft, scene.ledger).into()
    }
}

fn refuse(
    command: &ReverseTransfer,
    transfer: &TransferState,
    charge: Option<&ChargeState>,
    amount: Minor,
) -> Result<(), TransferRefusal> {
    if !transfer.is_made() {
        return Err(TransferRefusal::Lifecycle { status: transfer.status(), needed: "succeeded" });
    }
    let asked = Money::new(transfer.currency, amount);
    let left = Money::new(transfer.currency, transfer.reversible());
    if command.amount.is_some_and(|amount| amount <= 0) {
        return Err(TransferRefusal::NotPositive { asked });
    }
    if amount > left.minor || left.minor == 0 {
        return Err(TransferRefusal::ExceedsTransfer { asked, left });
    }
    let has_fee =
        |charge: &ChargeState| charge.charge_type == ChargeType::Destination && charge.application_fee > 0;
    if command.refund_application_fee && !charge.is_some_and(has_fee) {
        return Err(TransferRefusal::NoFee);
    }
    Ok(())
}

/// Books the movement back; says what it took from the seller's available balance.
fn book(id: TransferId, parts: &mut Parts<'_>, draft: &mut Draft, context: &Context) -> Minor {
    let Parts { transfer, charge, amount, fee_refunded, freeing } = parts;
    let today = context.now.day();
    let (mut sellers, mut platforms) = match &charge {
        Some(charge) => (charge.transfer_purse(transfer, today), charge.purse(today)),
        None => (transfer.purse(today), Purse::available(AccountId::PLATFORM)),
    };
    freeing.free(HoldSource::Transfer(id), (*amount, transfer.amount), &mut sellers, draft);
    sellers.credit(draft.of(0), Kind::ApplicationFeeRefund, *fee_refunded);
    sellers.debit(draft, Kind::TransferReversal, *amount);
    platforms.credit(draft, Kind::TransferReversal, *amount);
    platforms.debit(draft, Kind::ApplicationFeeRefund, *fee_refunded);

    transfer.reversed += *amount;
    match charge {
        Some(charge) => {
            charge.transferred -= *amount;
            charge.keep(&platforms);
            charge.keep_transfer(transfer, &sellers);
        }
        None => transfer.pending_left = sellers.pending_left(),
    }
    sellers.drawn()
}
