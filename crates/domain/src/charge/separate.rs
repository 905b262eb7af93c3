//! A separate charge: it lives on the platform, and transfers or a split share it
//! (<https://docs.stripe.com/connect/separate-charges-and-transfers>).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:<rail>` | amount | |
//! | platform, pending | | amount |
//! | platform, pending | processing fee | |
//! | `rail:<rail>` | | processing fee |

use super::create::Start;
use super::{ChargeState, ChargeType, Purse};
use crate::books::{Book, Draft, Kind};
use crate::id::AccountId;
use crate::transfer::TransferState;

/// Books a separate charge.
pub(super) fn book(
    start: &Start<'_>,
    mut draft: Draft,
) -> (ChargeState, Option<TransferState>, AccountId, Draft) {
    let mut charge = start.charge(ChargeType::Separate, AccountId::PLATFORM, None);
    let mut platforms = Purse::new(AccountId::PLATFORM, start.available_on, start.today, 0);
    let rail = Book::Rail(start.rail);

    draft.debit(rail, Kind::Charge, charge.amount);
    platforms.credit(&mut draft, Kind::Charge, charge.amount);
    platforms.debit(&mut draft, Kind::ProcessingFee, charge.processing_fee);
    draft.credit(rail, Kind::ProcessingFee, charge.processing_fee);

    charge.pending_left = platforms.pending_left();
    (charge, None, AccountId::PLATFORM, draft)
}
