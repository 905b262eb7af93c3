//! Idempotency keys: where the command that used a key stands in the log.
//!
//! A key is kept while it is among the newest million positions, or was appended within
//! the last day by the machine's clock, whichever is longer, but no further back than 32
//! million positions; never by business time. Memory holds a part of its hash and a
//! position, and only for what no run has yet: whether it is the same key, with the same
//! request, is read from the event that stands there.

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

/// How many keys a filter is for at most.
const MOST_SEEN: u64 = 1 << 24;

/// Bits of a filter for each key: of a hundred new keys one or two are looked for further.
const SEEN_BITS: u8 = 12;

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
    newest: Mark,
}

/// Whether a key was seen since the ledger was opened.
struct Seen {
    filter: Filter,
    room: u64,
    keys: u64,
    newest: Mark,
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
    /// Makes room for keys that are about to be seen. Until there is room again, those
    /// that are added are those that were seen.
    pub(super) fn make_room(&mut self) {
        let full = self.seen.back().is_none_or(|newest| newest.keys >= newest.room);
        if full {
            let room = self.seen.back().map_or(FEWEST_SEEN, |full| MOST_SEEN.min(full.room * 16));
            let newest = self.seen.back().map_or_else(Mark::default, |full| full.newest);
            self.seen.push_back(Seen { filter: Filter::empty(room, SEEN_BITS), room, keys: 0, newest });
            while self.seen.front().is_some_and(|oldest| !oldest.newest.is_kept(newest)) {
                self.seen.pop_front();
            }
        }
    }

    /// Reads what [`Keys::see`] and [`Keys::add`] will read.
    #[inline]
    pub(super) fn warm(&self, short: u64, hash: Hash) -> u64 {
        let place = self.generations.back().map_or(0, |newest| newest.warm(short));
        self.seen.iter().fold(place, |read, seen| read ^ seen.filter.warm(hash))
    }

    /// Notes that a key is about to be used; says whether one with this hash may have been
    /// seen before. A "no" is certain.
    #[inline]
    pub(super) fn see(&mut self, hash: Hash) -> bool {
        // Every filter is asked, so that their lines are fetched together.
        let before = self.seen.iter().fold(false, |may, seen| may | seen.filter.may_hold(hash));
        if let Some(newest) = self.seen.back_mut().filter(|_| !before) {
            newest.filter.insert(hash);
            newest.keys += 1;
        }
        before
    }

    /// Where the command with this key stands, if one does and is not in runs: the newest.
    pub(super) fn find(&self, short: u64) -> Option<u64> {
        self.generations.iter().rev().find_map(|generation| generation.find(short))
    }

    /// Lets go of keys that were used before a position: runs have them.
    pub(super) fn forget(&mut self, covered: u64) {
        while self.generations.front().is_some_and(|oldest| oldest.newest.position < covered) {
            self.generations.pop_front();
        }
    }

    /// Remembers a key that was seen, and forgets those that leave the window.
    pub(super) fn add(&mut self, short: u64, at: Mark) {
        if let Some(newest) = self.seen.back_mut() {
            newest.newest = at;
        }
        match self.generations.back_mut() {
            Some(newest) if newest.used.len() < GENERATION => newest.add(short, at),
            Some(_) | None => {
                // Where one was filled the next will be too: it does not grow in between.
                let room = self.generations.back().map_or(0, |full| full.used.len());
                let (places, used) = (vec![0; PLACES].into(), Vec::with_capacity(room));
                let mut generation = Generation { places, used, newest: at };
                generation.add(short, at);
                self.generations.push_back(generation);
                while self.generations.front().is_some_and(|oldest| !oldest.newest.is_kept(at)) {
                    self.generations.pop_front();
                }
            }
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
    use crate::writer::ahead::hash;

    fn key(number: u64) -> u64 {
        number.wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// Sees and adds a key, as each is that is used.
    fn add(keys: &mut Keys, key: u64, at: Mark) {
        keys.make_room();
        keys.see(hash(key));
        keys.add(key, at);
    }

    fn was_seen(keys: &Keys, key: u64) -> bool {
        keys.seen.iter().any(|seen| seen.filter.may_hold(hash(key)))
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
        (0..many).for_each(|position| add(&mut keys, key(position), at(position, 0)));
        assert_eq!((keys.find(key(0)), keys.find(key(many))), (Some(0), None));
        add(&mut keys, key(many), at(KEPT_POSITIONS + many, KEPT_MICROS + 1));
        assert_eq!((keys.find(key(0)), keys.find(key(many))), (None, Some(KEPT_POSITIONS + many)));
        assert_eq!(keys.generations.len(), 1);
    }

    #[test]
    fn a_key_that_is_used_again_means_the_newer_command() {
        let mut keys = Keys::default();
        (0..100).for_each(|position| add(&mut keys, key(position % 7), at(position, 0)));
        assert_eq!((keys.find(key(0)), keys.find(key(1)), keys.find(key(7))), (Some(98), Some(99), None));
    }

    /// Keys whose places meet at the end of the table go on at its front.
    #[test]
    fn keys_of_one_place_are_all_found() {
        let mut keys = Keys::default();
        let same = |number: u64| (number << 32) | (PLACES as u64 - 2);
        (0..50).for_each(|position| add(&mut keys, same(position), at(position, 0)));
        assert!((0..50).all(|position| keys.find(same(position)) == Some(position)));
        assert_eq!(keys.find(same(50)), None);
    }

    #[test]
    fn a_key_that_runs_have_was_seen() {
        let mut keys = Keys::default();
        let many = FEWEST_SEEN * 2;
        (0..many).for_each(|position| add(&mut keys, key(position), at(position, 0)));
        keys.forget(many);
        assert_eq!(keys.find(key(0)), None);
        assert!((0..many).all(|position| was_seen(&keys, key(position))));
        let vain = (many..2 * many).filter(|position| was_seen(&keys, key(*position))).count() as u64;
        assert!(vain < many / 50, "{vain} of {many} are looked for in vain");
        assert_eq!(keys.seen.iter().map(|seen| seen.room / FEWEST_SEEN).collect::<Vec<_>>(), [1, 16]);
    }

    #[test]
    fn what_left_the_window_is_seen_no_more() {
        let mut keys = Keys::default();
        (0..FEWEST_SEEN).for_each(|position| add(&mut keys, key(position), at(position, 0)));
        add(&mut keys, key(FEWEST_SEEN), at(KEPT_POSITIONS + FEWEST_SEEN, KEPT_MICROS + 1));
        assert_eq!((was_seen(&keys, key(FEWEST_SEEN)), keys.seen.len()), (true, 1));
    }
}
