//! Holding by a plan: as soon as a sale's money came to an account that has one, at the same
//! instant. It is booked as a hold by hand is (`create_hold.rs`).
//!
//! The share is of what the payer paid on a direct charge, before fees, and of what a transfer
//! brought (<https://docs.stripe.com/api/reserve/plan>); of several captures each has its own. Where the sale brought less, because fees took
//! it, and the account has nothing else available, the hold is that much smaller: it never takes
//! the available balance below zero (our rules, docs/decisions/reserves.md).

use super::create_hold::{held, there};
use super::sale::Sale;
use super::{HoldSource, ReserveHoldState};
use crate::charge::{ChargeState, ChargeType};
use crate::decide::Scene;
use crate::event::{Event, Events, Recorded};
use crate::id::{AccountId, ChargeId, TransferId};
use crate::ledger::Ledger;
use crate::money::round::rate_half_even;
use crate::money::{Currency, Minor, Money};
use crate::record::Record;
use crate::step::{Moved, Step};
use crate::transfer::TransferState;

/// Steps by which a charge's money comes in, all of it or a part.
const CHARGED: [Step; 2] = [Step::ChargeCaptured, Step::ChargeBegun];

/// Steps by which transfers come to sellers besides; what a dispute gives back is one where its
/// seller has moved.
const SHARED: [Step; 5] = [
    Step::ChargesShared,
    Step::SplitConditionMet,
    Step::SplitReleased,
    Step::TransferReleased,
    Step::DisputeGivenBack,
];

/// Makes the hold of a sale that came in.
pub(crate) fn hold_by_plan(source: HoldSource, scene: &Scene<'_>) -> Events {
    let Scene { ledger, loaded, context } = *scene;
    let (Some((id, plan, gross)), Some(sale)) = (ledger.reserves.to_hold(source), Sale::of(loaded, source))
    else {
        return Events::new();
    };
    let share = rate_half_even(gross.min(sale.left()), plan.rate);
    let amount = share.min(there(scene, (plan.account, plan.currency), Some(&sale)));
    let state = ReserveHoldState {
        account: plan.account,
        amount: Money::new(plan.currency, amount),
        released: 0,
        source: Some(source),
        plan: Some(id),
        release_after: plan.schedule.release_after(context.now),
        previous_of_day: None,
        previous_of_plan: None,
        previous_of_sale: None,
    };
    held(scene, state, Some(sale)).into()
}

/// Notes the sales that an event brought to accounts with a plan.
pub(crate) fn note_sales(ledger: &mut Ledger, recorded: &Recorded) {
    let position = recorded.position;
    match &recorded.event {
        Event::ChargeSucceeded(charged) => {
            let id = ChargeId::new(position, 0);
            note_charge(ledger, id, &charged.charge, charged.charge.amount);
            if let Some(transfer) = &charged.transfer {
                note_transfer(ledger, id.destination_transfer(), transfer, transfer.amount);
            }
        }
        Event::TransferCreated(made) => {
            note_transfer(ledger, TransferId::new(position, 0), &made.transfer, made.transfer.amount);
        }
        Event::ChargesSplit(split) => {
            for (ordinal, transfer) in (0..).zip(&split.transfers) {
                note_transfer(ledger, TransferId::new(position, ordinal), transfer, transfer.amount);
            }
        }
        Event::Moved(moved) => note_step(ledger, moved),
        // They bring no sale.
        Event::LedgerOpened(_)
        | Event::TimeAdvanced { .. }
        | Event::AccountOnboarded(_)
        | Event::RequirementChanged { .. }
        | Event::BankAccountAttached { .. }
        | Event::PayoutScheduleSet { .. }
        | Event::RailOpened { .. }
        | Event::TransferReversed(_)
        | Event::ChargeRefunded(_)
        | Event::FundsMatured { .. }
        | Event::PayoutCreated(_)
        | Event::PayoutPaid(_)
        | Event::PayoutFailed(_)
        | Event::RailSettled { .. }
        | Event::BookmarkSet { .. }
        | Event::ConnectReserveMoved { .. }
        | Event::SuccessorNamed { .. }
        | Event::DebitNegativeBalancesSet { .. } => {}
    }
}

fn note_step(ledger: &mut Ledger, moved: &Moved) {
    let charged = CHARGED.contains(&moved.step);
    if charged && let Record::Charge(id, charge) = &moved.subject.record {
        note_charge(ledger, *id, charge, moved.subject.amount);
    }
    if charged || SHARED.contains(&moved.step) {
        for part in moved.parts() {
            if let Record::Transfer(id, transfer) = &part.record {
                note_transfer(ledger, *id, transfer, part.amount);
            }
        }
    }
}

fn note_charge(ledger: &mut Ledger, id: ChargeId, charge: &ChargeState, gross: Minor) {
    if charge.charge_type == ChargeType::Direct {
        note(ledger, HoldSource::Charge(id), (charge.owner, charge.currency), gross);
    }
}

/// At Connect every transfer is a charge where it arrives, that of no charge too.
fn note_transfer(ledger: &mut Ledger, id: TransferId, transfer: &TransferState, gross: Minor) {
    note(ledger, HoldSource::Transfer(id), (transfer.destination, transfer.currency), gross);
}

fn note(ledger: &mut Ledger, source: HoldSource, (account, currency): (AccountId, Currency), gross: Minor) {
    if gross > 0 && ledger.reserves.plan_of(account, currency).is_some() {
        ledger.reserves.note(source, (account, currency, gross));
    }
}
