//! Recovering: sellers give back what they are liable for of the money that a dispute took. May
//! push them below zero.
//!
//! | book, for each transfer | debit | credit |
//! |---|---|---|
//! | seller, pending as far as it is still there, else available | | application fee part |
//! | seller, likewise | amount | |
//! | platform, pending until the charge matures, else available | | amount |
//! | platform, likewise | application fee part | |
//!
//! Of a destination charge the transfer goes back in the proportion in which the charge is
//! disputed, by running totals rounded half-even; how much of the fee goes with it is measured
//! by the total that reversals and refunds with the fee add to (docs/decisions/rounding.md). Of
//! a split by a rule each part gives back what it is liable for (`split/recover.rs`). Never more
//! than is left of a transfer; of a seller that is to owe nothing no more than it has. What is
//! held of a transfer is freed first (`reserve/reverse.rs`).

use super::{Consequence, DisputeState, Recovered, Recovery};
use crate::books::{Draft, Kind};
use crate::calendar::Day;
use crate::charge::{ChargeState, ChargeType};
use crate::decide::Scene;
use crate::event::Events;
use crate::id::{ChargeId, DisputeId, ReversalId, TransferId};
use crate::money::round::proportion_half_even;
use crate::money::{Minor, Money};
use crate::record::{Loaded, Needs, Record};
use crate::refund::Means;
use crate::reserve::{Freeing, HoldSource};
use crate::split::rule::Shortfall;
use crate::split::{Disputed, Refunded, recover_for_dispute};
use crate::step::{Moved, Step};
use crate::transfer::{ReversalState, TransferState};

/// Of how many transfers one event takes back at most, so that it fits 48 KiB whatever their
/// groups; what is left is done right after.
pub(super) const MOST_AT_ONCE: usize = 20;

/// Adds the records that are read to see what is to be taken back.
pub(super) fn needs(charge: ChargeId, recovery: Recovery, loaded: &Loaded, needs: &mut Needs) {
    needs.add(charge);
    match recovery {
        Recovery::None => {}
        Recovery::OwnTransfer { .. } => {
            needs.add_all(loaded.get(charge).and_then(|state| state.own_transfer(charge)));
        }
        Recovery::ByLiability(split) => {
            needs.add(split);
            let pieces = loaded.get(split).into_iter().flat_map(|split| split.pieces());
            needs.add_all(pieces.filter(|piece| piece.charge == charge).filter_map(|piece| piece.transfer));
        }
    }
}

/// What a dispute that is counted in its charge takes back of which transfers and has not yet.
/// Where the platform bears what a seller does not have, no more than its sale has pending or
/// held and the seller available and prefunded.
pub(super) fn takes(dispute: &DisputeState, charge: &ChargeState, scene: &Scene<'_>) -> Vec<Disputed> {
    let mut takes = due(dispute, charge, scene.loaded);
    takes.retain(|take| dispute.recovered.iter().all(|done| done.transfer != take.transfer));
    takes.retain(|take| scene.loaded.get(take.transfer).is_some());
    let mut means = Means::of(scene, charge.currency);
    for take in &mut takes {
        let Some(transfer) = scene.loaded.get(take.transfer) else { continue };
        let sale = charge.transfer_purse(transfer, scene.context.now.day());
        let of = (take.transfer, sale.pending_before());
        let given = means.give(transfer.destination, of, take.amount, Some(take.shortfall));
        let money = take.amount - take.fee_share;
        take.fee_share = (given - money).max(0);
        take.amount = given;
    }
    takes.retain(|take| take.amount > 0);
    takes
}

fn due(dispute: &DisputeState, charge: &ChargeState, loaded: &Loaded) -> Vec<Disputed> {
    let after = charge.disputed();
    let disputed = Refunded { amount: charge.amount, before: after - dispute.withdrawn, after };
    let left = |transfer| loaded.get(transfer).map_or(0, TransferState::reversible);
    match dispute.recovery {
        Recovery::None => Vec::new(),
        Recovery::OwnTransfer { .. } if charge.charge_type != ChargeType::Destination => Vec::new(),
        Recovery::OwnTransfer { .. } => {
            let transfer = charge.own_transfer(dispute.charge);
            let whole = transfer.and_then(|id| loaded.get(id)).map_or(0, |transfer| transfer.amount);
            let share = |part: Minor| proportion_half_even(whole, part.min(charge.amount), charge.amount);
            let due = share(disputed.after) - share(disputed.before);
            let shortfall = Shortfall::SellerOwes;
            let take =
                |transfer| Disputed { transfer, amount: due.min(left(transfer)), fee_share: 0, shortfall };
            transfer.map(take).filter(|take| take.amount > 0).into_iter().collect()
        }
        Recovery::ByLiability(split) => loaded.get(split).map_or_else(Vec::new, |split| {
            recover_for_dispute(split, dispute.charge, disputed, dispute.fee, left)
        }),
    }
}

