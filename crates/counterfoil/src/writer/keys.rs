//! Idempotency keys: where the command that used a key stands in the log.
//!
//! A key is kept while it is among the newest million positions, or was appended within
//! the last day by the machine's clock, whichever is longer, but no further back than 32
//! million positions; never by business time. Memory holds a part of its hash and a
//! position, and only for what no run has yet: whether it is the same key, with the same
//! request, is read from the event that stands there. Filters of the keys that were used
//! since the opening say of nearly every new key that it is none of them; of older ones
//! the runs' own filters are asked.

use std::collections::VecDeque;

use counterfoil_runs::{Filter, Hash};

/// How many positions back a key is kept at least.
pub(crate) const KEPT_POSITIONS: u64 = 1_000_000;
/// How many microseconds back a key is kept at least.
pub(crate) const KEPT_MICROS: i64 = 24 * 3_600 * 1_000_000;

/// How many positions back a key is kept at most: what is kept bounds memory.
pub(crate) const MOST_POSITIONS: u64 = 1 << 25;

/// How many keys are forgotten at once: few enough that their places stay near the processor.
const GENERATION: usize = 1 << 16;

/// Places of a generation: with two for each key, most keys stand in the first that they try.
const PLACES: usize = 2 * GENERATION;

/// How many keys the first filter is for; each that follows is for sixteen times as many.
const FEWEST_SEEN: u64 = 1 << 16;

/// How many keys a filter is for at most: three of them hold all that are kept, and each is
/// a miss of the cache for every key.
const MOST_SEEN: u64 = 1 << 24;

/// Bits of a filter for each key: a full one takes one new key in some 150 for a used one,
/// all that there may be together take two in a hundred, which are looked for further.
const SEEN_BITS: u8 = 11;

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
    /// The newest last. They outlive the generations, so that of a key that is new
    /// nothing else is asked, however many were used before it.
    seen: VecDeque<Seen>,
}

/// Keys that are forgotten together, in the order in which they were used.
struct Generation {
    /// Each key stands in the first free place from that of its last bits on: its number
    /// among those used, counted from one.
    places: Box<[u32]>,
    /// Short keys and positions.
    used: Vec<(u64, u64)>,
    /// The position of the oldest.
    first: u64,
    newest: Mark,
}

/// Whether a key was used since the ledger was opened.
struct Seen {
    filter: Filter,
    room: u64,
    keys: u64,
    /// The position of the first key.
    first: u64,
    last_used: Mark,
}

impl Mark {
    /// Whether a key that was used here is kept when something is recorded at `now`.
    pub(crate) fn is_kept(self, now: Self) -> bool {
        let back = now.position.saturating_sub(self.position);
        let of_today = self.recorded_at >= now.recorded_at.saturating_sub(KEPT_MICROS);
        back <= KEPT_POSITIONS || (of_today && back <= MOST_POSITIONS)
    }
}

impl Keys {
    /// Reads what [`Keys::may_hold`] and [`Keys::add`] will read.
    #[inline]
    pub(super) fn warm(&self, short: u64) -> u64 {
        let hash = Hash::even(short);
        let place = self.generations.back().map_or(0, |newest| newest.warm(short));
        self.seen.iter().fold(place, |read, seen| read ^ seen.filter.warm(hash))
    }

    /// Whether a key may have been added since the ledger was opened: a "no"
    /// is certain.
    #[inline]
    pub(super) fn may_hold(&self, short: u64) -> bool {
        let hash = Hash::even(short);
        // Every filter is asked, so that their lines are fetched together.
        self.seen.iter().fold(false, |may, seen| may | seen.filter.may_hold(hash))
    }

    /// Where the command with this key stands, if one does and is not in runs: the newest.
    pub(super) fn find(&self, short: u64) -> Option<u64> {
        let hash = Hash::even(short);
        self.seen.iter().rev().filter(|seen| seen.filter.may_hold(hash)).find_map(|seen| {
            // Of a key that a filter holds for no reason, few generations are asked.
            let (first, last) = (seen.first, seen.last_used.position);
            let of_these =
                |generation: &&Generation| generation.first <= last && first <= generation.newest.position;
            self.generations.iter().rev().filter(of_these).find_map(|generation| generation.find(short))
        })
    }

    /// Lets go of keys that were used before a position: runs have them.
    pub(super) fn forget(&mut self, covered: u64) {
        while self.generations.front().is_some_and(|oldest| oldest.newest.position < covered) {
            self.generations.pop_front();
        }
    }

    /// Remembers a key by its short form, and forgets those that leave the window.
    pub(super) fn add(&mut self, short: u64, at: Mark) {
        self.see(Hash::even(short), at);
        match self.generations.back_mut() {
            Some(newest) if newest.used.len() < GENERATION => newest.add(short, at),
            Some(_) | None => {
                // Where one was filled the next will be too: it does not grow in between.
                let room = self.generations.back().map_or(0, |full| full.used.len());
                let (places, used) = (vec![0; PLACES].into(), Vec::with_capacity(room));
                let mut generation = Generation { places, used, first: at.position, newest: at };
                generation.add(short, at);
                self.generations.push_back(generation);
                while self.generations.front().is_some_and(|oldest| !oldest.newest.is_kept(at)) {
                    self.generations.pop_front();
                }
            }
        }
    }

