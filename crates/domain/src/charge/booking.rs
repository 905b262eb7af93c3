//! Booking: what comes in of a charge, all at once or by one capture.

use super::Purse;
use crate::books::{Book, Draft, Kind};
use crate::id::RailId;
use crate::money::Minor;

/// What is booked.
pub(super) struct Booking {
    /// The rail that it comes in on.
    pub(super) rail: RailId,
    /// What comes in and stays.
    pub(super) amount: Minor,
    /// What of an authorisation comes in with it and goes straight back.
    pub(super) released: Minor,
    /// The platform's fee.
    pub(super) application_fee: Minor,
    /// The processor's fee.
    pub(super) processing_fee: Minor,
    /// What a destination charge moves to its seller.
    pub(super) moved: Minor,
}

impl Booking {
    /// Posts the payment: to whom the charge lives on.
    pub(super) fn pay(&self, draft: &mut Draft, owners: &mut Purse) {
        let rail = Book::Rail(self.rail);
        draft.debit(rail, Kind::Charge, self.amount + self.released);
        owners.credit(draft, Kind::Charge, self.amount + self.released);
        if self.released > 0 {
            owners.debit(draft, Kind::PartialCapture, self.released);
            draft.credit(rail, Kind::PartialCapture, self.released);
        }
    }

    /// Posts the processor's fee, which `payers` pay.
    pub(super) fn process(&self, draft: &mut Draft, payers: &mut Purse) {
        payers.debit(draft, Kind::ProcessingFee, self.processing_fee);
        draft.credit(Book::Rail(self.rail), Kind::ProcessingFee, self.processing_fee);
    }
}
