//! Undoing: the money of a refund that did not happen goes back to whoever paid it, and
//! what the refund took back from sellers and gave back of the fee goes back with it
//! (our own rule: Connect returns the refund alone; docs/decisions/waiting-refunds.md).
//!
//! What came from the sale's own pending part goes back there while that is to come, and
//! what came from available to available. What goes out again is taken from the pending
//! part first, and may push a balance below zero: what happened is booked. Of a reversal as
//! much is undone as the charge has not moved elsewhere meanwhile, and of the fee nothing where
//! the payment itself failed meanwhile: then fee and transfers went back with it. What a dispute is
//! due of what goes to sellers again, it takes right after (`dispute/recover_more.rs`).
//!
//! | book (platform's charge) | debit | credit |
//! |---|---|---|
//! | `rail:<rail>` | amount | |
//! | platform, pending and available as it was taken, else available | | amount |
//! | platform, likewise | | fee part |
//! | platform, likewise, for each reversal | reversal | |
//! | its seller, likewise | | reversal |
//! | seller, likewise | fee part | |
//!
//! | book (direct charge) | debit | credit |
//! |---|---|---|
//! | `rail:<rail>` | amount | |
//! | seller, pending and available as it was taken, else available | | amount |
//! | seller, likewise | fee part | |
//! | platform, likewise | | fee part |

use super::carry_out::reversal_object;
use super::{Recover, RefundRefusal, RefundState, RefundStatus};
use crate::books::{Book, Draft, Kind};
use crate::calendar::Day;
use crate::charge::{ChargeRefusal, ChargeState, ChargeType};
use crate::debt::Claims;
use crate::decide::Scene;
use crate::dispute::is_short;
use crate::id::{RefundId, ReversalId, TransferId};
use crate::ledger::Ledger;
use crate::money::Minor;
use crate::record::Record;
use crate::refusal::Refusal;
use crate::step::{Moved, Step};
use crate::transfer::{ReversalState, TransferState};

/// A refund that may be undone from how it stands.
pub(super) fn refund<'a>(
    scene: &Scene<'a>,
    id: RefundId,
    stands: fn(RefundStatus) -> bool,
    needed: &'static str,
) -> Result<&'a RefundState, RefundRefusal> {
    let refund = scene.loaded.get(id).ok_or(RefundRefusal::Unknown { refund: id })?;
    if !stands(refund.status) {
        return Err(RefundRefusal::Lifecycle { status: refund.status, needed });
    }
    Ok(refund)
}

/// The step by which a refund comes to stand as one that did not happen.
pub(super) fn undo(
    scene: &Scene<'_>,
    id: RefundId,
    refund: &RefundState,
    (step, status): (Step, RefundStatus),
) -> Result<Moved, Refusal> {
    let charge_id = refund.charge;
    let charge: &ChargeState =
        scene.loaded.get(charge_id).ok_or(ChargeRefusal::Unknown { charge: charge_id })?;
    let (amount, mut charge) = (refund.amount.minor, charge.clone());
    charge.refunded -= amount;
    let state = RefundState { status, ..refund.clone() };
    if !refund.status.is_booked() {
        let moved = Moved::new(step, Record::Refund(id, state));
        return Ok(moved.beside(Record::Charge(charge_id, charge), 0));
    }
    let own = charge.own_transfer(charge_id).filter(|_| refund.recover == Recover::OwnTransfer);
    if own.is_some() {
        charge.refunded_reversing -= amount;
    }
    if refund.with_fee {
        charge.refunded_with_fee -= amount;
    }
    // A payment that failed took the pending part with it: what comes now is available.
    let paid = charge.refuse_unless_succeeded().is_ok();
    let (fee, drawn) = if paid { (refund.fee_refunded, refund.drawn) } else { (0, amount) };
    charge.fee_refunded -= fee;

    let mut returns = returns(scene, refund, own.filter(|_| fee > 0), &mut charge);
    let transfers: Vec<TransferId> = returns.iter().map(|back| back.id).collect();
    if is_short(&charge, &transfers, scene.loaded) {
        charge.recover_more(Some(scene.context.now));
    }
    let mut draft = Draft::new(charge.currency);
    let today = scene.context.now.day();
    draft.debit(Book::Rail(charge.rail), Kind::RefundFailure, amount);
    if charge.charge_type == ChargeType::Direct {
        book_direct(&mut charge, refund, (fee, drawn, today), &mut draft);
    } else {
        book_platforms(&mut charge, refund, &mut returns, (fee, drawn, today), &mut draft);
    }
    let claims = claims(scene.ledger, refund, &returns, fee);
    let moved = Moved::new(step, Record::Refund(id, state)).of(-amount);
    let moved = moved.beside(Record::Charge(charge_id, charge), -amount);
    let moved = returns.into_iter().fold(moved, |moved, back| {
        let reversal = back.reversal.map(|(id, state)| Record::Reversal(id, state));
        moved.beside(Record::Transfer(back.id, back.transfer), -back.amount).beside(reversal, -back.amount)
    });
    Ok(claims.add_to(moved, &mut draft).booked(draft, scene.ledger))
}

