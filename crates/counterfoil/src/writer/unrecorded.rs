//! Records as events left them that nobody records: those of a preview, found by their ids.

use std::collections::BTreeMap;

use counterfoil_domain::{Record, RecordId, Recorded};

/// The newest state of each record that such events left behind.
#[derive(Default)]
pub(super) struct Unrecorded(BTreeMap<Sought, Record>);

impl Unrecorded {
    /// Takes in an event; events come in order.
    pub(super) fn add(&mut self, recorded: &Recorded) {
        recorded.records(|record| drop(self.0.insert(Sought(record.id()), record)));
    }

    /// That record, where such an event left it behind.
    pub(super) fn get(&self, id: RecordId) -> Option<&Record> {
        self.0.get(&Sought(id))
    }
}

/// An id by which a record is sought: a step of the search is a comparison, and tests count them.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sought(RecordId);

impl Ord for Sought {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        #[cfg(test)]
        steps::STEPS.with(|steps| steps.set(steps.get() + 1));
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Sought {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
pub(super) mod steps {
    //! How many ids this thread has compared.

    use std::cell::Cell;

    thread_local! {
        pub(super) static STEPS: Cell<u64> = const { Cell::new(0) };
    }

    /// How many, since it was last asked.
    pub(in crate::writer) fn taken() -> u64 {
        STEPS.with(|steps| steps.replace(0))
    }
}
