//! A purse: what one sale put into one account's pending balance, and is still there.
//!
//! Only `available` may go negative, so whatever takes money that a sale brought takes
//! it from the sale's own pending part first, as far as that goes, and the rest from
//! available. Once the sale has matured everything is available.

use crate::books::{Book, Draft, Kind, State};
use crate::calendar::Day;
use crate::id::AccountId;
use crate::money::Minor;

/// One account's part of one sale while it is booked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Purse {
    account: AccountId,
    /// The day the sale matures, while that is to come.
    pending_until: Option<Day>,
    pending_before: Minor,
    pending_left: Minor,
    from_available: Minor,
}

impl Purse {
    /// The purse of a sale that matures on `available_on`, seen on `today`.
    pub(crate) fn new(account: AccountId, available_on: Day, today: Day, pending_left: Minor) -> Self {
        let pending_until = (available_on > today).then_some(available_on);
        let pending_before = if pending_until.is_some() { pending_left } else { 0 };
        Self { account, pending_until, pending_before, pending_left, from_available: 0 }
    }

    /// A purse of an account's available balance.
    pub(crate) fn available(account: AccountId) -> Self {
        Self { account, pending_until: None, pending_before: 0, pending_left: 0, from_available: 0 }
    }

    /// Credits `amount` to the sale's part.
    pub(crate) fn credit(&mut self, draft: &mut Draft, kind: Kind, amount: Minor) {
        match self.pending_until {
            Some(day) => {
                self.pending_left += amount;
                draft.credit(Book::Account(self.account, State::Pending(day)), kind, amount);
            }
            None => {
                self.from_available -= amount;
                draft.credit(Book::Account(self.account, State::Available), kind, amount);
            }
        }
    }

    /// Credits `amount`: of it to available first what was `drawn` from there, the rest to the
    /// sale's part; says what is still to go to available.
    pub(crate) fn give_back(&mut self, drawn: Minor, draft: &mut Draft, kind: Kind, amount: Minor) -> Minor {
        let part = if self.pending_until.is_some() { amount.min(drawn.max(0)) } else { 0 };
        self.credit(draft, kind, amount - part);
        self.from_available -= part;
        draft.credit(Book::Account(self.account, State::Available), kind, part);
        drawn - part
    }

    /// Credits `amount`, so that the sale's part does not grow above `most`: what was taken
    /// from available beyond it goes back there.
    pub(crate) fn credit_up_to(&mut self, most: Minor, draft: &mut Draft, kind: Kind, amount: Minor) {
        let room = if self.pending_until.is_some() { (most - self.pending_left).max(0) } else { amount };
        let part = amount.min(room);
        self.credit(draft, kind, part);
        self.from_available -= amount - part;
        draft.credit(Book::Account(self.account, State::Available), kind, amount - part);
    }

    /// Takes `amount` from the sale's part, and from available what that cannot cover.
    pub(crate) fn debit(&mut self, draft: &mut Draft, kind: Kind, amount: Minor) {
        let from_pending = match self.pending_until {
            Some(day) => {
                let part = amount.min(self.pending_left);
                self.pending_left -= part;
                draft.debit(Book::Account(self.account, State::Pending(day)), kind, part);
                part
            }
            None => 0,
        };
        self.from_available += amount - from_pending;
        draft.debit(Book::Account(self.account, State::Available), kind, amount - from_pending);
    }

    /// What is left of the sale's part in pending.
    pub(crate) fn pending_left(&self) -> Minor {
        self.pending_left
    }

    /// What of the sale's part was in pending before it was booked.
    pub(crate) fn pending_before(&self) -> Minor {
        self.pending_before
    }

    /// What was drawn from available, less what was put there.
    pub(crate) fn drawn(&self) -> Minor {
        self.from_available
    }
}
