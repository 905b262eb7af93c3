//! A simulator's diary: what is to happen, what has been told, and how late it is.
//!
//! What is to happen is ordered by instant, then by the key of what it happens to, then by the
//! order in which it was planned there. Nothing in it depends on when anybody reads.

use std::collections::BTreeMap;

use counterfoil_domain::calendar::Timestamp;

use crate::{AskKey, Cursor, FactId, Page, RailError, Told};

/// Happenings `H` to come, and facts `F` told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Diary<H, F> {
    now: Timestamp,
    due: BTreeMap<(Timestamp, AskKey, u32), H>,
    told: Vec<Told<F>>,
    counts: BTreeMap<AskKey, Counts>,
}

/// How much was planned for a key and told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
struct Counts {
    planned: u32,
    told: u32,
}

impl<H, F: Clone> Diary<H, F> {
    pub(crate) fn new() -> Self {
        Self { now: Timestamp::MIN, due: BTreeMap::new(), told: Vec::new(), counts: BTreeMap::new() }
    }

    /// Whether `at` is not before what is known already.
    pub(crate) fn check(&self, at: Timestamp) -> Result<(), RailError> {
        if at < self.now {
            return Err(RailError::ClockBackwards { at, now: self.now });
        }
        Ok(())
    }

    /// Plans something for an instant, or for now where that has passed.
    pub(crate) fn plan(&mut self, at: Timestamp, key: AskKey, happening: H) {
        let counts = self.counts.entry(key).or_default();
        counts.planned = counts.planned.saturating_add(1);
        self.due.insert((at.max(self.now), key, counts.planned), happening);
    }

    /// Tells a fact.
    pub(crate) fn tell(&mut self, at: Timestamp, key: AskKey, fact: F) -> Told<F> {
        let counts = self.counts.entry(key).or_default();
        counts.told = counts.told.saturating_add(1);
        let told = Told { id: FactId::simulated(key, counts.told), at, fact };
        self.told.push(told.clone());
        told
    }

    /// Moves the clock to what is next due by `until` and takes it out, or else to `until`.
    pub(crate) fn next(&mut self, until: Timestamp) -> Option<(Timestamp, AskKey, H)> {
        let due = self.due.first_entry().filter(|first| first.key().0 <= until);
        let Some(due) = due else {
            self.now = self.now.max(until);
            return None;
        };
        let ((at, key, _), happening) = due.remove_entry();
        self.now = self.now.max(at);
        Some((at, key, happening))
    }

    /// When something may next be told.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.due.first_key_value().map(|((at, _, _), _)| *at)
    }

    /// Everything that has been told.
    pub(crate) fn told(&self) -> &[Told<F>] {
        &self.told
    }

    /// Whether something has been told after a cursor.
    pub(crate) fn has_unread(&self, after: Option<&Cursor>) -> Result<bool, RailError> {
        Ok(self.read(after)? < self.told.len())
    }

    /// At most `most` of the facts that have been told after a cursor and by an instant.
    pub(crate) fn page(
        &self,
        after: Option<&Cursor>,
        until: Timestamp,
        most: usize,
    ) -> Result<Page<F>, RailError> {
        let start = self.read(after)?;
        // What is told is in the order of its instants.
        let end = self.told.partition_point(|told| told.at <= until).max(start);
        let read = end.min(start.saturating_add(most));
        let told = self.told.get(start..read).unwrap_or_default().to_vec();
        let next = (read > 0).then(|| Cursor::counted(read));
        let more = read < end || self.next_due().is_some_and(|due| due <= until);
        Ok(Page { told, next, more })
    }

    /// How many facts a reader with that cursor has read.
    fn read(&self, after: Option<&Cursor>) -> Result<usize, RailError> {
        let Some(cursor) = after else { return Ok(0) };
        let count = cursor.as_str().parse().ok().filter(|count| *count <= self.told.len());
        count.ok_or_else(|| RailError::UnknownCursor { cursor: cursor.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use counterfoil_domain::ObjectId;

    fn key(position: u64) -> AskKey {
        AskKey::of(ObjectId::new(position, 0))
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(0).plus_seconds(second)
    }

    fn drained(diary: &mut Diary<char, char>, until: Timestamp) -> String {
        std::iter::from_fn(|| diary.next(until)).map(|(_, _, what)| what).collect()
    }

    #[test]
    fn what_is_due_comes_by_instant_then_key_then_plan() {
        let mut diary = Diary::<char, char>::new();
        for (second, position, what) in [(2, 1, 'd'), (1, 2, 'c'), (1, 1, 'a'), (1, 1, 'b'), (3, 1, 'e')] {
            diary.plan(at(second), key(position), what);
        }
        assert_eq!(diary.next_due(), Some(at(1)));
        assert_eq!(drained(&mut diary, at(2)), "abcd");
        assert_eq!(diary.check(at(1)), Err(RailError::ClockBackwards { at: at(1), now: at(2) }));
        diary.plan(at(0), key(9), 'z');
        assert_eq!(diary.next_due(), Some(at(2)), "nothing is planned for the past");
        assert_eq!(drained(&mut diary, at(9)), "ze");
    }

    #[test]
    fn a_reader_comes_back_with_its_cursor() {
        let mut diary = Diary::<char, char>::new();
        for (second, fact) in [(1, 'a'), (2, 'b'), (2, 'c'), (5, 'd')] {
            diary.tell(at(second), key(4), fact);
        }
        let read = |page: &Page<char>| page.told.iter().map(|told| told.fact).collect::<String>();
        assert_eq!(diary.page(None, at(0), 9).unwrap(), Page { told: vec![], next: None, more: false });
        let first = diary.page(None, at(2), 2).unwrap();
        assert_eq!((read(&first).as_str(), first.more), ("ab", true));
        let second = diary.page(first.next.as_ref(), at(2), 2).unwrap();
        assert_eq!((read(&second).as_str(), second.more), ("c", false));
        let none = diary.page(second.next.as_ref(), at(2), 2).unwrap();
        assert_eq!((none.told.len(), &none.next), (0, &second.next));
        assert!(diary.has_unread(second.next.as_ref()).unwrap());
        let last = diary.page(second.next.as_ref(), at(9), 2).unwrap();
        assert_eq!((read(&last).as_str(), last.more), ("d", false));
        assert!(!diary.has_unread(last.next.as_ref()).unwrap());
        diary.plan(at(7), key(4), 'e');
        let more = |until| diary.page(last.next.as_ref(), at(until), 2).unwrap().more;
        assert_eq!((more(6), more(7)), (false, true), "something is due");
        for stray in ["5", "-1", "evt_1"] {
            let cursor = Cursor::new(stray).unwrap();
            assert_eq!(
                diary.page(Some(&cursor), at(9), 9),
                Err(RailError::UnknownCursor { cursor: cursor.clone() })
            );
        }
        assert_eq!(first.told[0].id.as_str(), "sim_4.0_1");
    }
}
