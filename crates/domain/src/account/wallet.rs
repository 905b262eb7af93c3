//! A wallet: what one account is owed in one currency, by state.

use smallvec::SmallVec;

use crate::books::{Posting, State};
use crate::calendar::Day;
use crate::money::Minor;

/// What an account is owed in one currency. Only `available` may be negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wallet {
    /// Owed, not yet payable; over all days.
    pub pending: Minor,
    /// Payable.
    pub available: Minor,
    /// In payouts whose result is not known.
    pub in_transit: Minor,
    /// Held back against refunds and disputes.
    pub reserved: Minor,
    /// Paid in to serve refunds and disputes only.
    pub prefunded: Minor,
    /// Of the platform's, held against its sellers' negative balances.
    pub connect_reserved: Minor,
    /// A running total, no balance: what the bank took and did not return.
    pub paid_out: Minor,
    /// How many postings there are, over all states.
    pub entries: u64,
    /// The first entry number after the newest that a payout took, or a movement of
    /// a payout's own. From here on every available posting is open.
    pub open_from: u64,
    /// Earlier entries that are open again because their payout failed.
    pub reopened: Vec<EntryRange>,
    /// What of it is pending, by the day it matures; never zero, the earliest first.
    pub pending_days: SmallVec<[(Day, Minor); 1]>,
    /// Whether the account is listed as one to be paid or debited in this currency.
    pub listed: bool,
}

/// What a posting did to a wallet's pending money of one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PendingDay {
    /// There was none before.
    Began,
    /// There is none left.
    Ended,
    /// There was some and is some, or it did not touch pending money.
    Unchanged,
}

/// How many pieces of open entries an account may have before a failed payout's stay with
/// it: a payout that takes them all must fit one command's 48 KiB.
const MOST_PIECES: usize = 1_000;

/// Entry numbers from `first` to `last`, both included.
///
/// In a payout it stands for the postings to the account's available balance with
/// these numbers; postings to other states in between do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryRange {
    /// The first number.
    pub first: u64,
    /// The last number.
    pub last: u64,
}

impl Wallet {
    /// Adds a posting of this account.
    pub(crate) fn add(&mut self, posting: &Posting, state: State) -> PendingDay {
        assert_eq!(posting.number, self.entries + 1, "entry numbers have no gap");
        self.entries = posting.number;
        let owed = posting.owed();
        let balance = match state {
            State::Pending(_) => &mut self.pending,
            State::Available => &mut self.available,
            State::InTransit => &mut self.in_transit,
            State::Reserved => &mut self.reserved,
            State::Prefunded => &mut self.prefunded,
            State::ConnectReserved => &mut self.connect_reserved,
        };
        *balance += owed;
        assert!(*balance >= 0 || state == State::Available, "only available may go negative");
        match state {
            State::Pending(day) => self.add_pending(day, owed),
            State::Available
            | State::InTransit
            | State::Reserved
            | State::Prefunded
            | State::ConnectReserved => PendingDay::Unchanged,
        }
    }

    fn add_pending(&mut self, day: Day, owed: Minor) -> PendingDay {
        match self.pending_days.binary_search_by_key(&day, |(of, _)| *of) {
            Err(place) => {
                assert!(owed >= 0, "what is pending of a day is never negative");
                self.pending_days.insert(place, (day, owed));
                PendingDay::Began
            }
            Ok(place) => {
                let left = self.pending_days.get_mut(place).map_or(0, |(_, amount)| {
                    *amount += owed;
                    *amount
                });
                assert!(left >= 0, "what is pending of a day is never negative");
                if left > 0 {
                    return PendingDay::Unchanged;
                }
                self.pending_days.remove(place);
                PendingDay::Ended
            }
        }
    }

    /// What of it is pending until a day.
    #[must_use]
    pub fn pending_of(&self, day: Day) -> Minor {
        self.pending_days.iter().find(|(of, _)| *of == day).map_or(0, |(_, amount)| *amount)
    }

    /// The entries that no live payout has taken; `upto` is the last number to count.
    #[must_use]
    pub fn open_entries(&self, upto: u64) -> Vec<EntryRange> {
        let mut open = self.reopened.clone();
        let first = self.open_from.max(1);
        if first <= upto {
            open.push(EntryRange { first, last: upto });
        }
        open
    }

    /// Records that a payout took every open entry, and that entries after `last` are open.
    pub(crate) fn take_entries(&mut self, last: u64) {
        self.reopened.clear();
        self.open_from = last + 1;
    }

    /// Opens the entries of a failed payout again, and its own movement with them: that
    /// and the failure's, which is open already, cancel. So neighbours join, and an
    /// account of which every payout failed has one open range. Where they would be too many
    /// pieces, they stay with the payout that failed.
    pub(crate) fn reopen_entries(&mut self, entries: &[EntryRange], own: EntryRange) {
        let mut pieces = self.open_entries(self.entries);
        pieces.extend_from_slice(entries);
        pieces.push(own);
        pieces.sort_unstable();
        let mut joined: Vec<EntryRange> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match joined.last_mut() {
                Some(last) if piece.first <= last.last + 1 => last.last = last.last.max(piece.last),
                Some(_) | None => joined.push(piece),
            }
        }
        if joined.len() > MOST_PIECES + 1 {
            // The failure's own posting stands for what came back.
            return;
        }
        // The last piece ends with the newest entry: it is open to whatever comes.
        self.open_from = joined.pop().map_or(self.open_from, |newest| newest.first);
        self.reopened = joined;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Symptom: one seller's payout was too large to be stored, and being due it stood before
    /// every later command of everybody. Cause: the pieces of open entries were counted
    /// before a failed payout's came back to them, so that each failure could add as many
    /// again. Fix: what comes of it is counted.
    #[test]
    fn a_payout_that_fails_opens_no_more_pieces_than_the_next_one_can_take() {
        let mut wallet = Wallet { entries: 1_000_000, open_from: 900_000, ..Wallet::default() };
        // Every second of so many entries, none beside another.
        let apart = |from: u64, count: u64| -> Vec<EntryRange> {
            (0..count)
                .map(|place| from + 2 * place)
                .map(|entry| EntryRange { first: entry, last: entry })
                .collect()
        };
        let own = |at| EntryRange { first: at, last: at };
        wallet.reopen_entries(&apart(1, 998), own(899_999));
        assert_eq!((wallet.reopened.len(), wallet.open_from), (998, 899_999), "its own movement joins");
        let before = wallet.clone();
        wallet.reopen_entries(&apart(100_001, 3), own(899_998));
        assert_eq!(wallet, before, "they would be 1,001");
        wallet.reopen_entries(&apart(100_001, 2), own(899_998));
        assert_eq!(wallet.reopened.len(), MOST_PIECES);
        // What fills the gaps is always taken back.
        wallet.reopen_entries(&[EntryRange { first: 1, last: 2_000 }], own(899_997));
        assert_eq!(wallet.reopened.len(), 3);
    }
}
