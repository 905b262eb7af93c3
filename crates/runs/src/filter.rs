//! The filter: says of most keys that are not in a run that they are not, from one line of cache.

use xxhash_rust::xxh3::xxh3_64;

use crate::input::Input;

/// The bytes of a line, as many as a line of cache has.
pub(crate) const LINE_BYTES: usize = 64;
/// The words of a line; a key sets one bit in each.
const WORDS: usize = 8;
/// Odd and without a pattern: spreads a hash over the upper bits, apart from those that choose the line.
const REMIX: u64 = 0x9E37_79B9_7F4A_7C15;

/// How the keys of a run are spread over all that there could be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spread {
    /// Anyhow: the filter hashes them.
    #[default]
    Any,
    /// Their first eight bytes are as evenly spread as a hash is, and stand for one: keys in
    /// order then have their lines of the filter in order, and to fill it misses no cache.
    Even,
}

impl Spread {
    /// What stands for it in a file.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Any => 0,
            Self::Even => 1,
        }
    }
}

/// The hash of a key, to ask many runs of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hash(u64);

impl Hash {
    /// Of a key of a run whose keys are spread so.
    #[inline]
    #[must_use]
    pub fn of(key: &[u8], spread: Spread) -> Self {
        match (spread, key.first_chunk()) {
            (Spread::Even, Some(first)) => Self::even(u64::from_be_bytes(*first)),
            (Spread::Even, None) | (Spread::Any, _) => Self(xxh3_64(key)),
        }
    }

    /// Of a key whose first eight bytes, big endian, are this number, evenly spread.
    #[inline]
    #[must_use]
    pub const fn even(first: u64) -> Self {
        Self(first)
    }

    /// Which bit is its own in each word of its line.
    #[inline]
    fn bits(self) -> [u64; WORDS] {
        let remixed = self.0.wrapping_mul(REMIX);
        [16, 22, 28, 34, 40, 46, 52, 58].map(|at| (remixed >> at) & 63)
    }

    /// Its line of so many.
    #[inline]
    fn line(self, lines: usize) -> usize {
        // The upper half of the product is below the number of lines.
        ((u128::from(self.0) * lines as u128) >> 64) as usize
    }
}

/// A line, which lies in one line of cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
struct Line([u64; WORDS]);

/// A blocked Bloom filter. Without lines it holds every key.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    lines: Box<[Line]>,
}

impl Filter {
    /// An empty one for so many keys, with so many bits for each.
    #[must_use]
    pub fn empty(keys: u64, bits_per_key: u8) -> Self {
        let bits = keys.saturating_mul(u64::from(bits_per_key));
        let lines = usize::try_from(bits.div_ceil(8 * LINE_BYTES as u64)).unwrap_or_default();
        Self { lines: vec![Line::default(); lines].into() }
    }

    /// Adds a key.
    #[inline]
    pub fn insert(&mut self, hash: Hash) {
        let at = hash.line(self.lines.len());
        if let Some(Line(words)) = self.lines.get_mut(at) {
            for (word, bit) in words.iter_mut().zip(hash.bits()) {
                *word |= 1 << bit;
            }
        }
    }

    /// Reads a key's line and tells nothing: of many keys, the waits for memory overlap.
    #[inline]
    #[must_use]
    pub fn warm(&self, hash: Hash) -> u64 {
        self.lines.get(hash.line(self.lines.len())).map_or(0, |Line([first, ..])| *first)
    }

    /// Whether a key may have been added: a "no" is certain.
    #[inline]
    #[must_use]
    pub fn may_hold(&self, hash: Hash) -> bool {
        let Some(Line(words)) = self.lines.get(hash.line(self.lines.len())) else {
            return true;
        };
        words.iter().zip(hash.bits()).fold(1, |all, (word, bit)| all & (word >> bit)) == 1
    }

    /// Its bytes in a file.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let words = self.lines.iter().flat_map(|Line(words)| words);
        words.flat_map(|word| word.to_le_bytes()).collect()
    }

    /// From its bytes, whole lines.
    pub(crate) fn decode(bytes: &[u8]) -> Self {
        let line = |bytes| {
            let mut input = Input(bytes);
            Line(std::array::from_fn(|_| input.u64().unwrap_or_default()))
        };
        Self { lines: bytes.chunks_exact(LINE_BYTES).map(line).collect() }
    }

    /// The memory it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.lines.len() * LINE_BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::{Filter, Hash, Spread};

    #[test]
    fn of_the_keys_that_are_not_in_it_it_lets_few_pass() {
        for keys in [1_000, 100_000, 1_000_000_u64] {
            let mut filter = Filter::empty(keys, 10);
            let hash = |number: u64| Hash::of(&number.to_be_bytes(), Spread::Any);
            (0..keys).for_each(|number| filter.insert(hash(number)));
            assert!((0..keys).all(|number| filter.may_hold(hash(number))));
            let asked = 200_000;
            let passed = (keys..keys + asked).filter(|number| filter.may_hold(hash(*number))).count();
            println!("{keys} keys: {passed} of {asked} pass");
            assert!(passed < 4_000, "{passed} of {asked} pass, which is not below 2 %");
        }
    }

    #[test]
    fn without_lines_it_lets_all_pass() {
        let none = Filter::default();
        assert!(none.may_hold(Hash::of(b"bakery", Spread::Any)));
        assert_eq!(none.encode(), []);
    }

    #[test]
    fn it_is_read_as_it_was_written() {
        let mut filter = Filter::empty(500, 10);
        (0..500_u64).for_each(|number| filter.insert(Hash::of(&number.to_be_bytes(), Spread::Any)));
        let read = Filter::decode(&filter.encode());
        assert_eq!(read.encode(), filter.encode());
        assert_eq!(read.bytes(), filter.encode().len());
    }
}
