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
//! a split by a rule each part gives back what it is liable for (`split/recover.rs`). Of transfers
//! that are named it is what was said of each. Never more
//! than is left of a transfer; of a seller that is to owe nothing no more than it has. What is
//! held of a transfer is freed first (`reserve/reverse.rs`).
//!
//! What a dispute found short, because a refund had taken it back already or because the part had
//! not been let go, it takes where that is there after all (`recover_more.rs`).

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

/// Of how many transfers a dispute takes back at most, whatever its splits made: what it took of each
/// stands in it for ever. Of those behind them the platform bears it (docs/decisions/disputes.md).
pub const MOST_RECOVERED_BY_DISPUTE: usize = 200;

/// Adds the records that are read to see what is to be taken back.
pub(super) fn needs(charge: ChargeId, recovery: &Recovery, loaded: &Loaded, needs: &mut Needs) {
    needs.add(charge);
    match recovery {
        Recovery::None => {}
        Recovery::OwnTransfer { .. } => {
            let state = loaded.get(charge);
            needs.add_all(state.and_then(|state| state.own_transfer(charge)));
            needs.add_all(state.iter().flat_map(|state| state.disputes()).copied());
        }
        Recovery::ByLiability(splits) => {
            needs.add_all(splits.iter().copied());
            let splits = splits.iter().filter_map(|split| loaded.get(*split));
            let pieces = splits.flat_map(|split| split.pieces());
            needs.add_all(pieces.filter(|piece| piece.charge == charge).filter_map(|piece| piece.transfer));
        }
        Recovery::Exactly(parts) => needs.add_all(parts.iter().map(|(transfer, _)| *transfer)),
    }
}

/// What a dispute takes back by one event.
#[derive(Default)]
pub(super) struct Turn {
    pub(super) takes: Vec<Disputed>,
    /// Whether the event has no room for what else it is due, of transfers or of their holds.
    pub(super) is_full: bool,
}

/// What a dispute that is counted in its charge takes back of which transfers and has not yet, as
/// much as fits one event. Where the platform bears what a seller does not have, no more than its
/// sale has pending or held and the seller available and prefunded. `bound` lowers what is taken.
pub(super) fn turn(
    dispute: (DisputeId, &DisputeState),
    charge: &ChargeState,
    scene: &Scene<'_>,
    bound: impl Fn(&mut Disputed),
) -> Turn {
    let mut means = Means::of(scene, charge.currency);
    let mut turn = Turn::default();
    for mut take in owed(dispute, charge, scene.loaded) {
        let Some(transfer) = scene.loaded.get(take.transfer) else { continue };
        let left = transfer.reversible();
        let money = (take.amount - take.fee_share).min(left);
        let asked = money + take.fee_share.min(left - money);
        let has_room = turn.takes.len() < MOST_AT_ONCE && means.has_room(take.transfer, asked);
        if asked > 0 && !turn.takes.is_empty() && !has_room {
            turn.is_full = true;
            break;
        }
        let sale = charge.transfer_purse(transfer, scene.context.now.day());
        let of = (take.transfer, sale.pending_before());
        let given = means.give(transfer.destination, of, asked, Some(take.shortfall));
        take.fee_share = (given - money).max(0);
        take.amount = given;
        bound(&mut take);
        turn.takes.extend(Some(take).filter(|take| take.amount > 0));
    }
    turn
}

/// What of each transfer a dispute is due and has not taken, whatever is left of it. Of the fee a
/// part bears its share with the first that is taken of it, and no more after.
pub(super) fn owed(
    (id, dispute): (DisputeId, &DisputeState),
    charge: &ChargeState,
    loaded: &Loaded,
) -> Vec<Disputed> {
    let owed = due((id, dispute), charge, loaded).into_iter().filter_map(|due| {
        let done = dispute.recovered.iter().filter(|done| done.transfer == due.transfer);
        let took = done.clone().map(|done| done.amount - done.fee_share).sum::<Minor>();
        let fee_share = if done.count() == 0 { due.fee_share } else { 0 };
        let money = (due.amount - due.fee_share - took).max(0);
        loaded.get(due.transfer)?;
        Some(Disputed { amount: money + fee_share, fee_share, ..due }).filter(|owed| owed.amount > 0)
    });
    owed.collect()
}

/// What a dispute is due of each transfer in all, its share of the fee among it.
fn due((id, dispute): (DisputeId, &DisputeState), charge: &ChargeState, loaded: &Loaded) -> Vec<Disputed> {
    let (before, after) = (dispute.before, dispute.before + dispute.withdrawn);
    match &dispute.recovery {
        Recovery::None => Vec::new(),
        Recovery::OwnTransfer { .. } if charge.charge_type != ChargeType::Destination => Vec::new(),
        Recovery::OwnTransfer { .. } => {
            let transfer = charge.own_transfer(dispute.charge);
            let Some((transfer, state)) = transfer.and_then(|id| Some((id, loaded.get(id)?))) else {
                return Vec::new();
            };
            let share =
                |part: Minor| proportion_half_even(state.amount, part.min(charge.amount), charge.amount);
            let mut amount = share(after) - share(before);
            // Refunds and disputes that together take all of the charge take all of its transfer.
            let gone = charge.refunded_reversing + taken_before((id, dispute), charge, loaded);
            if gone < charge.amount && gone + dispute.withdrawn >= charge.amount {
                // What the others have not found yet is theirs.
                let short = own_disputes(id, charge, loaded).map(|(_, other)| {
                    let due = share(other.before + other.withdrawn) - share(other.before);
                    (due - took(other)).max(0)
                });
                let left = (state.reversible() - short.sum::<Minor>()).max(0);
                amount = amount.max(took(dispute) + left);
            }
            vec![Disputed { transfer, amount, fee_share: 0, shortfall: Shortfall::SellerOwes }]
        }
        Recovery::ByLiability(splits) => {
            let disputed = Refunded { amount: charge.amount, before, after };
            let splits = splits.iter().filter_map(|split| loaded.get(*split));
            recover_for_dispute(splits, dispute.charge, (disputed, charge.refunded), dispute.fee)
        }
        Recovery::Exactly(parts) => {
            let of_charge = |transfer| {
                let state: Option<&TransferState> = loaded.get(transfer);
                state.is_some_and(|state| state.source_charge == Some(dispute.charge))
            };
            let named = parts.iter().filter(|(transfer, _)| of_charge(*transfer));
            let shortfall = Shortfall::SellerOwes;
            let due = |(transfer, amount): &(TransferId, Minor)| Disputed {
                transfer: *transfer,
                amount: *amount,
                fee_share: 0,
                shortfall,
            };
            named.map(due).collect()
        }
    }
}

