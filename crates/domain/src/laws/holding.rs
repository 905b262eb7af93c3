//! What one account holds in one currency, and which of its entries are open.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::open::Open;

use crate::account::EntryRange;
use crate::books::{Kind, Posting, State};
use crate::id::{AccountId, PayoutId};
use crate::money::{Currency, Minor};

/// Every account's holdings, by account number; the platform is the first.
#[derive(Clone, Debug, Default)]
pub(super) struct Holdings(Vec<SmallVec<[(Currency, Holding); 1]>>);

/// What one account holds in one currency.
#[derive(Clone, Debug, Default)]
pub(super) struct Holding {
    /// By state, in the order of [`slot`]; a sum beyond 64 bits stays at the end of
    /// them and breaks a law.
    balances: [Minor; 6],
    pub(super) entries: u64,
    open_sum: i128,
    /// Open postings to available: number and what each added.
    open: Open,
    /// Ranges that failed payouts gave back, each with its sum: taken whole or not at all.
    reopened: Vec<(EntryRange, i128)>,
    /// First number to last, of what a live payout took, or of a payout's own movement.
    closed: BTreeMap<u64, (u64, Option<PayoutId>)>,
}

impl Holdings {
    /// Adds an account, and says its number.
    pub(super) fn add_account(&mut self) -> usize {
        self.0.push(SmallVec::new());
        self.0.len() - 1
    }

    /// How many accounts there are.
    pub(super) fn accounts(&self) -> usize {
        self.0.len()
    }

    /// What the account holds in the currency; `None` where there is no such account.
    pub(super) fn of(&mut self, account: AccountId, currency: Currency) -> Option<&mut Holding> {
        let held = self.0.get_mut(account.index())?;
        let index = match held.iter().position(|(of, _)| *of == currency) {
            Some(index) => index,
            None => {
                held.push((currency, Holding::default()));
                held.len() - 1
            }
        };
        held.get_mut(index).map(|(_, holding)| holding)
    }

    /// Every holding that has had a posting.
    pub(super) fn iter(&self) -> impl Iterator<Item = (AccountId, Currency, &Holding)> {
        let numbered = (0..).map(AccountId).zip(&self.0);
        let all =
            numbered.flat_map(|(account, held)| held.iter().map(move |(of, held)| (account, *of, held)));
        all.filter(|(_, _, holding)| holding.entries > 0)
    }
}

impl Holding {
    /// Adds a posting, and says which number was expected of it.
    pub(super) fn add(&mut self, posting: &Posting, state: State) -> u64 {
        let expected = self.entries.saturating_add(1);
        self.entries = posting.number;
        let owed = posting.owed();
        if let Some(balance) = self.balances.get_mut(slot(state)) {
            *balance = balance.saturating_add(owed);
        }
        if state == State::Available {
            // A payout's own movement is no entry that a payout could take.
            if matches!(posting.kind, Kind::Payout | Kind::PayoutFailure) {
                self.closed.insert(posting.number, (posting.number, None));
            } else {
                self.open_sum += i128::from(owed);
                self.open.push(posting.number, owed);
            }
        }
        expected
    }

    /// The balance of a state, over all days.
    pub(super) fn balance(&self, state: State) -> i128 {
        i128::from(self.balances.get(slot(state)).copied().unwrap_or_default())
    }

    /// The sum of the open entries.
    pub(super) fn open_sum(&self) -> i128 {
        self.open_sum
    }

    /// What of the range a payout already has: `Some(None)` is a payout's own movement.
    pub(super) fn taken_by(&self, range: EntryRange) -> Option<Option<PayoutId>> {
        // Closed ranges do not overlap: the last that begins in time reaches furthest.
        let (_, (last, by)) = self.closed.range(..=range.last).next_back()?;
        (*last >= range.first).then_some(*by)
    }

    /// Closes the open entries of the range, and says their sum.
    pub(super) fn take(&mut self, range: EntryRange, by: PayoutId) -> i128 {
        let mut sum = self.open.take(range.first, range.last);
        self.reopened.retain(|(piece, piece_sum)| {
            let taken = range.first <= piece.first && piece.last <= range.last;
            sum += if taken { *piece_sum } else { 0 };
            !taken
        });
        self.open_sum -= sum;
        if range.first <= range.last {
            self.closed.insert(range.first, (range.last, Some(by)));
        }
        sum
    }

    /// Opens what a failed payout had taken.
    pub(super) fn reopen(&mut self, taken: &[(EntryRange, i128)]) {
        for (range, sum) in taken {
            self.closed.remove(&range.first);
            self.reopened.push((*range, *sum));
            self.open_sum += sum;
        }
    }

    /// Opens one posting of a failed payout's movement, or of its failure's: they cancel.
    pub(super) fn reopen_movement(&mut self, number: u64, owed: i128) {
        self.closed.remove(&number);
        self.reopened.push((EntryRange { first: number, last: number }, owed));
        self.open_sum += owed;
    }

    /// The sum of the open entries within the ranges.
    pub(super) fn open_within(&self, ranges: &[EntryRange]) -> i128 {
        let within = |first, last| ranges.iter().any(|range| range.first <= first && last <= range.last);
        let open = self.open.iter().filter(|(number, _)| within(*number, *number));
        let reopened = self.reopened.iter().filter(|(range, _)| within(range.first, range.last));
        open.map(|(_, owed)| i128::from(owed)).sum::<i128>() + reopened.map(|(_, sum)| *sum).sum::<i128>()
    }
}

/// Where a state's balance stands.
fn slot(state: State) -> usize {
    match state {
        State::Pending(_) => 0,
        State::Available => 1,
        State::InTransit => 2,
        State::Reserved => 3,
        State::Prefunded => 4,
        State::ConnectReserved => 5,
    }
}
