//! Chained rows: rows in the order of their coming, found by what they are about.
//!
//! Each row leads to the one before it in its bucket, and each bucket to its newest. So to
//! add a row is to append it and to look at one bucket.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A row that is found by a hash of what it is about.
pub(crate) trait Linked: Copy {
    /// The hash, whose lower bits are the bucket; where two are equal the seeker tells the
    /// rows apart. Numbers that are dense, as those of accounts, are their own best hash:
    /// their buckets lie together.
    fn hash(&self) -> u64;
}

/// The hash of a number that is not dense.
#[inline]
pub(crate) fn spread(number: u64) -> u64 {
    number.wrapping_mul(SPREAD) >> 32
}

/// Rows that are found by their hash.
#[derive(Clone, Debug)]
pub(crate) struct Chained<R> {
    rows: Vec<R>,
    /// For each row one more than the place of the one before it in its bucket, or 0.
    previous: Vec<u32>,
    /// One more than the place of the newest row of each bucket, or 0. There are a power
    /// of two of them.
    newest: Vec<u32>,
}

/// Odd and without a pattern: spreads a number over the upper bits.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// The fewest buckets.
const FEWEST: usize = 16;

impl<R> Default for Chained<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), previous: Vec::new(), newest: Vec::new() }
    }
}

impl<R: Linked> Chained<R> {
    /// Adds a row.
    #[inline]
    pub(crate) fn push(&mut self, row: R) {
        if self.rows.len() >= self.newest.len() {
            self.spread();
        }
        self.rows.push(row);
        self.link(row.hash());
    }

    /// The rows that may have this hash, the newest first.
    pub(crate) fn newest(&self, hash: u64) -> impl Iterator<Item = &R> + '_ {
        let newest = self.newest.get(bucket(hash, self.newest.len())).copied().unwrap_or_default();
        let mut next = newest;
        std::iter::from_fn(move || {
            let place = usize::try_from(next).ok()?.checked_sub(1)?;
            next = self.previous.get(place).copied().unwrap_or_default();
            self.rows.get(place)
        })
    }

    /// Every row, in the order of its coming.
    pub(crate) fn rows(&self) -> &[R] {
        &self.rows
    }

    /// Forgets every row; keeps the memory for the next ones.
    pub(crate) fn clear(&mut self) {
        self.rows.clear();
        self.previous.clear();
        self.newest.fill(0);
    }

    /// The memory that its rows take, roughly.
    pub(crate) fn bytes(&self) -> usize {
        self.rows.len() * (size_of::<R>() + 2 * size_of::<u32>())
    }

    /// Links the row after those that are linked.
    #[inline]
    fn link(&mut self, hash: u64) {
        let place = self.previous.len();
        let at = bucket(hash, self.newest.len());
        if let Some(newest) = self.newest.get_mut(at) {
            self.previous.push(*newest);
            // Four thousand million rows in memory would be a terabyte.
            *newest = u32::try_from(place + 1).unwrap_or(u32::MAX);
        }
    }

    /// Makes twice as many buckets, or enough for the rows that there are.
    #[cold]
    fn spread(&mut self) {
        let buckets = (self.rows.len() + 1).next_power_of_two().max(FEWEST);
        self.newest.clear();
        self.newest.resize(buckets, 0);
        self.previous.clear();
        let rows = std::mem::take(&mut self.rows);
        rows.iter().for_each(|row| self.link(row.hash()));
        self.rows = rows;
    }
}

/// The bucket of a hash, of a power of two of them.
#[inline]
fn bucket(hash: u64, buckets: usize) -> usize {
    hash as usize & buckets.wrapping_sub(1)
}

impl<R: Serialize> Serialize for Chained<R> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.rows.serialize(serializer)
    }
}

impl<'de, R: Linked + Deserialize<'de>> Deserialize<'de> for Chained<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rows = Vec::deserialize(deserializer)?;
        let mut chained = Self { rows, ..Self::default() };
        chained.spread();
        Ok(chained)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Linked for (u64, u64) {
        fn hash(&self) -> u64 {
            self.0
        }
    }

    #[test]
    fn rows_are_found_the_newest_first_however_many_there_are() {
        let mut chained = Chained::default();
        for round in 0..2 {
            for number in 0..1_000 {
                chained.push((number % 37, number));
                let about = |of: u64| chained.newest(of).filter(move |row| row.0 == of).map(|row| row.1);
                let expected = (0..=number).rev().filter(|other| other % 37 == number % 37);
                assert!(about(number % 37).eq(expected), "round {round}, row {number}");
            }
            assert_eq!(chained.newest(5_000).filter(|row| row.0 == 5_000).count(), 0);
            chained.clear();
            assert_eq!(chained.newest(1).count(), 0);
        }
    }
}
