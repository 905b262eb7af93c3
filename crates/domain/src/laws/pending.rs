//! Pending money by the day it matures, and the records that explain it.

use std::collections::BTreeMap;

use smallvec::SmallVec;

use super::{Broken, Law};
use crate::calendar::{Day, Timestamp};
use crate::charge::ChargeState;
use crate::id::{AccountId, ChargeId, TransferId};
use crate::money::{Currency, Minor};
use crate::transfer::TransferState;

/// One day's pending money of one account.
pub(super) type Bucket = (Day, AccountId, Currency);

/// Pending money, and what explains it.
#[derive(Clone, Debug, Default)]
pub(super) struct Pending {
    /// What postings put there, never zero.
    held: BTreeMap<Bucket, i128>,
    /// What the records say is left there, never zero; days that are past are dropped.
    explained: BTreeMap<Bucket, i128>,
    /// What each record says is left of it, until it matures.
    records: BTreeMap<(Day, Part), (Bucket, Minor)>,
    /// What the current event touched.
    touched: SmallVec<[Bucket; 4]>,
}

/// A record with a part in pending money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A charge's, of its owner.
    Charge(ChargeId),
    /// An application fee's, of the platform.
    Fee(ChargeId),
    /// A transfer's, of its destination.
    Transfer(TransferId),
}

impl Pending {
    /// Every bucket with what it holds.
    pub(super) fn held(&self) -> impl Iterator<Item = (Bucket, i128)> {
        self.held.iter().map(|(bucket, held)| (*bucket, *held))
    }

    /// Adds what a posting adds to what is owed.
    pub(super) fn add(&mut self, bucket: Bucket, owed: i128) {
        add(&mut self.held, bucket, owed);
        self.touched.push(bucket);
    }

    /// Takes over what a charge says is left in pending, of itself and of its fee, and of what
    /// captures on other days left of both and of its transfer.
    pub(super) fn explain_charge(&mut self, id: ChargeId, charge: &ChargeState, today: Day) {
        let day = charge.available_on;
        let (owners, fees) =
            ((day, charge.owner, charge.currency), (day, AccountId::PLATFORM, charge.currency));
        self.explain(Part::Charge(id), owners, charge.pending_left, today);
        self.explain(Part::Fee(id), fees, charge.fee_pending_left, today);
        let own = charge.more.as_ref().and_then(|more| more.transfer).zip(charge.seller);
        for part in charge.earlier() {
            let bucket = |account| (part.day, account, charge.currency);
            self.explain(Part::Charge(id), bucket(charge.owner), part.left, today);
            self.explain(Part::Fee(id), bucket(AccountId::PLATFORM), part.fee_left, today);
            if let Some((transfer, seller)) = own {
                self.explain(Part::Transfer(transfer), bucket(seller), part.transfer_left, today);
            }
        }
    }

    /// Takes over what a transfer says is left in pending.
    pub(super) fn explain_transfer(&mut self, id: TransferId, transfer: &TransferState, today: Day) {
        let bucket = (transfer.available_on, transfer.destination, transfer.currency);
        self.explain(Part::Transfer(id), bucket, transfer.pending_left, today);
    }

    fn explain(&mut self, part: Part, bucket: Bucket, left: Minor, today: Day) {
        // Once its day has come a record's part is history, whatever it says.
        if bucket.0 <= today {
            return;
        }
        let key = (bucket.0, part);
        let before =
            if left == 0 { self.records.remove(&key) } else { self.records.insert(key, (bucket, left)) };
        if let Some((bucket, before)) = before {
            add(&mut self.explained, bucket, -i128::from(before));
        }
        add(&mut self.explained, bucket, i128::from(left));
        self.touched.push(bucket);
    }

    /// Checks the buckets that the event touched, and that none is late.
    pub(super) fn check(&mut self, now: Timestamp, broken: &mut Broken) {
        let today = now.day();
        while let Some(((day, _), _)) = self.records.first_key_value()
            && *day <= today
        {
            self.records.pop_first();
        }
        while let Some(((day, ..), _)) = self.explained.first_key_value()
            && *day <= today
        {
            self.explained.pop_first();
        }
        if let Some(((day, account, currency), _)) = self.held.first_key_value()
            && day.start() < now
        {
            broken.push(Law::Late { account: *account, currency: *currency, day: *day });
        }
        for bucket in std::mem::take(&mut self.touched) {
            let (day, account, currency) = bucket;
            let held = self.held.get(&bucket).copied().unwrap_or_default();
            let explained = self.explained.get(&bucket).copied().unwrap_or_default();
            if held < 0 {
                broken.push(Law::NegativeDay { account, currency, day, held });
            }
            if day > today && held != explained {
                broken.push(Law::Unexplained { account, currency, day, held, explained });
            }
        }
    }
}

fn add(sums: &mut BTreeMap<Bucket, i128>, bucket: Bucket, amount: i128) {
    let sum = sums.entry(bucket).or_default();
    *sum += amount;
    if *sum == 0 {
        sums.remove(&bucket);
    }
}
