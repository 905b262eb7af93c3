//! Fraud warnings: a charge keeps each that it was told of, once, and no other.

use std::collections::BTreeMap;

use super::{Broken, Law};
use crate::charge::FraudWarning;
use crate::event::{Event, Recorded};
use crate::id::ChargeId;
use crate::money::Minor;
use crate::record::Record;
use crate::step::Step;

/// The warnings of each charge that has any.
#[derive(Clone, Debug, Default)]
pub(super) struct FraudWarnings(BTreeMap<ChargeId, Vec<FraudWarning>>);

impl FraudWarnings {
    /// Checks the charges that an event leaves behind, and takes in the warning that it told.
    pub(super) fn check(&mut self, (recorded, records): (&Recorded, &[Record]), broken: &mut Broken) {
        let told = matches!(&recorded.event, Event::Moved(moved) if moved.step == Step::FraudWarningReceived);
        for record in records {
            let Record::Charge(id, charge) = record else { continue };
            let said = charge.fraud_warnings();
            let known = self.0.get(id).map_or(&[][..], |known| known);
            let new = usize::from(told);
            let kept = said.len() == known.len() + new && said.starts_with(known);
            let twice = said
                .last()
                .filter(|_| told)
                .is_some_and(|last| known.iter().any(|known| known.reference == last.reference));
            if !kept || twice {
                let count = |count: usize| Minor::try_from(count).unwrap_or(Minor::MAX);
                let (said, added) = (count(said.len()), count(known.len() + new));
                broken.push(Law::ChargeForgets { charge: *id, what: "fraud warnings", said, added });
            }
            if told {
                self.0.insert(*id, said.to_vec());
            }
        }
    }
}
