//! A separate charge: it lives on the platform, and transfers or a split share it
//! (<https://docs.stripe.com/connect/separate-charges-and-transfers>).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:<rail>` | amount | |
//! | platform, pending | | amount |
//! | platform, pending | processing fee | |
//! | `rail:<rail>` | | processing fee |

use super::booking::Booking;
use super::create::Start;
use super::{ChargeState, ChargeType, Purse};
use crate::books::Draft;
use crate::id::AccountId;
use crate::transfer::TransferState;

/// Books a separate charge.
pub(super) fn book(
    start: &Start<'_>,
    mut draft: Draft,
) -> (ChargeState, Option<TransferState>, AccountId, Draft) {
    let mut charge = start.charge(ChargeType::Separate, AccountId::PLATFORM, None);
    let mut platforms = Purse::new(AccountId::PLATFORM, start.available_on, start.today, 0);
    post(&start.booking(0, 0), &mut platforms, &mut draft);

    charge.pending_left = platforms.pending_left();
    (charge, None, AccountId::PLATFORM, draft)
}

/// Posts it.
pub(super) fn post(booking: &Booking, platforms: &mut Purse, draft: &mut Draft) {
    booking.pay(draft, platforms);
    booking.process(draft, platforms);
}
