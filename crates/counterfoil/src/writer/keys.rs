//! Idempotency keys: where the command that used a key stands in the log.
//!
//! A key is kept while it is among the newest million positions, or was appended within
//! the last day by the machine's clock, whichever is longer, but no further back than 32
//! million positions; never by business time. Memory holds a part of its hash and a
//! position, and only for what no run has yet: whether it is the same key, with the same
//! request, is read from the event that stands there.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};

use crate::state::short;

/// How many positions back a key is kept at least.
pub(crate) const KEPT_POSITIONS: u64 = 1_000_000;
/// How many microseconds back a key is kept at least.
pub(crate) const KEPT_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// How many positions back a key is kept at most: what is kept bounds memory.
pub(crate) const MOST_POSITIONS: u64 = 1 << 25;

/// How many keys are forgotten at once.
const GENERATION: usize = 1 << 18;

/// Where and when something was recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) position: u64,
    pub(crate) recorded_at: i64,
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
    pub(crate) fn is_kept(self, now: Self) -> bool {
        let back = now.position.saturating_sub(self.position);
        let of_today = self.recorded_at >= now.recorded_at.saturating_sub(KEPT_MICROS);
        back <= KEPT_POSITIONS || (of_today && back <= MOST_POSITIONS)
    }
}

impl Keys {
    /// Where the command with this key stands, if one does and is not in runs: the newest.
    pub(super) fn find(&self, short: u64) -> Option<u64> {
        self.generations.iter().rev().find_map(|generation| generation.positions.get(&short).copied())
    }

    /// Lets go of keys that were used before a position: runs have them.
    pub(super) fn forget(&mut self, covered: u64) {
        while self.generations.front().is_some_and(|oldest| oldest.newest.position < covered) {
            self.generations.pop_front();
        }
    }

    /// Remembers a key, and forgets those that leave the window.
    pub(super) fn add(&mut self, key: &[u8; 16], at: Mark) {
        match self.generations.back_mut() {
            Some(newest) if newest.positions.len() < GENERATION => newest.add(key, at),
            Some(_) | None => {
                // Where one was filled the next will be too: it does not grow in between.
                let room = self.generations.back().map_or(0, |full| full.positions.len());
                let positions = HashMap::with_capacity_and_hasher(room, BuildHasherDefault::default());
                let mut generation = Generation { positions, newest: at };
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

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) ^ u64::from(*byte);
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
        key[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
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
        assert!(
            used.is_kept(at(MOST_POSITIONS, 0)) && !used.is_kept(at(MOST_POSITIONS + 1, 0)),
            "too far back"
        );
    }

    #[test]
    fn keys_out_of_the_window_are_forgotten_together() {
        let mut keys = Keys::default();
        let many = GENERATION as u64 * 2;
        (0..many).for_each(|position| keys.add(&key(position), at(position, 0)));
        assert_eq!((keys.find(short(&key(0))), keys.find(short(&key(many)))), (Some(0), None));
        keys.add(&key(many), at(KEPT_POSITIONS + many, KEPT_MICROS + 1));
        assert_eq!(
            (keys.find(short(&key(0))), keys.find(short(&key(many)))),
            (None, Some(KEPT_POSITIONS + many))
        );
        assert_eq!(keys.generations.len(), 1);
    }

    #[test]
    fn a_key_that_is_used_again_means_the_newer_command() {
        let mut keys = Keys::default();
        (0..=GENERATION as u64).for_each(|position| keys.add(&key(position % 7), at(position, 0)));
        assert_eq!(keys.find(short(&key(0))), Some(GENERATION as u64 / 7 * 7));
    }
}
