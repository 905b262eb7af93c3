//! Giving back: a dispute was won, and the sellers get again what was taken back from them; of
//! their shares of the dispute's fee the proportion in which that came back.
//!
//! | book, for each transfer | debit | credit |
//! |---|---|---|
//! | platform, pending as far as the sale's is there, else available | amount | |
//! | seller, pending and available as it was taken, else available | | amount |
//! | seller, likewise | application fee part | |
//! | platform, pending while the sale is, else available | | application fee part |
//!
//! A seller that has moved to another account is owed nothing on the one that it left but what
//! makes up for its debt there, and the application fee; the rest is a new transfer to the
//! account where it is:
//!
//! | book, for each transfer of a seller that moved | debit | credit |
//! |---|---|---|
//! | platform, as above | amount | |
//! | account that it left, available | | its debt and the application fee part, at most the amount |
//! | account where it is, pending while the sale is, else available | | the rest |
//! | account that it left, available | application fee part | |
//! | platform, as above | | application fee part |
//!
//! Where the debt in which it was taken was written off, that is paid first (`debt/claims.rs`);
//! an account that its seller left has so much for that too.
//!
//! No requirement and no closed account keeps money from going back to whose it is.

use std::collections::{BTreeMap, BTreeSet};

use super::recover::MOST_AT_ONCE;
use super::recover_more::{self, is_short};
use super::{Consequence, DisputeState, Recovered};
use crate::books::{Draft, Kind};
use crate::charge::{ChargeState, MOST_TRANSFERS_AT_RISK, Purse};
use crate::debt::Claims;
use crate::decide::Scene;
use crate::event::Events;
use crate::id::{AccountId, DisputeId, ReversalId, TransferId};
use crate::money::Minor;
use crate::money::round::proportion_half_even;
use crate::record::{Loaded, Needs, Record};
use crate::step::{Moved, Step};
use crate::transfer::{ReversalState, TransferState};

/// Adds the records that are read.
pub(super) fn needs(dispute: &DisputeState, loaded: &Loaded, needs: &mut Needs) {
    needs.add(dispute.charge);
    if let Some(charge) = loaded.get(dispute.charge) {
        recover_more::needs(charge, loaded, needs);
    }
    let waiting = dispute.recovered.iter().filter(|recovered| !recovered.given_back).take(MOST_AT_ONCE);
    for recovered in waiting {
        needs.add(recovered.transfer);
        needs.add(recovered.reversal);
    }
}

/// Who gets how much again of what was taken back of one transfer.
struct Return {
    transfer: (TransferId, TransferState),
    reversal: (ReversalId, ReversalState),
    /// What its seller gets.
    amount: Minor,
    /// What the account gets where the seller is now.
    moved: Option<(AccountId, Minor)>,
    fee: Minor,
    drawn: Minor,
    /// Whether the seller has left its account, so that only a debt there is made up for.
    has_left: bool,
}

/// Gives back what was recovered, as much as fits one event.
pub(super) fn give_back(
    id: DisputeId,
    dispute: &DisputeState,
    fee_returned: Minor,
    scene: &Scene<'_>,
) -> Events {
    let mut dispute = dispute.clone();
    let since = std::mem::replace(&mut dispute.next, Consequence::Nothing);
    let fee = (fee_returned, dispute.fee + fee_returned);
    let Some(mut charge) = scene.loaded.get(dispute.charge).cloned() else {
        return Moved::new(Step::DisputeGivenBack, Record::Dispute(id, dispute)).into();
    };
    let fee_before = charge.fee_refunded;
    let mut returns = Vec::new();
    let mut claims = Claims::of(scene.ledger, charge.currency);
    let mut healed: BTreeMap<AccountId, Minor> = BTreeMap::new();
    // A transfer of which was taken twice gets it again in two turns.
    let mut transfers = BTreeSet::new();
    let waiting = dispute.recovered.iter_mut().filter(|done| !done.given_back).take(MOST_AT_ONCE);
    for recovered in waiting.filter(|done| transfers.insert(done.transfer)) {
        recovered.given_back = true;
        let found = part(recovered, fee, &mut charge, (&mut healed, &mut claims), scene);
        returns.extend(found);
    }
    if dispute.recovered.iter().any(|recovered| !recovered.given_back) {
        dispute.next = since;
    } else {
        // Another dispute of the charge that found too little finds more now.
        let transfers: Vec<TransferId> = dispute.recovered.iter().map(|done| done.transfer).collect();
        if is_short(&charge, &transfers, scene.loaded) {
            charge.recover_more(Some(scene.context.now));
        }
    }

    let mut draft = Draft::new(charge.currency);
    let (mut beside, mut total) = (Vec::new(), 0);
    for (ordinal, back) in (1..).zip(returns) {
        total += back.amount + back.moved.map_or(0, |(_, amount)| amount);
        book(back, ordinal, &mut charge, scene, &mut draft, &mut beside);
    }
    let (charge_id, fee) = (dispute.charge, charge.fee_refunded - fee_before);
    let moved = Moved::new(Step::DisputeGivenBack, Record::Dispute(id, dispute)).of(-total);
    let moved = moved.beside(Record::Charge(charge_id, charge), fee);
    let moved = beside.into_iter().fold(moved, |moved, (record, amount)| moved.beside(record, amount));
    claims.add_to(moved, &mut draft).booked(draft, scene.ledger).into()
}

