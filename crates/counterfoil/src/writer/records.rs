//! Records: where the latest state of a charge, transfer or payout stands.
//!
//! The latest event of a record carries its whole state, and a record's id is the
//! position of its first: so only records that changed need a place here, and only until
//! a run has it.

use counterfoil_domain::{Loaded, Needs, ObjectId, Recorded};

use super::past::{Past, unreadable_run};
use super::staging::Staging;
use super::unrecorded::Unrecorded;
use crate::error::ExecuteError;
use crate::state::{Latest, Recalled};

/// The position of the latest event of every record that changed.
#[derive(Default)]
pub(super) struct Records {
    latest: Latest,
}

impl Records {
    /// Takes in which records an event changed.
    pub(super) fn add(&mut self, recorded: &Recorded) {
        self.latest.add(recorded);
    }

    /// Lets go of what changed before a position: runs have it.
    pub(super) fn forget(&mut self, covered: u64) {
        self.latest.forget(covered);
    }

    /// Loads what is needed, until no more is.
    pub(super) fn load(
        &self,
        needs: impl Fn(&Loaded) -> Needs,
        recalled: &Recalled,
        past: &mut Past,
        staging: &Staging,
    ) -> Result<Loaded, ExecuteError> {
        self.load_after(&Unrecorded::default(), needs, recalled, past, staging)
    }

    /// The same after events that nobody will record.
    pub(super) fn load_after(
        &self,
        unrecorded: &Unrecorded,
        needs: impl Fn(&Loaded) -> Needs,
        recalled: &Recalled,
        past: &mut Past,
        staging: &Staging,
    ) -> Result<Loaded, ExecuteError> {
        let mut loaded = Loaded::default();
        loop {
            let needs = needs(&loaded);
            if needs.is_empty() {
                return Ok(loaded);
            }
            for id in needs {
                let found = match unrecorded.get(id) {
                    Some(record) => Some(record.clone()),
                    None => past.record(staging, id, self.latest(id.object(), recalled)?)?,
                };
                loaded.put(id, found);
            }
        }
    }

    /// The position of a record's latest event, if there is such a record.
    fn latest(&self, id: ObjectId, recalled: &Recalled) -> Result<u64, ExecuteError> {
        let made = id.position();
        match self.latest.get(id) {
            Some(at) => Ok(at),
            // What was made since is in no run.
            None if made >= recalled.covered => Ok(made),
            None => Ok(recalled.latest(id).map_err(|error| unreadable_run(&error))?.unwrap_or(made)),
        }
    }
}
