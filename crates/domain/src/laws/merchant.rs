//! The merchant of record of a charge, and the capture that took its application fee first: both
//! are said once and stay.

use std::collections::BTreeMap;

use super::{Broken, Law};
use crate::charge::{ChargeState, ChargeType};
use crate::id::{AccountId, ChargeId};
use crate::record::{Record, RecordKey};

/// What charges said, of those that said something.
#[derive(Clone, Debug, Default)]
pub(super) struct Merchants(BTreeMap<ChargeId, Said>);

/// Who it is made on behalf of, and where its fee was taken first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Said {
    on_behalf_of: Option<AccountId>,
    fee_at: Option<u64>,
}

impl Merchants {
    /// Compares every charge of an event with what it said before.
    pub(super) fn check(&mut self, (position, records): (u64, &[Record]), broken: &mut Broken) {
        for (id, charge) in records.iter().filter_map(ChargeId::of) {
            self.check_charge(id, charge, position, broken);
        }
    }

    fn check_charge(&mut self, id: ChargeId, charge: &ChargeState, position: u64, broken: &mut Broken) {
        let more = charge.more.as_deref();
        let said = Said {
            on_behalf_of: more.and_then(|more| more.on_behalf_of),
            fee_at: more.and_then(|more| more.fee_at),
        };
        let before = self.0.get(&id).copied().unwrap_or_default();
        let made = id.0.position() == position;
        let fits = match charge.charge_type {
            ChargeType::Direct => said.on_behalf_of.is_none(),
            ChargeType::Destination => said.on_behalf_of.is_none_or(|of| Some(of) == charge.seller),
            ChargeType::Separate => said.on_behalf_of.is_none_or(|of| !of.is_platform()),
        };
        if !fits || (!made && said.on_behalf_of != before.on_behalf_of) {
            broken.push(Law::MerchantChanged { charge: id });
        }
        let first = before.fee_at.is_none() && said.fee_at == Some(position) && charge.application_fee > 0;
        if said.fee_at != before.fee_at && !first {
            broken.push(Law::FeeMoved { charge: id });
        }
        if said != before {
            self.0.insert(id, said);
        }
    }
}