    /// Puts a key into the newest filter even where an older one seems to hold it: a filter
    /// goes when the last key that was put into it leaves the window.
    fn see(&mut self, hash: Hash, at: Mark) {
        if self.seen.back().is_none_or(|newest| newest.keys >= newest.room) {
            let room = self.seen.back().map_or(FEWEST_SEEN, |full| MOST_SEEN.min(full.room * 16));
            let filter = Filter::empty(room, SEEN_BITS);
            self.seen.push_back(Seen { filter, room, keys: 0, first: at.position, last_used: at });
            while self.seen.front().is_some_and(|oldest| !oldest.last_used.is_kept(at)) {
                self.seen.pop_front();
            }
        }
        if let Some(newest) = self.seen.back_mut() {
            newest.filter.insert(hash);
            newest.keys += 1;
            newest.last_used = at;
        }
    }
}

impl Generation {
    #[inline]
    fn warm(&self, short: u64) -> u64 {
        self.places.get(Self::home(short)).copied().map_or(0, u64::from)
    }

    /// The place that a key tries first.
    #[inline]
    fn home(short: u64) -> usize {
        short as usize % PLACES
    }

    /// Takes a key in. One that it has already stands behind its older self.
    fn add(&mut self, short: u64, at: Mark) {
        self.used.push((short, at.position));
        self.newest = at;
        let number = self.used.len() as u32;
        let home = Self::home(short);
        let free = (home..PLACES).chain(0..home).find(|place| self.places.get(*place) == Some(&0));
        if let Some(place) = free.and_then(|free| self.places.get_mut(free)) {
            *place = number;
        }
    }

    fn find(&self, short: u64) -> Option<u64> {
        let home = Self::home(short);
        let (before, from) = self.places.split_at_checked(home)?;
        let numbers = from.iter().chain(before).take_while(|number| **number != 0);
        let used = numbers.filter_map(|number| self.used.get(*number as usize - 1));
        used.filter(|(key, _)| *key == short).last().map(|(_, position)| *position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keys are as evenly spread as hashes, and so are these.
    fn key(number: u64) -> u64 {
        let once = (number ^ number >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9) ^ 0x9e37_79b9_7f4a_7c15;
        let twice = (once ^ once >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        twice ^ twice >> 31
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
        (0..many).for_each(|position| keys.add(key(position), at(position, 0)));
        assert_eq!((keys.find(key(0)), keys.find(key(many))), (Some(0), None));
        keys.add(key(many), at(KEPT_POSITIONS + many, KEPT_MICROS + 1));
        assert_eq!((keys.find(key(0)), keys.find(key(many))), (None, Some(KEPT_POSITIONS + many)));
        assert_eq!(keys.generations.len(), 1);
    }

    #[test]
    fn a_key_that_is_used_again_means_the_newer_command() {
        let mut keys = Keys::default();
        (0..100).for_each(|position| keys.add(key(position % 7), at(position, 0)));
        assert_eq!((keys.find(key(0)), keys.find(key(1)), keys.find(key(7))), (Some(98), Some(99), None));
    }

    /// Keys whose places meet at the end of the table go on at its front.
    #[test]
    fn keys_of_one_place_are_all_found() {
        let mut keys = Keys::default();
        let same = |number: u64| (number << 32) | (PLACES as u64 - 2);
        (0..50).for_each(|position| keys.add(same(position), at(position, 0)));
        assert!((0..50).all(|position| keys.find(same(position)) == Some(position)));
        assert_eq!(keys.find(same(50)), None);
    }

    #[test]
    fn a_key_that_runs_have_was_seen() {
        let mut keys = Keys::default();
        let many = FEWEST_SEEN * 2;
        (0..many).for_each(|position| keys.add(key(position), at(position, 0)));
        keys.forget(many);
        assert_eq!(keys.find(key(0)), None);
        assert!((0..many).all(|position| keys.may_hold(key(position))));
        let vain = (many..2 * many).filter(|position| keys.may_hold(key(*position))).count() as u64;
        assert!(vain < many / 100, "{vain} of {many} are looked for in vain");
        assert_eq!(keys.seen.iter().map(|seen| seen.room / FEWEST_SEEN).collect::<Vec<_>>(), [1, 16]);
    }

    /// Of a full window there are the first two filters and two large ones, or three large.
    #[test]
    fn filters_are_few_however_many_keys_there_were() {
        let (mut keys, mut position, mut most) = (Keys::default(), 0, 0);
        while position < 3 * MOST_POSITIONS {
            keys.see(Hash::even(key(position)), at(position, 0));
            // As if the filter had been filled, a key at each position.
            let newest = keys.seen.back_mut().unwrap();
            (newest.keys, newest.last_used) = (newest.room, at(position + newest.room - 1, 0));
            position += newest.room;
            most = most.max(keys.seen.len());
        }
        assert_eq!((most, keys.seen.len()), (4, 3));
    }

    /// A key that an older filter seemed to hold was not put into the newest, and was new
    /// again when the older one went: its command would have been executed twice.
    #[test]
    fn a_filter_goes_with_its_keys_and_no_other() {
        let mut keys = Keys::default();
        (0..FEWEST_SEEN).for_each(|position| keys.add(key(position), at(position, 0)));
        // Used again a day later, when its own filter is about to go.
        let again = KEPT_POSITIONS + FEWEST_SEEN;
        keys.add(key(0), at(again, KEPT_MICROS + 1));
        let filled = FEWEST_SEEN * 16;
        (1..filled).for_each(|more| keys.add(key(again + more), at(again + more, KEPT_MICROS + 1)));
        keys.add(key(again + filled), at(again + filled, KEPT_MICROS + 2));
        assert_eq!(keys.seen.len(), 2, "the oldest is gone");
        assert!(keys.may_hold(key(0)), "used again");
        let gone = (1..FEWEST_SEEN).filter(|old| !keys.may_hold(key(*old))).count() as u64;
        assert!(gone > FEWEST_SEEN / 10 * 9, "{gone} of {FEWEST_SEEN} are seen no more");
        assert!((1..=filled).all(|more| keys.may_hold(key(again + more))));
    }
}
