//! Payouts, version 1.

use counterfoil_domain::account::EntryRange;
use counterfoil_domain::payout::{FailureCode, PayoutMoved, PayoutState, PayoutStatus};
use counterfoil_domain::{AccountId, PayoutId};
use serde::{Deserialize, Serialize};

use super::object::ObjectV1;
use crate::codec::Fault;
use crate::codec::numbers::Numbered;
use crate::codec::shapes::{Posted, list};
use crate::codec::values::{currency, day, timestamp};

const IN_TRANSIT: u8 = 0;
const PAID: u8 = 1;
const FAILED: u8 = 2;
const RETURNED: u8 = 3;

/// A payout that changed; its entry stands before it.
#[derive(Debug, Serialize, Deserialize)]
pub(in crate::codec) struct PayoutMovedV1 {
    id: ObjectV1,
    account: u32,
    currency: u16,
    amount: i64,
    status: u8,
    /// Why, of a failed one alone.
    failure: Option<u8>,
    created: i64,
    arrival: i32,
    automatic: bool,
    /// Ranges of entry numbers, first and last.
    #[serde(deserialize_with = "list::read")]
    entries: Vec<(u64, u64)>,
    /// The numbers of its own movement, first and last.
    own: (u64, u64),
    /// The fingerprint of the bank account that it goes to.
    bank: Option<[u8; 8]>,
}

impl From<&PayoutMoved> for PayoutMovedV1 {
    fn from(moved: &PayoutMoved) -> Self {
        Self::new(moved.id, &moved.payout)
    }
}

impl PayoutMovedV1 {
    /// A payout as it stands.
    pub(super) fn new(PayoutId(id): PayoutId, payout: &PayoutState) -> Self {
        let (status, failure) = match payout.status {
            PayoutStatus::InTransit => (IN_TRANSIT, None),
            PayoutStatus::Paid => (PAID, None),
            PayoutStatus::Failed(code) => (FAILED, Some(Numbered::number(code))),
            PayoutStatus::Returned(code) => (RETURNED, Some(Numbered::number(code))),
        };
        Self {
            id: id.into(),
            account: payout.account.0,
            currency: payout.currency.number(),
            amount: payout.amount,
            status,
            failure,
            created: payout.created.micros(),
            arrival: payout.arrival.days(),
            automatic: payout.automatic,
            entries: payout.entries.iter().map(|range| (range.first, range.last)).collect(),
            own: (payout.own.first, payout.own.last),
            bank: payout.bank,
        }
    }

    /// The same in the domain's words.
    pub(super) fn parts(self) -> Result<(PayoutId, PayoutState), Fault> {
        let payout = PayoutState {
            account: AccountId(self.account),
            currency: currency(self.currency)?,
            amount: self.amount,
            status: status(self.status, self.failure)?,
            created: timestamp(self.created)?,
            arrival: day(self.arrival)?,
            automatic: self.automatic,
            entries: self.entries.into_iter().map(|(first, last)| EntryRange { first, last }).collect(),
            own: EntryRange { first: self.own.0, last: self.own.1 },
            bank: self.bank,
        };
        Ok((PayoutId(self.id.try_into()?), payout))
    }
}

impl TryFrom<Posted<PayoutMovedV1>> for PayoutMoved {
    type Error = Fault;

    fn try_from(Posted { shape, entry }: Posted<PayoutMovedV1>) -> Result<Self, Fault> {
        let (id, payout) = shape.parts()?;
        Ok(Self { id, payout, entry })
    }
}

fn status(number: u8, failure: Option<u8>) -> Result<PayoutStatus, Fault> {
    match (number, failure) {
        (IN_TRANSIT, None) => Ok(PayoutStatus::InTransit),
        (PAID, None) => Ok(PayoutStatus::Paid),
        (FAILED, Some(code)) => Ok(PayoutStatus::Failed(FailureCode::numbered(code)?)),
        (RETURNED, Some(code)) => Ok(PayoutStatus::Returned(FailureCode::numbered(code)?)),
        (other, _) => Err(Fault::Number { what: "status of a payout", found: other.into() }),
    }
}
