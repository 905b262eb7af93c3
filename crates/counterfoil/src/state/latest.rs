//! Latest: where records changed lately, found by their ids.
//!
//! Records change in the order of the log, and most soon after they were made. So places are
//! appended, and a record's bucket is the lower bits of the position that made it: what
//! happens together lies together.

use counterfoil_domain::{ObjectId, Recorded};

/// The fewest buckets.
const FEWEST: usize = 16;

/// What stands before a place that is in no bucket any more.
const GONE: u32 = u32::MAX;

/// The positions of the latest events of records that changed.
#[derive(Debug, Default)]
pub(crate) struct Latest {
    /// In the order of their positions.
    places: Vec<Place>,
    /// One more than the newest place of each bucket, or 0. There are a power of two of them.
    newest: Vec<u32>,
}

#[derive(Debug)]
struct Place {
    record: ObjectId,
    at: u64,
    /// One more than the place before it in its bucket, or 0.
    previous: u32,
}

impl Latest {
    /// Takes in which records an event changed. Events come in order.
    pub(crate) fn add(&mut self, recorded: &Recorded) {
        recorded.changed(|record| self.push(record, recorded.position));
    }

    /// The position of the newest event that changed a record, if one did.
    pub(crate) fn get(&self, record: ObjectId) -> Option<u64> {
        let mut next = self.newest.get(self.bucket(record)).copied().unwrap_or_default();
        while let Some(place) = before(next).and_then(|place| self.places.get(place)) {
            if place.record == record {
                return Some(place.at);
            }
            next = place.previous;
        }
        None
    }

    /// Lets go of what changed before a position.
    pub(crate) fn forget(&mut self, covered: u64) {
        let old = self.places.partition_point(|place| place.at < covered);
        if old > 0 {
            self.places.drain(..old);
            self.link_all();
        }
    }

    fn push(&mut self, record: ObjectId, at: u64) {
        self.places.push(Place { record, at, previous: 0 });
        if self.places.len() > self.newest.len() {
            self.link_all();
        } else {
            self.link(self.places.len() - 1);
        }
    }

    /// Links a place before those of its bucket. An older place of the same record is never
    /// asked for: it leaves, so that a bucket is as long as it has records, however often each
    /// changed.
    fn link(&mut self, place: usize) {
        let Some(record) = self.places.get(place).map(|place| place.record) else {
            return;
        };
        let bucket = self.bucket(record);
        let first = self.newest.get(bucket).copied().unwrap_or_default();
        let (mut newer, mut next) = (None, first);
        while let Some(older) = before(next) {
            let Some(it) = self.places.get(older) else { break };
            let (same, after) = (it.record == record, it.previous);
            if same {
                self.leave(bucket, newer, older);
                break;
            }
            (newer, next) = (Some(older), after);
        }
        if let (Some(newest), Some(place_of)) = (self.newest.get_mut(bucket), self.places.get_mut(place)) {
            place_of.previous = *newest;
            // Between two checkpoints are far fewer than four thousand million changes.
            *newest = u32::try_from(place + 1).unwrap_or(GONE - 1);
        }
    }

    /// Takes a place out of its bucket, where `newer` stands before it.
    fn leave(&mut self, bucket: usize, newer: Option<usize>, older: usize) {
        let Some(it) = self.places.get_mut(older) else { return };
        let after = std::mem::replace(&mut it.previous, GONE);
        let before_it = match newer {
            Some(newer) => self.places.get_mut(newer).map(|newer| &mut newer.previous),
            None => self.newest.get_mut(bucket),
        };
        if let Some(before_it) = before_it {
            *before_it = after;
        }
    }

    #[cold]
    fn link_all(&mut self) {
        self.places.retain(|place| place.previous != GONE);
        let buckets = self.places.len().next_power_of_two().max(FEWEST);
        self.newest.clear();
        self.newest.resize(buckets, 0);
        (0..self.places.len()).for_each(|place| self.link(place));
    }

    fn bucket(&self, record: ObjectId) -> usize {
        // Records of one event change apart from each other, and often.
        let spread = record.position().wrapping_add(u64::from(record.ordinal()).wrapping_mul(7_919));
        spread as usize & self.newest.len().wrapping_sub(1)
    }
}

/// The place that one more than it stands for.
fn before(next: u32) -> Option<usize> {
    usize::try_from(next).ok()?.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn the_newest_change_is_found_until_it_is_forgotten() {
        let (mut latest, mut expected) = (Latest::default(), HashMap::new());
        let mut seed = 7_u64;
        for at in 1..3_000_u64 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let record = ObjectId::new((seed >> 33) % at, (seed >> 60) as u16 % 3);
            latest.push(record, at);
            expected.insert(record, at);
            if at % 700 == 0 {
                latest.forget(at - 300);
                expected.retain(|_, changed| *changed >= at - 300);
            }
            for position in (0..at).step_by(97) {
                for ordinal in 0..3 {
                    let record = ObjectId::new(position, ordinal);
                    assert_eq!(latest.get(record), expected.get(&record).copied(), "{record:?} at {at}");
                }
            }
        }
        latest.forget(u64::MAX);
        assert_eq!(latest.get(ObjectId::new(1, 0)), None);
    }

    /// Each of many refunds of a charge stayed in its bucket, and was passed by whoever looked
    /// for the charge's transfer: at eighty thousand refunds each took a hundred times longer.
    #[test]
    fn a_record_that_changes_often_is_in_nobodys_way() {
        let mut latest = Latest::default();
        let records = [0, 1, 2].map(|ordinal| ObjectId::new(3, ordinal));
        for at in 4..40_000_u64 {
            latest.push(records[at as usize % 2], at);
        }
        assert_eq!(records.map(|record| latest.get(record)), [Some(39_998), Some(39_999), None]);
        assert!(latest.places.len() <= 64, "{} places of two records", latest.places.len());
    }
}
