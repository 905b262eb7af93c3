//! Records: where the latest state of a charge, transfer or payout stands.
//!
//! The latest event of a record carries its whole state, and a record's id is the
//! position of its first: so only records that changed need a place here.

use std::collections::HashMap;

use counterfoil_domain::loaded::Record;
use counterfoil_domain::{Command, Loaded, ObjectId, Recorded};

use super::past::Past;
use super::staging::Staging;
use crate::error::ExecuteError;

/// The position of the latest event of every record that changed.
#[derive(Default)]
pub(super) struct Records {
    latest: HashMap<ObjectId, u64>,
}

impl Records {
    /// Takes in which records an event changed.
    pub(super) fn add(&mut self, recorded: &Recorded) {
        recorded.changed(|id| {
            self.latest.insert(id, recorded.position);
        });
    }

    /// Loads what a command needs, until it needs no more.
    pub(super) fn load(
        &self,
        command: &Command,
        past: &mut Past,
        staging: &Staging,
    ) -> Result<Loaded, ExecuteError> {
        let mut loaded = Loaded::default();
        loop {
            let needs = command.needs(&loaded);
            if needs.is_empty() {
                return Ok(loaded);
            }
            let mut find = |id: ObjectId| self.find(id, past, staging);
            for id in needs.charges {
                let charge = find(id.0)?.and_then(|record| {
                    if let Record::Charge(_, charge) = record { Some(charge) } else { None }
                });
                loaded.put_charge(id, charge);
            }
            for id in needs.transfers {
                let transfer = find(id.0)?.and_then(|record| {
                    if let Record::Transfer(_, transfer) = record { Some(transfer) } else { None }
                });
                loaded.put_transfer(id, transfer);
            }
            for id in needs.payouts {
                let payout = find(id.0)?.and_then(|record| {
                    if let Record::Payout(_, payout) = record { Some(payout) } else { None }
                });
                loaded.put_payout(id, payout);
            }
        }
    }

    /// The record of that id in its latest state; `None` where there is none.
    fn find(&self, id: ObjectId, past: &mut Past, staging: &Staging) -> Result<Option<Record>, ExecuteError> {
        let latest = self.latest.get(&id).copied().unwrap_or(id.position());
        let Some(bygone) = past.event(staging, latest)? else {
            return Ok(None);
        };
        let mut found = None;
        bygone.decoded.recorded.records(|record| {
            if record.id() == id {
                found = Some(record);
            }
        });
        Ok(found)
    }
}
