//! Refunding a separate charge: the platform pays, and no transfer is touched; those
//! are reversed one by one
//! (<https://docs.stripe.com/connect/separate-charges-and-transfers#issue-refunds>).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | platform, pending while the sale is, else available | amount | |
//! | `rail:<rail>` | | amount |

use super::RefundRefusal;
use super::cover::refuse_uncovered;
use super::create::Parts;
use crate::books::{Book, Draft, Kind};
use crate::calendar::Day;
use crate::id::AccountId;
use crate::ledger::Ledger;

/// Books a separate charge's refund.
pub(super) fn book(
    ledger: &Ledger,
    parts: &mut Parts,
    today: Day,
    draft: &mut Draft,
) -> Result<(), RefundRefusal> {
    let charge = &mut parts.charge;
    let mut platforms = charge.purse(today);

    platforms.debit(draft, Kind::Refund, parts.amount);
    draft.credit(Book::Rail(charge.rail), Kind::Refund, parts.amount);

    charge.keep(&platforms);
    refuse_uncovered(ledger, AccountId::PLATFORM, charge.currency, &platforms, charge.processing_fee)
}
