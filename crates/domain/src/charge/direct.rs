//! A direct charge: it lives on the seller, and the platform takes an application fee
//! (<https://docs.stripe.com/connect/direct-charges>).
//!
//! | book | debit | credit |
//! |---|---|---|
//! | `rail:<rail>` | amount | |
//! | seller, pending | | amount |
//! | seller, pending | application fee | |
//! | platform, pending | | application fee |
//! | fee payer, pending | processing fee | |
//! | `rail:<rail>` | | processing fee |
//!
//! The fee payer is the seller or the platform, by the ledger's settings. A single capture of
//! less than was authorised posts the whole and takes the rest back (partial capture).

use super::booking::Booking;
use super::create::Start;
use super::{ChargeState, ChargeType, Purse};
use crate::books::{Draft, Kind};
use crate::id::AccountId;
use crate::money::Minor;
use crate::settings::FeePayer;
use crate::transfer::TransferState;

/// Books a direct charge.
pub(super) fn book(
    start: &Start<'_>,
    seller: AccountId,
    application_fee: Minor,
    mut draft: Draft,
) -> (ChargeState, Option<TransferState>, AccountId, Draft) {
    let mut charge = start.charge(ChargeType::Direct, seller, Some(seller));
    charge.application_fee = application_fee;
    let mut sellers = Purse::new(seller, start.available_on, start.today, 0);
    let mut platforms = Purse::new(AccountId::PLATFORM, start.available_on, start.today, 0);
    post(&start.booking(application_fee, 0), &mut sellers, &mut platforms, start.fee_payer, &mut draft);

    charge.pending_left = sellers.pending_left();
    charge.fee_pending_left = platforms.pending_left();
    let payer = match start.fee_payer {
        FeePayer::Account => seller,
        FeePayer::Platform => AccountId::PLATFORM,
    };
    (charge, None, payer, draft)
}

/// Posts it.
pub(super) fn post(
    booking: &Booking,
    sellers: &mut Purse,
    platforms: &mut Purse,
    payer: FeePayer,
    draft: &mut Draft,
) {
    booking.pay(draft, sellers);
    sellers.debit(draft, Kind::ApplicationFee, booking.application_fee);
    platforms.credit(draft, Kind::ApplicationFee, booking.application_fee);
    let payers = match payer {
        FeePayer::Account => sellers,
        FeePayer::Platform => platforms,
    };
    booking.process(draft, payers);
}
