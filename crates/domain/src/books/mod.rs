//! The books: custody accounts, what is owed to each party against what is held at
//! the rails.
//!
//! A [`Posting`] is a debit (positive) or a credit (negative) of one [`Book`]; an
//! [`Entry`] is a set of postings of one currency that sums to zero and can be built
//! no other way. Assets grow by debits, what is owed grows by credits.

mod book;
mod entry;
mod posting;
mod tally;

pub use book::{Book, FxBook, OperatorBook, State};
pub use entry::{Draft, Entry, EntryNumbers, Postings, Unbalanced};
pub use posting::{Kind, Posting};
pub use tally::Tally;
