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
        let payout = &moved.payout;
        let (status, failure) = match payout.status {
            PayoutStatus::InTransit => (IN_TRANSIT, None),
            PayoutStatus::Paid => (PAID, None),
            PayoutStatus::Failed(code) => (FAILED, Some(Numbered::number(code))),
        };
        Self {
            id: moved.id.0.into(),
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
}

impl TryFrom<Posted<PayoutMovedV1>> for PayoutMoved {
    type Error = Fault;

    fn try_from(Posted { shape, entry }: Posted<PayoutMovedV1>) -> Result<Self, Fault> {
        let payout = PayoutState {
            account: AccountId(shape.account),
            currency: currency(shape.currency)?,
            amount: shape.amount,
            status: status(shape.status, shape.failure)?,
            created: timestamp(shape.created)?,
            arrival: day(shape.arrival)?,
            automatic: shape.automatic,
            entries: shape.entries.into_iter().map(|(first, last)| EntryRange { first, last }).collect(),
            own: EntryRange { first: shape.own.0, last: shape.own.1 },
            bank: shape.bank,
        };
        Ok(Self { id: PayoutId(shape.id.try_into()?), payout, entry })
    }
}

fn status(number: u8, failure: Option<u8>) -> Result<PayoutStatus, Fault> {
    match (number, failure) {
        (IN_TRANSIT, None) => Ok(PayoutStatus::InTransit),
        (PAID, None) => Ok(PayoutStatus::Paid),
        (FAILED, Some(code)) => Ok(PayoutStatus::Failed(FailureCode::numbered(code)?)),
        (other, _) => Err(Fault::Number { what: "status of a payout", found: other.into() }),
    }
}
