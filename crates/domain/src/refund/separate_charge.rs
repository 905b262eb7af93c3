//! Refunding a separate charge: the platform pays. No transfer is touched unless it is
//! named: those of which the refund says how much are reversed by it, as far as their
//! sellers have it; by liability (`by_liability.rs`) those of its splits by rules are
//! (<https://docs.stripe.com/connect/separate-charges-and-transfers#issue-refunds>). What is
//! held of a transfer is freed before it is reversed (`reserve/reverse.rs`).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | seller of each transfer that is named or bears it, pending while it is, else available | reversal | |
//! | platform, pending while the sale is, else available | | reversal |
//! | platform, likewise | amount | |
//! | `rail:<rail>` | | amount |

use super::carry_out::{Parts, Recovered, reversal_object};
use super::cover::{Short, covered, usable};
use crate::books::{Book, Draft, Kind};
use crate::calendar::Day;
use crate::charge::Purse;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::{Minor, Money};
use crate::reserve::{Freeing, HoldSource};
use crate::transfer::TransferRefusal;

/// Books a separate charge's refund.
pub(super) fn book(
    ledger: &Ledger,
    parts: &mut Parts<'_>,
    today: Day,
    draft: &mut Draft,
) -> Result<(), Short> {
    let charge = &mut parts.charge;
    let mut platforms = charge.purse(today);

    // What each seller gave of its available balance so far.
    let mut drawn: Vec<(AccountId, Minor)> = Vec::new();
    for (index, recovered) in parts.recovered.iter_mut().enumerate() {
        let from_available = recover((index, recovered), &mut parts.freeing, &mut platforms, today, draft);
        let seller = recovered.transfer.destination;
        let before: Minor = drawn.iter().filter(|(of, _)| *of == seller).map(|(_, drawn)| drawn).sum();
        let need = before + from_available;
        let wallet = ledger.account(seller).and_then(|holder| holder.wallet(charge.currency));
        let available = wallet.map_or(0, usable).max(0);
        // By liability nobody is asked: the seller owes it, or it was left to the platform.
        if recovered.shortfall.is_none() && from_available > 0 && need > available {
            let money = |minor| Money::new(charge.currency, minor);
            let has = recovered.amount - from_available + (available - before).max(0);
            let refusal =
                TransferRefusal::AccountShort { asked: money(recovered.amount), available: money(has) };
            return Err(Short { payer: seller, need, refusal: refusal.into() });
        }
        recovered.drawn = from_available;
        drawn.push((seller, from_available));
    }
    draft.of(0);
    platforms.debit(draft, Kind::Refund, parts.amount);
    draft.credit(Book::Rail(charge.rail), Kind::Refund, parts.amount);

    charge.keep(&platforms);
    parts.drawn = platforms.drawn();
    covered(ledger, AccountId::PLATFORM, charge.currency, &platforms, charge.processing_fee)
}

/// Books a reversal; says what it took from the seller's available balance.
fn recover(
    (index, recovered): (usize, &mut Recovered),
    freeing: &mut Freeing<'_>,
    platforms: &mut Purse,
    today: Day,
    draft: &mut Draft,
) -> Minor {
    let transfer = &mut recovered.transfer;
    let mut sellers = transfer.purse(today);
    freeing.free(
        HoldSource::Transfer(recovered.id),
        (recovered.amount, transfer.amount),
        &mut sellers,
        draft,
    );
    draft.of(reversal_object(index));
    sellers.debit(draft, Kind::TransferReversal, recovered.amount);
    platforms.credit(draft, Kind::TransferReversal, recovered.amount);
    transfer.pending_left = sellers.pending_left();
    sellers.drawn()
}
