//! A destination charge: it lives on the platform, and a seller gets a share at once
//! (<https://docs.stripe.com/connect/destination-charges>).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:<rail>` | amount | |
//! | platform, pending | | amount |
//! | seller, pending | | transfer |
//! | seller, pending | application fee | |
//! | platform, pending | | application fee |
//! | platform, pending | processing fee | |
//! | `rail:<rail>` | | processing fee |
//! | platform, pending | transfer | |
//!
//! With an application fee, or neither, the transfer is the whole charge; with
//! `transfer_data[amount]` it is that amount and there is no fee. Where the platform's
//! part cannot carry the processing fee, its available balance does.

use super::booking::Booking;
use super::create::Start;
use super::{ChargeState, ChargeType, DestinationShare, Purse};
use crate::books::{Draft, Kind};
use crate::id::{AccountId, ChargeId};
use crate::transfer::TransferState;

/// Books a destination charge.
pub(super) fn book(
    start: &Start<'_>,
    id: ChargeId,
    seller: AccountId,
    share: DestinationShare,
    mut draft: Draft,
) -> (ChargeState, Option<TransferState>, AccountId, Draft) {
    let mut charge = start.charge(ChargeType::Destination, AccountId::PLATFORM, Some(seller));
    let (moved, application_fee) = match share {
        DestinationShare::Whole => (charge.amount, 0),
        DestinationShare::LessApplicationFee(fee) => (charge.amount, fee),
        DestinationShare::Amount(amount) => (amount, 0),
    };
    charge.application_fee = application_fee;
    charge.transferred = moved;
    let mut platforms = Purse::new(AccountId::PLATFORM, start.available_on, start.today, 0);
    let mut sellers = Purse::new(seller, start.available_on, start.today, 0);
    post(&start.booking(application_fee, moved), &mut sellers, &mut platforms, &mut draft);

    charge.pending_left = platforms.pending_left();
    let transfer = TransferState {
        destination: seller,
        currency: charge.currency,
        amount: moved,
        reversed: 0,
        source_charge: Some(id),
        available_on: start.available_on,
        pending_left: sellers.pending_left(),
        transfer_group: charge.transfer_group.clone(),
        queue: None,
        held: None,
    };
    (charge, Some(transfer), AccountId::PLATFORM, draft)
}

/// Posts it.
pub(super) fn post(booking: &Booking, sellers: &mut Purse, platforms: &mut Purse, draft: &mut Draft) {
    booking.pay(draft, platforms);
    sellers.credit(draft, Kind::Transfer, booking.moved);
    sellers.debit(draft, Kind::ApplicationFee, booking.application_fee);
    platforms.credit(draft, Kind::ApplicationFee, booking.application_fee);
    booking.process(draft, platforms);
    platforms.debit(draft, Kind::Transfer, booking.moved);
}
