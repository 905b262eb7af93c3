//! Records: the latest state of every charge, transfer and payout.
//!
//! The latest event of a record carries its whole state, so this is a cache of the
//! log and is built again by replay.

use std::collections::HashMap;

use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::loaded::Record;
use counterfoil_domain::payout::PayoutState;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{ChargeId, Command, Loaded, PayoutId, Recorded, TransferId};

/// The latest state of every record.
#[derive(Default)]
pub(super) struct Records {
    charges: HashMap<ChargeId, ChargeState>,
    transfers: HashMap<TransferId, TransferState>,
    payouts: HashMap<PayoutId, PayoutState>,
}

impl Records {
    /// Takes in what an event leaves behind.
    pub(super) fn add(&mut self, recorded: &Recorded) {
        recorded.records(|record| match record {
            Record::Charge(id, charge) => {
                self.charges.insert(id, charge);
            }
            Record::Transfer(id, transfer) => {
                self.transfers.insert(id, transfer);
            }
            Record::Payout(id, payout) => {
                self.payouts.insert(id, payout);
            }
        });
    }

    /// Loads what a command needs, until it needs no more.
    pub(super) fn load(&self, command: &Command) -> Loaded {
        let mut loaded = Loaded::default();
        loop {
            let needs = command.needs(&loaded);
            if needs.is_empty() {
                return loaded;
            }
            for id in needs.charges {
                loaded.put_charge(id, self.charges.get(&id).cloned());
            }
            for id in needs.transfers {
                loaded.put_transfer(id, self.transfers.get(&id).cloned());
            }
            for id in needs.payouts {
                loaded.put_payout(id, self.payouts.get(&id).cloned());
            }
        }
    }
}
