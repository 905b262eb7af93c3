//! Carrying a refund out: what moves, at once or when the payer has the money.

use super::by_liability;
use super::cover::Short;
use super::{Recover, RefundState, RefundStatus, Taken, destination_charge, direct_charge, separate_charge};
use crate::books::Draft;
use crate::charge::{ChargeState, ChargeType};
use crate::decide::Scene;
use crate::dispute::Recovery;
use crate::id::{ChargeId, RefundId, ReversalId, TransferId};
use crate::money::round::proportion_half_even;
use crate::money::{Minor, Money};
use crate::record::{Loaded, Record};
use crate::reserve::Freeing;
use crate::split::rule::Shortfall;
use crate::step::{Moved, Step};
use crate::transfer::{ReversalState, TransferState};

/// A refund in the making: the records that it changes, and what moves.
pub(super) struct Parts<'a> {
    pub(super) id: ChargeId,
    pub(super) charge: ChargeState,
    pub(super) recovered: Vec<Recovered>,
    pub(super) amount: Minor,
    pub(super) fee_refunded: Minor,
    /// What it drew from the owner's available balance, and from the platform's for the fee.
    pub(super) drawn: Minor,
    pub(super) fee_drawn: Minor,
    /// What was held of what goes back.
    pub(super) freeing: Freeing<'a>,
}

/// A transfer, and what a refund takes back of it.
pub(super) struct Recovered {
    pub(super) id: TransferId,
    pub(super) transfer: TransferState,
    pub(super) amount: Minor,
    /// What it drew from the seller's available balance.
    pub(super) drawn: Minor,
    /// Who bears what the seller does not have; where that is not said, nobody is short.
    pub(super) shortfall: Option<Shortfall>,
}

/// A refund that was carried out.
pub(super) struct Done<'a> {
    pub(super) refund: RefundState,
    pub(super) parts: Parts<'a>,
    pub(super) draft: Draft,
}

/// Which object of the step a reversal is: beside the refund stand the charge, then each
/// transfer with its reversal.
pub(super) fn reversal_object(index: usize) -> u16 {
    u16::try_from(3 + 2 * index).unwrap_or(u16::MAX)
}

/// Books a refund whose amount its charge counts already.
pub(super) fn carry_out<'a>(
    scene: &Scene<'a>,
    refund: RefundState,
    charge: ChargeState,
) -> Result<Done<'a>, Short> {
    let (ledger, today) = (scene.ledger, scene.context.now.day());
    let mut parts = parts(scene, &refund, charge);
    let mut draft = Draft::new(parts.charge.currency);
    match parts.charge.charge_type {
        ChargeType::Direct => direct_charge::book(ledger, &mut parts, today, &mut draft)?,
        ChargeType::Destination => destination_charge::book(ledger, &mut parts, today, &mut draft)?,
        ChargeType::Separate => separate_charge::book(ledger, &mut parts, today, &mut draft)?,
    }
    let reversed = parts.recovered.iter().filter(|recovered| recovered.amount > 0);
    let taken = (1..).zip(reversed).map(|(ordinal, recovered)| Taken {
        reversal: ReversalId::new(scene.context.position, ordinal),
        transfer: recovered.id,
        amount: recovered.amount,
        drawn: recovered.drawn,
    });
    let taken = taken.collect();
    let (status, fee_refunded) = (RefundStatus::Succeeded, parts.fee_refunded);
    let (drawn, fee_drawn) = (parts.drawn, parts.fee_drawn);
    let booked_at = scene.context.position;
    let refund = RefundState { status, taken, fee_refunded, drawn, fee_drawn, booked_at, ..refund };
    Ok(Done { refund, parts, draft })
}

