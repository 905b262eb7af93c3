//! What of a charge is pending on which day. A charge knows the day of its newest capture; what
//! the others left in pending, of days that are still to come, stands with what few charges
//! have (docs/decisions/captures.md).

use super::{ChargeRefusal, ChargeState, Purse};
use crate::calendar::Day;
use crate::id::AccountId;
use crate::money::Minor;
use crate::transfer::TransferState;

/// The most days on which one charge has pending money: an authorisation is open for 30 days at
/// most (`crates/domain/src/policy.rs`), so that captures under one delay have no more than 31.
pub const MOST_PENDING_DAYS: usize = 31;

/// What a charge's captures left in pending until one day, in minor units of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PendingPart {
    /// The day from whose start it is available.
    pub day: Day,
    /// Of the charge itself, in its owner's pending balance.
    pub left: Minor,
    /// Of a direct charge's application fee, in the platform's.
    pub fee_left: Minor,
    /// Of a destination charge's transfer, in the seller's.
    pub transfer_left: Minor,
}

/// Which of the three.
type Part = fn(&mut PendingPart) -> &mut Minor;

impl ChargeState {
    /// What captures before the newest left in pending, by day, the earliest first. A day stays
    /// listed until it has come, though nothing is left of it.
    #[must_use]
    pub fn earlier(&self) -> &[PendingPart] {
        self.more.as_ref().map_or(&[], |more| &more.earlier)
    }

    /// The purse of the charge itself, seen on `today`.
    pub(crate) fn purse(&self, today: Day) -> Purse {
        let purse = Purse::new(self.owner, self.available_on, today, self.pending_left);
        purse.with_earlier(self.to_come(today, |part| part.left))
    }

    /// Keeps what is left in the purse of the charge itself.
    pub(crate) fn keep(&mut self, purse: &Purse) {
        self.pending_left = purse.pending_left();
        self.keep_earlier(purse, |part| &mut part.left);
    }

    /// The purse of a direct charge's application fee, which is the platform's.
    pub(crate) fn fee_purse(&self, today: Day) -> Purse {
        let purse = Purse::new(AccountId::PLATFORM, self.available_on, today, self.fee_pending_left);
        purse.with_earlier(self.to_come(today, |part| part.fee_left))
    }

    /// Keeps what is left in the purse of the application fee.
    pub(crate) fn keep_fee(&mut self, purse: &Purse) {
        self.fee_pending_left = purse.pending_left();
        self.keep_earlier(purse, |part| &mut part.fee_left);
    }

    /// The purse of a transfer of this charge, which is its destination's. A destination charge's
    /// own grew with each capture; others have one day.
    pub(crate) fn transfer_purse(&self, transfer: &TransferState, today: Day) -> Purse {
        let purse = transfer.purse(today);
        if !self.is_own(transfer) {
            return purse;
        }
        purse.with_earlier(self.to_come(today, |part| part.transfer_left))
    }

    /// Keeps what is left in the purse of a transfer.
    pub(crate) fn keep_transfer(&mut self, transfer: &mut TransferState, purse: &Purse) {
        transfer.pending_left = purse.pending_left();
        if self.is_own(transfer) {
            self.keep_earlier(purse, |part| &mut part.transfer_left);
        }
    }

    /// Begins a capture whose money is available on `day`: what the newest before it left is put
    /// with the earlier ones, and what is there of that day already (the delay was made shorter
    /// meanwhile) is taken up again.
    pub(super) fn begin_day(&mut self, transfer: Option<&mut TransferState>, day: Day, today: Day) {
        if self.available_on == day {
            return;
        }
        let own = transfer.as_ref().map_or(0, |transfer| transfer.pending_left);
        let newest = PendingPart {
            day: self.available_on,
            left: self.pending_left,
            fee_left: self.fee_pending_left,
            transfer_left: own,
        };
        let mut taken_up = PendingPart { day, left: 0, fee_left: 0, transfer_left: 0 };
        if let Some(more) = &mut self.more {
            more.earlier.retain(|part| part.day > today);
            if newest.day > today && self.amount > 0 {
                let place = more.earlier.partition_point(|part| part.day < newest.day);
                more.earlier.insert(place, newest);
            }
            if let Some(place) = more.earlier.iter().position(|part| part.day == day) {
                taken_up = more.earlier.remove(place);
            }
        }
        self.available_on = day;
        self.pending_left = taken_up.left;
        self.fee_pending_left = taken_up.fee_left;
        if let Some(transfer) = transfer {
            transfer.available_on = day;
            transfer.pending_left = taken_up.transfer_left;
        }
    }

    /// Refuses pending money of more days than a charge may have.
    pub(super) fn refuse_many_days(&self) -> Result<(), ChargeRefusal> {
        if self.earlier().len() >= MOST_PENDING_DAYS {
            return Err(ChargeRefusal::ManyPendingDays { most: MOST_PENDING_DAYS });
        }
        Ok(())
    }

    /// Whether a transfer of this charge is the one that a destination charge makes. One to an
    /// account that its seller moved to (`dispute/give_back.rs`) is not.
    fn is_own(&self, transfer: &TransferState) -> bool {
        self.seller == Some(transfer.destination)
    }

    fn to_come(&self, today: Day, left: fn(&PendingPart) -> Minor) -> Vec<(Day, Minor)> {
        let parts = self.earlier().iter().filter(|part| part.day > today);
        parts.map(|part| (part.day, left(part))).collect()
    }

    /// Keeps what is left of days to come; days that have come are forgotten.
    fn keep_earlier(&mut self, purse: &Purse, left: Part) {
        let Some(more) = &mut self.more else { return };
        more.earlier.retain_mut(|part| {
            let kept = purse.earlier().iter().find(|(day, _)| *day == part.day);
            if let Some((_, amount)) = kept {
                *left(part) = *amount;
            }
            kept.is_some()
        });
    }
}
