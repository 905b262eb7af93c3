//! A tally: the running balance and the number of entries of one book.

use crate::money::Minor;

/// The balance (debits less credits) and the entry count of a book in a currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Debits less credits, in minor units.
    pub balance: i128,
    /// How many postings made it.
    pub entries: u64,
}

impl Tally {
    /// Adds one posting's amount.
    pub fn add(&mut self, amount: Minor) {
        self.balance += i128::from(amount);
        self.entries += 1;
    }
}
