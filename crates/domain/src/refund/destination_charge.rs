//! Refunding a destination charge: the platform pays; the seller's share comes back
//! only where `reverse_transfer` asks for it, and may push the seller below zero
//! (<https://docs.stripe.com/connect/destination-charges#issue-refunds>).
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
use crate::charge::Purse;
use crate::id::AccountId;
use crate::ledger::Ledger;

/// Books a destination charge's refund.
pub(super) fn book(ledger: &Ledger, parts: &mut Parts, today: Day, draft: &mut Draft) -> Result<(), Short> {
    let charge = &mut parts.charge;
    let mut platforms = Purse::new(AccountId::PLATFORM, charge.available_on, today, charge.pending_left);

    if let Some(recovered) = parts.recovered.first_mut() {
        let transfer = &mut recovered.transfer;
        let mut sellers =
            Purse::new(transfer.destination, transfer.available_on, today, transfer.pending_left);
        sellers.credit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
        draft.of(reversal_object(0));
        sellers.debit(draft, Kind::TransferReversal, recovered.amount);
        platforms.credit(draft, Kind::TransferReversal, recovered.amount);
        draft.of(0);
        platforms.debit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
        transfer.pending_left = sellers.pending_left();
        recovered.drawn = sellers.drawn();
    }
    platforms.debit(draft, Kind::Refund, parts.amount);
    draft.credit(Book::Rail(charge.rail), Kind::Refund, parts.amount);

    charge.pending_left = platforms.pending_left();
    parts.drawn = platforms.drawn();
    covered(ledger, AccountId::PLATFORM, charge.currency, &platforms, charge.processing_fee)
}