/// What goes back of one transfer, and to whom.
fn part(
    recovered: &Recovered,
    (fee_returned, of_fee): (Minor, Minor),
    charge: &mut ChargeState,
    (healed, claims): (&mut BTreeMap<AccountId, Minor>, &mut Claims<'_>),
    scene: &Scene<'_>,
) -> Option<Return> {
    let transfer = scene.loaded.get(recovered.transfer)?.clone();
    let reversal = scene.loaded.get(recovered.reversal)?.clone();
    let of_share =
        if of_fee > 0 { proportion_half_even(recovered.fee_share, fee_returned, of_fee) } else { 0 };
    let due = recovered.amount - recovered.fee_share + of_share;
    // A charge is never transferred twice over, whatever was moved of it since.
    let amount = due.min((charge.amount - charge.transferred).max(0));
    let fee = recovered.fee_refunded.min(charge.fee_refunded);
    charge.transferred += amount;
    charge.fee_refunded -= fee;
    charge.refunded_with_fee = (charge.refunded_with_fee - recovered.counted).max(0);

    let destination = transfer.destination;
    // What it was taken for may have been written off.
    let claimed = claims.pay(destination, recovered.reversal.0.position(), recovered.drawn.min(amount - fee));
    // A payment that may still fail takes no more transfers than its failure can take back.
    let has_room = charge.transfers_at_risk().count() + MOST_AT_ONCE <= MOST_TRANSFERS_AT_RISK;
    let successor = scene.ledger.successors(destination).last().filter(|_| has_room);
    let (kept, moved) = match successor {
        None => (amount, None),
        Some(successor) => {
            let available = scene.ledger.account(destination).map_or(0, |it| it.available(charge.currency));
            let healed = healed.entry(destination).or_default();
            let debt = available.saturating_add(*healed).min(0).saturating_neg();
            let kept = amount.min(debt.saturating_add(fee).saturating_add(claimed));
            *healed += kept - fee - claimed;
            (kept, Some((successor, amount - kept)).filter(|(_, rest)| *rest > 0))
        }
    };
    Some(Return {
        transfer: (recovered.transfer, transfer),
        reversal: (recovered.reversal, reversal),
        amount: kept,
        moved,
        fee,
        drawn: recovered.drawn,
        has_left: successor.is_some(),
    })
}

/// Books one part, and adds what stands beside the charge: the transfer, its reversal, and a
/// transfer to where the seller is now.
fn book(
    back: Return,
    ordinal: u16,
    charge: &mut ChargeState,
    scene: &Scene<'_>,
    draft: &mut Draft,
    beside: &mut Vec<(Record, Minor)>,
) {
    let today = scene.context.now.day();
    let Return { transfer: (transfer_id, mut transfer), reversal: (reversal_id, mut reversal), .. } = back;
    let Return { amount, moved, fee, drawn, has_left, .. } = back;
    // The charge stands before what is beside it, and the dispute before that.
    let object = u16::try_from(beside.len() + 2).unwrap_or(u16::MAX);
    let mut platforms = charge.purse(today);
    let mut sellers = if has_left {
        Purse::available(transfer.destination)
    } else {
        charge.transfer_purse(&transfer, today)
    };
    platforms.debit(draft.of(object.saturating_add(1)), Kind::Transfer, amount);
    sellers.give_back(drawn, draft, Kind::Transfer, amount);
    transfer.reversed -= amount;
    reversal.given_back += amount;
    let made = moved.map(|(successor, rest)| {
        let id = TransferId::new(scene.context.position, ordinal);
        let mut new = Purse::new(successor, charge.available_on, today, 0);
        platforms.debit(draft.of(object.saturating_add(2)), Kind::Transfer, rest);
        new.credit(draft, Kind::Transfer, rest);
        charge.transferred -= rest;
        charge.share(id, rest);
        let state = TransferState {
            destination: successor,
            currency: charge.currency,
            amount: rest,
            reversed: 0,
            source_charge: transfer.source_charge,
            available_on: charge.available_on.max(today),
            pending_left: new.pending_left(),
            transfer_group: charge.transfer_group.clone(),
            queue: None,
            held: None,
        };
        (Record::Transfer(id, state), rest)
    });
    sellers.debit(draft.of(0), Kind::ApplicationFee, fee);
    platforms.credit(draft, Kind::ApplicationFee, fee);
    charge.keep(&platforms);
    if !has_left {
        charge.keep_transfer(&mut transfer, &sellers);
    }
    beside.push((Record::Transfer(transfer_id, transfer), -amount));
    beside.push((Record::Reversal(reversal_id, reversal), -amount));
    beside.extend(made);
}
