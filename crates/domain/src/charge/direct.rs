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
//! The fee payer is the seller or the platform, by the ledger's settings.

use super::create::Start;
use super::{ChargeState, ChargeType, Purse};
use crate::books::{Book, Draft, Kind};
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
    let rail = Book::Rail(start.rail);

    draft.debit(rail, Kind::Charge, charge.amount);
    sellers.credit(&mut draft, Kind::Charge, charge.amount);
    sellers.debit(&mut draft, Kind::ApplicationFee, application_fee);
    platforms.credit(&mut draft, Kind::ApplicationFee, application_fee);
    let (payer, purse) = match start.fee_payer {
        FeePayer::Account => (seller, &mut sellers),
        FeePayer::Platform => (AccountId::PLATFORM, &mut platforms),
    };
    purse.debit(&mut draft, Kind::ProcessingFee, charge.processing_fee);
    draft.credit(rail, Kind::ProcessingFee, charge.processing_fee);

    charge.pending_left = sellers.pending_left();
    charge.fee_pending_left = platforms.pending_left();
    (charge, None, payer, draft)
}
