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

use super::{ChargeRefusal, ChargeStanding, ChargeState, ChargeType, Purse};
use crate::books::{Book, Draft, Kind};
use crate::calendar::Day;
use crate::decide::{Scene, Verb};
use crate::event::Events;
use crate::id::{AccountId, ChargeId, TransferId};
use crate::money::Minor;
use crate::payout::FailureCode;
use crate::record::{Loaded, Needs, Record};
use crate::refusal::Refusal;
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
        let standing = charge.standing();
        let open = matches!(standing, ChargeStanding::Processing | ChargeStanding::Succeeded);
        if !open || !charge.more.as_ref().is_some_and(|more| more.asynchronous) {
            return Err(ChargeRefusal::CannotFail { status: standing.name() }.into());
        }

        // The seller of a destination charge gets the fee back though nothing of the transfer is left.
        let fee =
            charge.charge_type == ChargeType::Destination && charge.application_fee > charge.fee_refunded;
        let transfers = charge.transfers_at_risk().filter_map(|id| Some((id, loaded.get(id)?.clone())));
        let back = transfers.map(|(id, transfer)| {
            let left = transfer.reversible();
            (id, transfer, left)
        });
        let mut back: Vec<Back> = back.filter(|(.., left)| *left > 0 || fee).collect();
        let mut charge = charge.clone();
        let mut draft = Draft::new(charge.currency);
        let failed = book(&mut charge, &mut back, context.now.day(), &mut draft);
        if let Some(more) = &mut charge.more {
            more.standing = ChargeStanding::Failed(self.code);
        }
        let mut moved = Moved::new(Step::ChargeFailed, Record::Charge(id, charge)).of(failed);
        for (id, transfer, amount) in back {
            moved = moved.beside(Record::Transfer(id, transfer), amount);
        }
        Ok(moved.booked(draft, ledger).into())
    }
}

/// Takes everything back; says how much of the payment itself.
fn book(charge: &mut ChargeState, back: &mut [Back], today: Day, draft: &mut Draft) -> Minor {
    let day = charge.available_on;
    let mut owners = Purse::new(charge.owner, day, today, charge.pending_left);
    let fee = charge.application_fee - charge.fee_refunded;
    let failed = charge.amount;
    let destination = charge.charge_type == ChargeType::Destination;
    for (object, (_, transfer, amount)) in (1..).zip(back.iter_mut()) {
        let mut sellers =
            Purse::new(transfer.destination, transfer.available_on, today, transfer.pending_left);
        if destination {
            sellers.credit(draft.of(0), Kind::ApplicationFeeRefund, fee);
        }
        sellers.debit(draft.of(object), Kind::TransferReversal, *amount);
        owners.credit(draft, Kind::TransferReversal, *amount);
        transfer.reversed += *amount;
        transfer.pending_left = sellers.pending_left();
        charge.transferred -= *amount;
    }
    draft.of(0);
    if charge.charge_type == ChargeType::Direct {
        let mut platforms = Purse::new(AccountId::PLATFORM, day, today, charge.fee_pending_left);
        platforms.debit(draft, Kind::ApplicationFeeRefund, fee);
        owners.credit(draft, Kind::ApplicationFeeRefund, fee);
        charge.fee_pending_left = platforms.pending_left();
        charge.fee_refunded += fee;
    } else if destination {
        owners.debit(draft, Kind::ApplicationFeeRefund, fee);
        charge.fee_refunded += fee;
    }
    owners.debit(draft, Kind::PaymentFailure, failed);
    draft.credit(Book::Rail(charge.rail), Kind::PaymentFailure, failed);
    charge.pending_left = owners.pending_left();
    failed
}
