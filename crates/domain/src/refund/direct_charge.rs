//! Refunding a direct charge: the seller pays, and the platform gives its fee back
//! only where that is asked (<https://docs.stripe.com/connect/direct-charges#issue-refunds>).
//! What is held of the charge is freed first (`reserve/reverse.rs`).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, pending while the sale is, else available | fee part | |
//! | seller, likewise | | fee part |
//! | seller, likewise | amount | |
//! | `rail:<rail>` | | amount |

use super::carry_out::Parts;
use super::cover::{Short, covered};
use crate::books::{Book, Draft, Kind};
use crate::calendar::Day;
use crate::charge::ChargeState;
use crate::id::AccountId;
use crate::ledger::Ledger;
use crate::money::Minor;
use crate::reserve::HoldSource;
use crate::settings::FeePayer;

/// Books a direct charge's refund.
pub(super) fn book(
    ledger: &Ledger,
    parts: &mut Parts<'_>,
    today: Day,
    draft: &mut Draft,
) -> Result<(), Short> {
    let charge = &mut parts.charge;
    let mut sellers = charge.purse(today);
    let mut platforms = charge.fee_purse(today);

    parts.freeing.free(HoldSource::Charge(parts.id), (parts.amount, charge.amount), &mut sellers, draft);
    draft.of(0);
    platforms.debit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
    sellers.credit(draft, Kind::ApplicationFeeRefund, parts.fee_refunded);
    sellers.debit(draft, Kind::Refund, parts.amount);
    draft.credit(Book::Rail(charge.rail), Kind::Refund, parts.amount);

    charge.keep(&sellers);
    charge.keep_fee(&platforms);
    (parts.drawn, parts.fee_drawn) = (sellers.drawn(), platforms.drawn());
    let (sellers_fees, platforms_fees) = fees(ledger, charge);
    covered(ledger, charge.owner, charge.currency, &sellers, sellers_fees)?;
    covered(ledger, AccountId::PLATFORM, charge.currency, &platforms, platforms_fees)
}

/// What a direct charge itself costs its seller, and the platform.
pub(super) fn fees(ledger: &Ledger, charge: &ChargeState) -> (Minor, Minor) {
    let kept = charge.application_fee - charge.fee_refunded;
    match ledger.fee_payer(charge.owner) {
        FeePayer::Account => (kept + charge.processing_fee, 0),
        FeePayer::Platform => (kept, charge.processing_fee),
    }
}
