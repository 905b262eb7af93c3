//! Refunding a destination charge: the platform pays; the seller's share comes back
//! only where `reverse_transfer` asks for it, and may push the seller below zero
//! (<https://docs.stripe.com/connect/destination-charges#issue-refunds>). What is held of the
//! transfer is freed before it is reversed (`reserve/reverse.rs`).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | seller, pending while the sale is, else available | | fee part |
//! | seller, likewise | reversal | |
//! | platform, likewise | | reversal |
//! | platform, likewise | fee part | |
//! | platform, likewise | amount | |
//! | `rail:<rail>` | | amount |

use super::carry_out::{Parts, reversal_object};
use super::cover::{Short, covered};
use crate::books::{Book, Draft, Kind};
use crate::calendar::Day;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::reserve::HoldSource;

/// Books a destination charge's refund.
pub(super) fn book(
    ledger: &Ledger,
    parts: &mut Parts<'_>,
    today: Day,
    draft: &mut Draft,
) -> Result<(), Short> {
    let charge = &mut parts.charge;
    let mut platforms = charge.purse(today);

    if let Some(recovered) = parts.recovered.first_mut() {
        let transfer = &mut recovered.transfer;
        let mut sellers = charge.transfer_purse(transfer, today);
        let source = HoldSource::Transfer(recovered.id);
        parts.freeing.free(source, (recovered.amount, transfer.amount), &mut sellers, draft);
        draft.of(0);
        sellers.credit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
        draft.of(reversal_object(0));
        sellers.debit(draft, Kind::TransferReversal, recovered.amount);
        platforms.credit(draft, Kind::TransferReversal, recovered.amount);
        draft.of(0);
        platforms.debit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
        charge.keep_transfer(transfer, &sellers);
        recovered.drawn = sellers.drawn();
    }
    platforms.debit(draft, Kind::Refund, parts.amount);
    draft.credit(Book::Rail(charge.rail), Kind::Refund, parts.amount);

    charge.keep(&platforms);
    parts.drawn = platforms.drawn();
    covered(ledger, AccountId::PLATFORM, charge.currency, &platforms, charge.processing_fee)
}