/// What the disputes that take the charge's own transfer back, and took their money before this
/// one, have of the charge.
fn taken_before((id, dispute): (DisputeId, &DisputeState), charge: &ChargeState, loaded: &Loaded) -> Minor {
    let own = own_disputes(id, charge, loaded);
    let earlier = own.filter(|(other, state)| (state.before, *other) < (dispute.before, id));
    earlier.map(|(_, other)| other.withdrawn).sum()
}

/// The other disputes of a charge that take its own transfer back.
fn own_disputes<'a>(
    id: DisputeId,
    charge: &'a ChargeState,
    loaded: &'a Loaded,
) -> impl Iterator<Item = (DisputeId, &'a DisputeState)> {
    let others = charge.disputes().iter().filter(move |other| **other != id);
    let others = others.filter_map(|other| Some((*other, loaded.get(*other)?)));
    others.filter(|(_, other)| matches!(other.recovery, Recovery::OwnTransfer { .. }))
}

/// What a dispute took back of all transfers, and did not give back.
fn took(dispute: &DisputeState) -> Minor {
    dispute.recovered.iter().filter(|done| !done.given_back).map(|done| done.amount).sum()
}

/// Takes back what is due, as much as fits one event.
pub(super) fn recover(id: DisputeId, dispute: &DisputeState, scene: &Scene<'_>) -> Events {
    let mut dispute = dispute.clone();
    let since = std::mem::replace(&mut dispute.next, Consequence::Nothing);
    let Some(charge) = scene.loaded.get(dispute.charge).cloned() else {
        return Moved::new(Step::DisputeRecovered, Record::Dispute(id, dispute)).into();
    };
    let turn = turn((id, &dispute), &charge, scene, |_| ());
    if turn.is_full {
        dispute.next = since;
    }
    take_back((id, dispute), charge, turn.takes, scene)
}

/// Books what a dispute takes back.
pub(super) fn take_back(
    (id, mut dispute): (DisputeId, DisputeState),
    mut charge: ChargeState,
    takes: Vec<Disputed>,
    scene: &Scene<'_>,
) -> Events {
    let Scene { ledger, loaded, context } = *scene;
    let mut draft = Draft::new(charge.currency);
    // Behind the dispute, the charge, and each transfer with its reversal stand holds.
    let mut freeing = Freeing::behind(2 + 2 * takes.len(), loaded);
    let (mut beside, mut amount, fee_before) = (Vec::new(), 0, charge.fee_refunded);
    for (ordinal, take) in (1..).zip(takes) {
        let Some(mut transfer) = loaded.get(take.transfer).cloned() else { continue };
        let (fee_refunded, counted) = fee_part(&dispute.recovery, &mut charge, take.amount);
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
        let given_back = false;
        let taken = |reversal| Recovered {
            reversal,
            transfer: of,
            amount,
            fee_share,
            fee_refunded,
            counted,
            drawn,
            given_back,
        };
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
        let (reversal, made) = match before(&mut dispute, of, loaded) {
            Some((earlier, reversal)) => {
                let more = taken(earlier.reversal);
                earlier.add(more);
                (more.reversal, reversal.more(amount, fee_refunded))
            }
            None => {
                let reversal = ReversalId::new(context.position, ordinal);
                dispute.recovered.push(taken(reversal));
                (reversal, made)
            }
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

/// What the dispute took of a transfer before, with its reversal: that grows, so that however often
/// more is found a dispute has no more of them than transfers.
fn before<'a>(
    dispute: &'a mut DisputeState,
    transfer: TransferId,
    loaded: &Loaded,
) -> Option<(&'a mut Recovered, ReversalState)> {
    let mut taken = dispute.recovered.iter_mut().filter(|done| !done.given_back);
    let earlier = taken.find(|done| done.transfer == transfer)?;
    let reversal = loaded.get(earlier.reversal)?.clone();
    Some((earlier, reversal))
}

/// What of the application fee goes to the seller with so much of its transfer, and what was added
/// to the total by which it goes.
fn fee_part(recovery: &Recovery, charge: &mut ChargeState, amount: Minor) -> (Minor, Minor) {
    if (*recovery != Recovery::OwnTransfer { with_fee: true }) || charge.application_fee == 0 {
        return (0, 0);
    }
    (charge.give_fee_back(amount), amount)
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
