//! A payment failed after its money was booked: a fact, which no policy refuses, and which may
//! come late, after the money matured and was paid out. Balances may go below zero by it.
//!
//! | book | debit | credit |
//! |---|---|---|
//! | seller, pending while the sale is, else available | | application fee left |
//! | platform, likewise | application fee left | |
//! | seller of each transfer, likewise | what is left of it | |
//! | platform, likewise | | what is left of it |
//! | owner, likewise | amount | |
//! | `rail:<rail>` | | amount |
//!
//! Of a destination charge the fee stands after the transfer on the platform's side. The
//! processor's fee stays with the processor (unconfirmed). The payer's bank takes the whole
//! payment back, whatever was refunded before: who paid the refunds has lost them, unless they
//! fail too (our rule, docs/decisions/captures.md).
//! What is held of the sale is freed before it goes back (`reserve/reverse.rs`).

use super::{ChargeRefusal, ChargeStanding, ChargeState, ChargeType};
use crate::books::{Book, Draft, Kind};
use crate::calendar::Day;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{ChargeId, TransferId};
use crate::money::Minor;
use crate::payout::FailureCode;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
use crate::reserve::{Freeing, HoldSource};
use crate::step::{Moved, Step};
use crate::transfer::TransferState;

/// Says that a payment failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MarkChargeFailed {
    /// Which charge.
    pub charge: ChargeId,
    /// Why.
    pub code: FailureCode,
}

/// A transfer that goes back, and how much of it.
type Back = (TransferId, TransferState, Minor);

impl Verb for MarkChargeFailed {
    fn needs(&self, loaded: &Loaded, needs: &mut Needs) {
        needs.add(self.charge);
        if let Some(charge) = loaded.get(self.charge) {
            needs.add_all(charge.transfers_at_risk());
        }
    }

    fn decide(&self, scene: &Scene<'_>) -> Result<Events, Refusal> {
        let Scene { ledger, loaded, context } = *scene;
        let id = self.charge;
        let charge = loaded.get(id).ok_or(ChargeRefusal::Unknown { charge: id })?;
        if !charge.may_fail() {
            return Err(ChargeRefusal::CannotFail { status: charge.standing().name() }.into());
        }

        // The seller of a destination charge gets the fee back though nothing of the transfer is
        // left, and who takes the sale back must know how much of it was the seller's.
        let own = charge.charge_type == ChargeType::Destination;
        let transfers = charge.transfers_at_risk().filter_map(|id| Some((id, loaded.get(id)?.clone())));
        let back = transfers.map(|(id, transfer)| {
            let left = transfer.reversible();
            (id, transfer, left)
        });
        let mut back: Vec<Back> = back.filter(|(.., left)| *left > 0 || own).collect();
        let mut charge = charge.clone();
        let mut draft = Draft::new(charge.currency);
        let mut freeing = Freeing::behind(1 + back.len(), ledger);
        let failed = book((id, &mut charge), &mut back, context.now.day(), &mut draft, &mut freeing);
        if let Some(more) = &mut charge.more {
            more.standing = ChargeStanding::Failed(self.code);
        }
        let mut moved = Moved::new(Step::ChargeFailed, Record::Charge(id, charge)).of(failed);
        for (id, transfer, amount) in back {
            moved = moved.beside(Record::Transfer(id, transfer), amount);
        }
        Ok(freeing.add_to(moved).booked(draft, ledger).into())
    }
}

/// Takes everything back; says how much of the payment itself.
fn book(
    (id, charge): (ChargeId, &mut ChargeState),
    back: &mut [Back],
    today: Day,
    draft: &mut Draft,
    freeing: &mut Freeing<'_>,
) -> Minor {
    let mut owners = charge.purse(today);
    let fee = charge.application_fee - charge.fee_refunded;
    let failed = charge.amount;
    let destination = charge.charge_type == ChargeType::Destination;
    let own = charge.own_transfer(id);
    for (object, (transfer_id, transfer, amount)) in (1..).zip(back.iter_mut()) {
        let mut sellers = charge.transfer_purse(transfer, today);
        freeing.free(HoldSource::Transfer(*transfer_id), (*amount, transfer.amount), &mut sellers, draft);
        // One that went to where its seller moved to had no fee taken of it.
        if destination && own == Some(*transfer_id) {
            sellers.credit(draft.of(0), Kind::ApplicationFeeRefund, fee);
        }
        sellers.debit(draft.of(object), Kind::TransferReversal, *amount);
        owners.credit(draft, Kind::TransferReversal, *amount);
        transfer.reversed += *amount;
        charge.keep_transfer(transfer, &sellers);
        charge.transferred -= *amount;
    }
    freeing.free(HoldSource::Charge(id), (failed, failed), &mut owners, draft);
    draft.of(0);
    if charge.charge_type == ChargeType::Direct {
        let mut platforms = charge.fee_purse(today);
        platforms.debit(draft, Kind::ApplicationFeeRefund, fee);
        owners.credit(draft, Kind::ApplicationFeeRefund, fee);
        charge.keep_fee(&platforms);
        charge.fee_refunded += fee;
    } else if destination {
        owners.debit(draft, Kind::ApplicationFeeRefund, fee);
        charge.fee_refunded += fee;
    }
    owners.debit(draft, Kind::PaymentFailure, failed);
    draft.credit(Book::Rail(charge.rail), Kind::PaymentFailure, failed);
    charge.keep(&owners);
    failed
}
