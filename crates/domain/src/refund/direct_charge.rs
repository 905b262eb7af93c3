//! Refunding a direct charge: the seller pays, and the platform gives its fee back
//! only where that is asked (<https://docs.stripe.com/connect/direct-charges#issue-refunds>).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, pending while the sale is, else available | fee part | |
//! | seller, likewise | | fee part |
//! | seller, likewise | amount | |
//! | `rail:<rail>` | | amount |

use super::RefundRefusal;
use super::cover::refuse_uncovered;
use super::create::Parts;
use crate::books::{Book, Draft, Kind};
use crate::calendar::Day;
use crate::charge::Purse;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::settings::FeePayer;

/// Books a direct charge's refund.
pub(super) fn book(
    ledger: &Ledger,
    parts: &mut Parts,
    today: Day,
    draft: &mut Draft,
) -> Result<(), RefundRefusal> {
    let charge = &mut parts.charge;
    let mut sellers = Purse::new(charge.owner, charge.available_on, today, charge.pending_left);
    let mut platforms = Purse::new(AccountId::PLATFORM, charge.available_on, today, charge.fee_pending_left);

    platforms.debit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
    sellers.credit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
    sellers.debit(draft, Kind::Refund, parts.amount);
    draft.credit(Book::Rail(charge.rail), Kind::Refund, parts.amount);

    charge.pending_left = sellers.pending_left();
    charge.fee_pending_left = platforms.pending_left();
    let kept_fee = charge.application_fee - charge.fee_refunded;
    let (sellers_fees, platforms_fees) = match ledger.fee_payer(charge.owner) {
        FeePayer::Account => (kept_fee + charge.processing_fee, 0),
        FeePayer::Platform => (kept_fee, charge.processing_fee),
    };
    refuse_uncovered(ledger, charge.owner, charge.currency, &sellers, sellers_fees)?;
    refuse_uncovered(ledger, AccountId::PLATFORM, charge.currency, &platforms, platforms_fees)
}