/// Takes back what is due, as much as fits one event.
pub(super) fn recover(id: DisputeId, dispute: &DisputeState, scene: &Scene<'_>) -> Events {
    let Scene { ledger, loaded, context } = *scene;
    let mut dispute = dispute.clone();
    let since = std::mem::replace(&mut dispute.next, Consequence::Nothing);
    let Some(mut charge) = loaded.get(dispute.charge).cloned() else {
        return Moved::new(Step::DisputeRecovered, Record::Dispute(id, dispute)).into();
    };
    let mut takes = takes(&dispute, &charge, scene);
    if takes.len() > MOST_AT_ONCE {
        takes.truncate(MOST_AT_ONCE);
        dispute.next = since;
    }

    let mut draft = Draft::new(charge.currency);
    // Behind the dispute, the charge, and each transfer with its reversal stand holds.
    let mut freeing = Freeing::behind(2 + 2 * takes.len(), loaded);
    let (mut beside, mut amount, fee_before) = (Vec::new(), 0, charge.fee_refunded);
    for (ordinal, take) in (1..).zip(takes) {
        let Some(mut transfer) = loaded.get(take.transfer).cloned() else { continue };
        let reversal = ReversalId::new(context.position, ordinal);
        let fee_refunded = fee_part(dispute.recovery, &mut charge, take.amount);
        // Beside the dispute stand the charge, then each transfer with its reversal.
        let object = 1 + 2 * ordinal;
        let drawn = book(
            (&mut charge, &mut transfer),
            (take.amount, fee_refunded),
            (take.transfer, object),
            context.now.day(),
            (&mut draft, &mut freeing),
        );
        amount += take.amount;
        let Disputed { transfer: of, amount, fee_share, .. } = take;
        let recovered =
            Recovered { reversal, transfer: of, amount, fee_share, fee_refunded, drawn, given_back: false };
        dispute.recovered.push(recovered);
        let made = ReversalState {
            transfer: of,
            destination: transfer.destination,
            amount: Money::new(transfer.currency, amount),
            fee_refunded,
            refund: None,
            given_back: 0,
            dispute: Some(id),
            transfer_group: transfer.transfer_group.clone(),
        };
        beside.push((Record::Transfer(of, transfer), Record::Reversal(reversal, made), amount));
    }
    let (charge_id, fee) = (dispute.charge, charge.fee_refunded - fee_before);
    let moved = Moved::new(Step::DisputeRecovered, Record::Dispute(id, dispute)).of(amount);
    let moved = beside
        .into_iter()
        .fold(moved.beside(Record::Charge(charge_id, charge), fee), |moved, (transfer, reversal, amount)| {
            moved.beside(transfer, amount).beside(reversal, amount)
        });
    freeing.add_to(moved).booked(draft, ledger).into()
}

/// What of the application fee goes to the seller with so much of its transfer.
fn fee_part(recovery: Recovery, charge: &mut ChargeState, amount: Minor) -> Minor {
    if (recovery != Recovery::OwnTransfer { with_fee: true }) || charge.application_fee == 0 {
        return 0;
    }
    charge.give_fee_back(amount)
}

/// Books the movement back; says what it drew from the seller's available balance.
fn book(
    (charge, transfer): (&mut ChargeState, &mut TransferState),
    (amount, fee): (Minor, Minor),
    (id, reversal): (TransferId, u16),
    today: Day,
    (draft, freeing): (&mut Draft, &mut Freeing<'_>),
) -> Minor {
    let mut platforms = charge.purse(today);
    let mut sellers = charge.transfer_purse(transfer, today);
    freeing.free(HoldSource::Transfer(id), (amount, transfer.amount), &mut sellers, draft);
    sellers.credit(draft.of(0), Kind::ApplicationFeeRefund, fee);
    sellers.debit(draft.of(reversal), Kind::TransferReversal, amount);
    platforms.credit(draft, Kind::TransferReversal, amount);
    platforms.debit(draft.of(0), Kind::ApplicationFeeRefund, fee);
    charge.keep(&platforms);
    charge.transferred -= amount;
    charge.keep_transfer(transfer, &sellers);
    transfer.reversed += amount;
    sellers.drawn()
}
