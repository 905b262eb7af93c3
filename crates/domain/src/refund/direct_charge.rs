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
    let mut sellers = charge.purse(today);
    let mut platforms = charge.fee_purse(today);

    platforms.debit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
    sellers.credit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
    sellers.debit(draft, Kind::Refund, parts.amount);
    draft.credit(Book::Rail(charge.rail), Kind::Refund, parts.amount);

    charge.keep(&sellers);
    charge.keep_fee(&platforms);
    let kept_fee = charge.application_fee - charge.fee_refunded;
    let (sellers_fees, platforms_fees) = match ledger.settings().map(|settings| settings.fee_payer) {
        Some(FeePayer::Account) => (kept_fee + charge.processing_fee, 0),
        Some(FeePayer::Platform) | None => (kept_fee, charge.processing_fee),
    };
    refuse_uncovered(ledger, charge.owner, charge.currency, &sellers, sellers_fees)?;
    refuse_uncovered(ledger, AccountId::PLATFORM, charge.currency, &platforms, platforms_fees)
}
