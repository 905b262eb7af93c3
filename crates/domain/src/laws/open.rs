//! Open entries: the postings to an account's available balance that no payout has taken,
//! in a few bytes each. An account that is never paid has one for all that it ever got.

use crate::money::Minor;

/// Numbers and amounts, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    /// For each entry how much its number is beyond the last one's, and its amount: seven
    /// bits a byte, the lowest first; amounts zigzagged.
    bytes: Vec<u8>,
    last: u64,
}

impl Open {
    /// Adds an entry.
    pub(super) fn push(&mut self, number: u64, owed: Minor) {
        put(number.wrapping_sub(self.last), &mut self.bytes);
        put((owed << 1 ^ owed >> 63) as u64, &mut self.bytes);
        self.last = number;
    }

    /// Every entry.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, Minor)> + '_ {
        let mut bytes = self.bytes.iter().copied();
        let mut number = 0_u64;
        std::iter::from_fn(move || {
            number = number.wrapping_add(take(&mut bytes)?);
            let zigzag = take(&mut bytes)?;
            Some((number, (zigzag >> 1) as i64 ^ -((zigzag & 1) as i64)))
        })
    }

    /// Takes out the entries from `first` to `last`, and says their sum.
    pub(super) fn take(&mut self, first: u64, last: u64) -> i128 {
        let mut sum = 0;
        let mut left = Self::default();
        for (number, owed) in self.iter() {
            if (first..=last).contains(&number) {
                sum += i128::from(owed);
            } else {
                left.push(number, owed);
            }
        }
        *self = left;
        sum
    }
}

fn put(mut value: u64, bytes: &mut Vec<u8>) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

fn take(bytes: &mut impl Iterator<Item = u8>) -> Option<u64> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = bytes.next()?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            break;
        }
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_kept_and_taken_by_number() {
        let entries = [(1, 5), (2, -7), (9, i64::MAX), (300, i64::MIN + 1), (u64::MAX, 0), (4, 4)];
        let mut open = Open::default();
        entries.iter().for_each(|(number, owed)| open.push(*number, *owed));
        assert_eq!(open.iter().collect::<Vec<_>>(), entries);
        assert_eq!(open.take(2, 9), -7 + i128::from(i64::MAX) + 4);
        assert_eq!(open.iter().collect::<Vec<_>>(), [entries[0], entries[3], entries[4]]);
        assert_eq!(open.take(0, u64::MAX), 5 + i128::from(i64::MIN + 1));
        assert_eq!(open.iter().count(), 0);
    }
}