impl Done<'_> {
    /// The step of the refund that this is.
    pub(super) fn moved(self, step: Step, id: RefundId, scene: &Scene<'_>) -> Moved {
        let Self { refund, parts, draft } = self;
        let (of, charge_id, currency) = (refund.amount.minor, refund.charge, refund.amount.currency);
        let mut taken = refund.taken.clone().into_iter();
        let mut moved = Moved::new(step, Record::Refund(id, refund))
            .of(of)
            .beside(Record::Charge(charge_id, parts.charge), of);
        for Recovered { id: transfer_id, transfer, amount, .. } in parts.recovered {
            let reversal = (amount > 0).then(|| taken.next()).flatten().map(|taken| {
                let state = ReversalState {
                    transfer: transfer_id,
                    destination: transfer.destination,
                    refund: Some(id),
                    amount: Money::new(currency, amount),
                    fee_refunded: 0,
                    given_back: 0,
                    dispute: None,
                    transfer_group: transfer.transfer_group.clone(),
                };
                Record::Reversal(taken.reversal, state)
            });
            moved = moved.beside(Record::Transfer(transfer_id, transfer), amount).beside(reversal, amount);
        }
        parts.freeing.add_to(moved).booked(draft, scene.ledger)
    }
}

/// How much moves.
///
/// In proportion it goes by running totals: after each refund the total reversed is the
/// proportion of the total refunded, rounded half-even, and the refund that completes the
/// charge, with what disputes have of it, takes what is left. So partial refunds in any number come out exactly, and never
/// beyond what is left, whatever failed between them. The fee has a total of its own.
fn parts<'a>(scene: &Scene<'a>, refund: &RefundState, mut charge: ChargeState) -> Parts<'a> {
    let amount = refund.amount.minor;
    let mut recovered = Vec::new();
    match &refund.recover {
        Recover::None => {}
        Recover::OwnTransfer => {
            let own = charge.own_transfer(refund.charge);
            let own = own.and_then(|id| scene.loaded.get(id).map(|transfer| (id, transfer.clone())));
            if let Some((id, transfer)) = own {
                let (before, left) = (charge.refunded_reversing, transfer.reversible());
                let part = (before, amount, charge.amount);
                let all = before + amount + disputed_with_transfer(&charge, scene.loaded) >= charge.amount;
                let amount = if all { left } else { share(transfer.amount, part).min(left) };
                recovered.push(Recovered { id, transfer, amount, drawn: 0, shortfall: None });
                charge.refunded_reversing += refund.amount.minor;
            }
        }
        Recover::Exactly(asked) => {
            let named = asked.iter().map(|(id, asked)| (*id, *asked, None));
            recovered.extend(named.filter_map(|named| take(scene, named)));
        }
        Recover::ByLiability(by) => {
            let named = by.borne.iter().map(|borne| (borne.transfer, borne.amount, Some(borne.shortfall)));
            recovered.extend(named.filter_map(|named| take(scene, named)));
            by_liability::bound(&mut recovered, scene, charge.currency);
            recovered.retain(|recovered| recovered.amount > 0);
        }
    }
    for recovered in &mut recovered {
        charge.transferred -= recovered.amount;
        recovered.transfer.reversed += recovered.amount;
    }
    let fee_refunded = if refund.with_fee { charge.give_fee_back(amount) } else { 0 };
    // Beside the refund stand the charge, then each transfer with its reversal.
    let freeing = Freeing::behind(2 + 2 * recovered.len(), scene.loaded);
    let id = refund.charge;
    Parts { id, charge, recovered, amount, fee_refunded, drawn: 0, fee_drawn: 0, freeing }
}

/// What is taken back of a transfer: while the refund waited, some may have been moved back
/// already.
fn take(
    scene: &Scene<'_>,
    (id, asked, shortfall): (TransferId, Minor, Option<Shortfall>),
) -> Option<Recovered> {
    let transfer = scene.loaded.get(id)?;
    let amount = asked.min(transfer.reversible());
    (amount > 0).then(|| Recovered { id, transfer: transfer.clone(), amount, drawn: 0, shortfall })
}

/// What of `whole` goes with a part of a charge, after an earlier part went.
fn share(whole: Minor, (before, part, charge): (Minor, Minor, Minor)) -> Minor {
    let share = |part| proportion_half_even(whole, part, charge);
    share(before + part) - share(before)
}

/// What of a charge is with disputes that took its own transfer back in proportion.
fn disputed_with_transfer(charge: &ChargeState, loaded: &Loaded) -> Minor {
    let disputes = charge.disputes().iter().filter_map(|id| loaded.get(*id));
    let own = disputes.filter(|dispute| matches!(dispute.recovery, Recovery::OwnTransfer { .. }));
    own.map(|dispute| dispute.withdrawn).sum()
}