/// What of the money that goes back to sellers pays for debts of theirs that were written off
/// meanwhile (`debt/claims.rs`).
fn claims<'a>(ledger: &'a Ledger, refund: &RefundState, returns: &[Return], fee: Minor) -> Claims<'a> {
    let amount = refund.amount.minor;
    let mut claims = Claims::of(ledger, refund.amount.currency);
    // Of a direct charge the owner is the seller; the platform owes nobody.
    claims.pay(refund.owner, refund.booked_at, refund.drawn.min(amount - fee));
    for back in returns {
        if let Some((reversal, _)) = &back.reversal {
            // The fee goes with a destination charge's only transfer.
            let most = back.drawn.min(back.amount - fee);
            claims.pay(back.transfer.destination, reversal.0.position(), most);
        }
    }
    claims
}

/// A transfer, and what of its reversal is undone.
struct Return {
    id: TransferId,
    transfer: TransferState,
    reversal: Option<(ReversalId, ReversalState)>,
    amount: Minor,
    /// What the reversal had drawn from the seller's available balance.
    drawn: Minor,
}

fn returns(
    scene: &Scene<'_>,
    refund: &RefundState,
    own: Option<TransferId>,
    charge: &mut ChargeState,
) -> Vec<Return> {
    let mut returns: Vec<Return> = Vec::with_capacity(refund.taken.len());
    for taken in &refund.taken {
        let (Some(transfer), Some(reversal)) =
            (scene.loaded.get(taken.transfer), scene.loaded.get(taken.reversal))
        else {
            continue;
        };
        let amount = taken.amount.min(charge.returnable());
        let (mut transfer, mut reversal): (TransferState, ReversalState) =
            (transfer.clone(), reversal.clone());
        transfer.reversed -= amount;
        reversal.given_back += amount;
        charge.transferred += amount;
        let reversal = Some((taken.reversal, reversal));
        returns.push(Return { id: taken.transfer, transfer, reversal, amount, drawn: taken.drawn });
    }
    // The fee was the seller's even where nothing of the transfer was left to reverse.
    if let Some(id) = own.filter(|_| returns.is_empty())
        && let Some(transfer) = scene.loaded.get(id)
    {
        returns.push(Return { id, transfer: transfer.clone(), reversal: None, amount: 0, drawn: 0 });
    }
    returns
}

fn book_direct(
    charge: &mut ChargeState,
    refund: &RefundState,
    (fee, drawn, today): (Minor, Minor, Day),
    draft: &mut Draft,
) {
    let mut sellers = charge.purse(today);
    let mut platforms = charge.fee_purse(today);
    sellers.give_back(drawn, draft, Kind::RefundFailure, refund.amount.minor);
    sellers.debit(draft, Kind::ApplicationFeeRefund, fee);
    platforms.give_back(refund.fee_drawn, draft, Kind::ApplicationFeeRefund, fee);
    charge.keep(&sellers);
    charge.keep_fee(&platforms);
}

fn book_platforms(
    charge: &mut ChargeState,
    refund: &RefundState,
    returns: &mut [Return],
    (fee, drawn, today): (Minor, Minor, Day),
    draft: &mut Draft,
) {
    let mut platforms = charge.purse(today);
    let drawn = platforms.give_back(drawn, draft, Kind::RefundFailure, refund.amount.minor);
    platforms.give_back(drawn, draft, Kind::ApplicationFeeRefund, fee);
    for (index, back) in returns.iter_mut().enumerate() {
        let transfer = &mut back.transfer;
        let mut sellers = charge.transfer_purse(transfer, today);
        draft.of(reversal_object(index));
        platforms.debit(draft, Kind::TransferReversal, back.amount);
        sellers.give_back(back.drawn, draft, Kind::TransferReversal, back.amount);
        draft.of(0);
        if charge.charge_type == ChargeType::Destination {
            sellers.debit(draft, Kind::ApplicationFeeRefund, fee);
        }
        charge.keep_transfer(transfer, &sellers);
    }
    charge.keep(&platforms);
}
