//! Transfers at risk: a separate charge whose payment may fail names exactly the transfers
//! that were made of it, or its failure would take back too little or somebody else's.

use std::collections::BTreeMap;

use super::{Broken, Law};
use crate::charge::{ChargeState, ChargeType};
use crate::event::Recorded;
use crate::id::{ChargeId, TransferId};
use crate::record::{Record, RecordKey};

/// What was made of each such charge, in the order of the making.
#[derive(Clone, Debug, Default)]
pub(super) struct AtRisk(BTreeMap<ChargeId, Vec<TransferId>>);

impl AtRisk {
    /// Adds the transfers that the event made, and compares them with what its charges name.
    pub(super) fn check(&mut self, (recorded, records): (&Recorded, &[Record]), broken: &mut Broken) {
        let charges = records.iter().filter_map(ChargeId::of);
        for (id, charge) in charges.filter(|(_, charge)| may_fail(charge)) {
            let known = self.0.entry(id).or_default();
            let transfers = records.iter().filter_map(TransferId::of);
            let made = transfers.filter(|(made, _)| made.0.position() == recorded.position);
            known.extend(made.filter(|(_, of)| of.source_charge == Some(id)).map(|(made, _)| made));
            let bits = |transfer: Option<TransferId>| transfer.map_or(0, |id| i128::from(id.0.to_bits()));
            let mut said = charge.transfers_at_risk();
            let mut booked = known.iter().copied();
            loop {
                let (one, other) = (said.next(), booked.next());
                if one != other {
                    let (said, booked) = (bits(one), bits(other));
                    broken.push(Law::Told { what: "transfers at risk", said, booked });
                    break;
                }
                if one.is_none() {
                    break;
                }
            }
        }
    }
}

fn may_fail(charge: &ChargeState) -> bool {
    let asynchronous = charge.more.as_ref().is_some_and(|more| more.asynchronous);
    asynchronous && charge.charge_type == ChargeType::Separate
}
