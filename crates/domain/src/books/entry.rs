//! A journal entry: postings of one currency that sum to zero.

use std::fmt;

use smallvec::SmallVec;

use super::{Book, Kind, Posting};
use crate::money::{Currency, Minor};
use crate::step::{Books, Owners};

/// Postings of one currency that sum to zero; it can be built no other way.
///
/// Two postings fit without a heap allocation, which is every movement between two books:
/// events are moved about, and with room for more each would be larger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    currency: Currency,
    postings: Postings,
}

/// The postings of an entry.
pub type Postings = SmallVec<[Posting; 2]>;

/// Why postings are no entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unbalanced {
    /// The currency of the postings.
    pub currency: Currency,
    /// Debits less credits: what is left over.
    pub left_over: i128,
}

/// Who knows how many entries each book has so far.
pub trait EntryNumbers {
    /// How many postings `book` has had in `currency`, over all its states.
    fn entries(&self, book: Book, currency: Currency) -> u64;
}

impl Entry {
    /// The entry of these postings, with the numbers that they carry.
    ///
    /// # Errors
    /// Postings that do not sum to zero, or an amount with no negative.
    pub fn from_postings(
        currency: Currency,
        postings: impl IntoIterator<Item = Posting>,
    ) -> Result<Self, Unbalanced> {
        Self::new(currency, postings.into_iter().collect())
    }

    /// The same, of postings that stand together already.
    ///
    /// # Errors
    /// Those of [`Entry::from_postings`].
    pub fn new(currency: Currency, postings: Postings) -> Result<Self, Unbalanced> {
        let left_over = postings.iter().map(|posting| i128::from(posting.amount)).sum();
        let in_range = postings.iter().all(|posting| posting.amount != Minor::MIN);
        if left_over != 0 || !in_range {
            return Err(Unbalanced { currency, left_over });
        }
        Ok(Self { currency, postings })
    }

    /// The currency of every posting.
    #[must_use]
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// The postings, in the order in which they are numbered.
    #[must_use]
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }
}

/// An entry in the making: postings are added in order, then numbered.
#[derive(Clone, Debug)]
pub struct Draft {
    currency: Currency,
    postings: SmallVec<[Posting; 6]>,
    /// From which posting on they are of which object of a step; before, of its subject.
    owners: Vec<(usize, u16)>,
}

impl Draft {
    /// An empty draft in one currency.
    #[must_use]
    pub fn new(currency: Currency) -> Self {
        Self { currency, postings: SmallVec::new(), owners: Vec::new() }
    }

    /// Debits `book`; an amount of zero posts nothing.
    pub fn debit(&mut self, book: Book, kind: Kind, amount: Minor) -> &mut Self {
        self.post(book, kind, amount)
    }

    /// Credits `book`; an amount of zero posts nothing.
    pub fn credit(&mut self, book: Book, kind: Kind, amount: Minor) -> &mut Self {
        debug_assert!(amount >= 0, "a negative credit is a debit");
        self.post(book, kind, -amount)
    }

    /// What follows is of that object of a step: 0 is its subject, then those beside it.
    pub fn of(&mut self, object: u16) -> &mut Self {
        self.owners.push((self.postings.len(), object));
        self
    }

    fn post(&mut self, book: Book, kind: Kind, amount: Minor) -> &mut Self {
        if amount != 0 {
            self.postings.push(Posting { book, kind, amount, number: 0 });
        }
        self
    }

    /// Numbers the postings after those that each book already has.
    ///
    /// # Panics
    /// Where the postings do not sum to zero: a decision that books half a movement is
    /// a defect of this crate, and stopping is better than recording it.
    #[must_use]
    #[expect(clippy::panic, reason = "an unbalanced entry is never recorded: law 1")]
    pub fn number(mut self, numbers: &impl EntryNumbers) -> Entry {
        let mut given: SmallVec<[(Book, u64); 6]> = SmallVec::new();
        for posting in &mut self.postings {
            let counted = posting.book.counted_as();
            let next = match given.iter_mut().find(|(book, _)| *book == counted) {
                Some((_, last)) => {
                    *last += 1;
                    *last
                }
                None => {
                    let first = numbers.entries(counted, self.currency) + 1;
                    given.push((counted, first));
                    first
                }
            };
            posting.number = next;
        }
        match Entry::from_postings(self.currency, self.postings) {
            Ok(entry) => entry,
            Err(unbalanced) => panic!("{unbalanced}"),
        }
    }
}

impl Draft {
    /// Postings of that kind are of that object of a step, all others of its subject.
    pub(crate) fn of_kind(&mut self, kind: Kind, object: u16) -> &mut Self {
        let postings = self.postings.iter().enumerate();
        self.owners = postings.map(|(at, it)| (at, if it.kind == kind { object } else { 0 })).collect();
        self
    }

    /// The entry with whose each posting is; `None` without a posting.
    #[must_use]
    pub(crate) fn books(self, numbers: &impl EntryNumbers) -> Option<Books> {
        let postings = self.postings.len();
        let mut owners = Owners::new();
        let starts = std::iter::once((0, 0)).chain(self.owners.iter().copied());
        let ends = self.owners.iter().map(|(start, _)| *start).chain([postings]);
        for ((start, object), end) in starts.zip(ends) {
            // A command's events fit 48 KiB, which bounds the postings of one.
            let run = u16::try_from(end - start).unwrap_or(u16::MAX);
            match owners.last_mut() {
                Some((last, of)) if *of == object => *last += run,
                Some(_) | None if run > 0 => owners.push((run, object)),
                Some(_) | None => {}
            }
        }
        (postings > 0).then(|| Books { entry: self.number(numbers), owners })
    }
}

impl fmt::Display for Unbalanced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the entry does not balance: debits exceed credits by {} minor units of {}",
            self.left_over, self.currency
        )
    }
}

impl std::error::Error for Unbalanced {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::State;
    use crate::id::{AccountId, RailId};

    struct Fresh;

    impl EntryNumbers for Fresh {
        fn entries(&self, _: Book, _: Currency) -> u64 {
            7
        }
    }

    #[test]
    fn postings_are_numbered_per_account_over_all_its_states() {
        let seller = |state| Book::Account(AccountId(1), state);
        let mut draft = Draft::new(Currency::BRL);
        draft
            .debit(seller(State::Available), Kind::Payout, 5)
            .credit(seller(State::InTransit), Kind::Payout, 5)
            .debit(Book::Rail(RailId::BANK), Kind::Charge, 2)
            .credit(seller(State::Available), Kind::Charge, 2);
        let numbers: Vec<u64> = draft.number(&Fresh).postings().iter().map(|p| p.number).collect();
        assert_eq!(numbers, [8, 9, 8, 10]);
    }

    #[test]
    fn half_a_movement_is_no_entry() {
        let posting = Posting { book: Book::Suspense, kind: Kind::Charge, amount: 3, number: 1 };
        let refused = Entry::from_postings(Currency::BRL, [posting]).unwrap_err();
        assert_eq!(refused.left_over, 3);
    }
}
