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

use super::RefundRefusal;
use super::cover::refuse_uncovered;
use super::create::Parts;
use crate::books::{Book, Draft, Kind};
use crate::calendar::Day;
use crate::id::AccountId;
use crate::ledger::Ledger;

/// Books a destination charge's refund.
pub(super) fn book(
    ledger: &Ledger,
    parts: &mut Parts,
    today: Day,
    draft: &mut Draft,
) -> Result<(), RefundRefusal> {
    let charge = &mut parts.charge;
    let mut platforms = charge.purse(today);

    if let Some((_, transfer)) = &mut parts.transfer {
        let mut sellers = charge.transfer_purse(transfer, today);
        sellers.credit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
        sellers.debit(draft, Kind::TransferReversal, parts.reversed);
        platforms.credit(draft, Kind::TransferReversal, parts.reversed);
        platforms.debit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
        charge.keep_transfer(transfer, &sellers);
    }
    platforms.debit(draft, Kind::Refund, parts.amount);
    draft.credit(Book::Rail(charge.rail), Kind::Refund, parts.amount);

    charge.keep(&platforms);
    refuse_uncovered(ledger, AccountId::PLATFORM, charge.currency, &platforms, charge.processing_fee)
}
