//! Idempotency keys: where the command that used a key stands in the log.
//!
//! A key is kept while it is among the newest million positions, or was appended within
//! the last day by the machine's clock, whichever is longer; never by business time.
//! Memory holds a part of its hash and a position: whether it is the same key, with the
//! same request, is read from the event that stands there.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

/// How many positions back a key is kept at least.
pub(crate) const KEPT_POSITIONS: u64 = 1_000_000;
/// How many microseconds back a key is kept at least.
pub(crate) const KEPT_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// How many keys are forgotten at once.
const GENERATION: usize = 1 << 18;

/// Where and when something was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) position: u64,
    pub(super) recorded_at: i64,
}

/// The keys in the window.
#[derive(Default)]
pub(super) struct Keys {
    /// The newest last.
    generations: VecDeque<Generation>,
}

/// Keys that are forgotten together.
struct Generation {
    positions: HashMap<u64, u64, BuildHasherDefault<Hashed>>,
    newest: Mark,
}

/// The hasher of what is a hash already.
#[derive(Default)]
struct Hashed(u64);

impl Mark {
    /// Whether a key that was used here is kept when something is recorded at `now`.
    pub(super) fn is_kept(self, now: Self) -> bool {
        self.position >= now.position.saturating_sub(KEPT_POSITIONS)
            || self.recorded_at >= now.recorded_at.saturating_sub(KEPT_MICROS)
    }
}

impl Keys {
    /// Where the command with this key stands, if one does: the newest.
    pub(super) fn find(&self, key: &[u8; 16]) -> Option<u64> {
        let short = short(key);
        self.generations.iter().rev().find_map(|generation| generation.positions.get(&short).copied())
    }

    /// Remembers a key, and forgets those that leave the window.
    pub(super) fn add(&mut self, key: &[u8; 16], at: Mark) {
        match self.generations.back_mut() {
            Some(newest) if newest.positions.len() < GENERATION => newest.add(key, at),
            Some(_) | None => {
                let mut generation = Generation { positions: HashMap::default(), newest: at };
                generation.add(key, at);
                self.generations.push_back(generation);
                while self.generations.front().is_some_and(|oldest| !oldest.newest.is_kept(at)) {
                    self.generations.pop_front();
                }
            }
        }
    }
}

impl Generation {
    fn add(&mut self, key: &[u8; 16], at: Mark) {
        self.positions.insert(short(key), at.position);
        self.newest = at;
    }
}

fn short(key: &[u8; 16]) -> u64 {
    u64::from_le_bytes(key.first_chunk().copied().unwrap_or_default())
}

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: u64) -> [u8; 16] {
        let mut key = [0; 16];
        key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes());
        key
    }

    fn at(position: u64, recorded_at: i64) -> Mark {
        Mark { position, recorded_at }
    }

    /// A key leaves the window only once it is both old by the clock and far back.
    #[test]
    fn a_key_is_kept_for_a_day_and_for_a_million_positions() {
        let used = at(0, 0);
        assert!(used.is_kept(at(KEPT_POSITIONS + 1, KEPT_MICROS)), "far back, but of today");
        assert!(used.is_kept(at(KEPT_POSITIONS, KEPT_MICROS + 1)), "of yesterday, but near");
        assert!(!used.is_kept(at(KEPT_POSITIONS + 1, KEPT_MICROS + 1)), "of yesterday and far back");
    }

    #[test]
    fn keys_out_of_the_window_are_forgotten_together() {
        let mut keys = Keys::default();
        let many = GENERATION as u64 * 2;
        (0..many).for_each(|position| keys.add(&key(position), at(position, 0)));
        assert_eq!((keys.find(&key(0)), keys.find(&key(many))), (Some(0), None));
        keys.add(&key(many), at(KEPT_POSITIONS + many, KEPT_MICROS + 1));
        assert_eq!((keys.find(&key(0)), keys.find(&key(many))), (None, Some(KEPT_POSITIONS + many)));
        assert_eq!(keys.generations.len(), 1);
    }

    #[test]
    fn a_key_that_is_used_again_means_the_newer_command() {
        let mut keys = Keys::default();
        (0..=GENERATION as u64).for_each(|position| keys.add(&key(position % 7), at(position, 0)));
        assert_eq!(keys.find(&key(0)), Some(GENERATION as u64 / 7 * 7));
    }
}
