//! A past for tests: a log in memory, and where each record last changed.

use std::collections::BTreeMap;

use counterfoil_domain::Recorded;
use counterfoil_domain::id::ObjectId;

use crate::past::Past;
use crate::unreadable::Unreadable;

/// The first events of a log.
pub(crate) struct Bygone<'a> {
    log: &'a [Recorded],
    latest: BTreeMap<ObjectId, u64>,
}

impl<'a> Bygone<'a> {
    /// These events, from the first.
    pub(crate) fn of(log: &'a [Recorded]) -> Self {
        let mut latest = BTreeMap::new();
        for recorded in log {
            recorded.changed(|record| {
                latest.insert(record, recorded.position);
            });
        }
        Self { log, latest }
    }
}

impl Past for Bygone<'_> {
    fn event(&self, position: u64) -> Result<Recorded, Unreadable> {
        let recorded = usize::try_from(position).ok().and_then(|place| self.log.get(place));
        recorded.cloned().ok_or_else(|| Unreadable::event(position, "it is beyond the log"))
    }

    fn latest(&self, record: ObjectId) -> Result<u64, Unreadable> {
        Ok(self.latest.get(&record).copied().unwrap_or(record.position()))
    }
}
