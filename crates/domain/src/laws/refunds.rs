//! Refunds: each is made once and goes its way, and what it says of its money is booked when
//! that goes and when it comes back.

use std::collections::{BTreeMap, BTreeSet};

use super::told::same;
use super::{Broken, Law};
use crate::books::{Book, Kind, Posting};
use crate::calendar::Timestamp;
use crate::charge::{ChargeStanding, ChargeState};
use crate::event::{Event, Recorded};
use crate::id::{AccountId, ChargeId, RefundId};
use crate::money::Minor;
use crate::record::{Record, RecordKey};
use crate::refund::{Recover, RefundState, RefundStatus};
use crate::step::{Moved, Step};

/// The refunds that may still change.
#[derive(Clone, Debug, Default)]
pub(super) struct Refunds {
    known: BTreeMap<RefundId, Known>,
    /// Those that wait, by charge.
    waiting: BTreeMap<ChargeId, BTreeSet<RefundId>>,
    /// Those that wait though their payment failed.
    late: BTreeSet<RefundId>,
}

/// What must stay of a refund.
#[derive(Clone, Copy, Debug)]
struct Known {
    charge: ChargeId,
    amount: Minor,
    way: Way,
    taken: Minor,
    fee: Minor,
}

/// Where a refund's money is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// It has not gone yet.
    Waits,
    /// It is out.
    Out,
    /// It came back, or never goes.
    Over,
}

impl Refunds {
    /// Follows refunds; `before` is the business time of the event before.
    pub(super) fn check(
        &mut self,
        (recorded, records): (&Recorded, &[Record]),
        before: Timestamp,
        broken: &mut Broken,
    ) {
        if recorded.time > before
            && let Some(refund) = self.late.pop_first()
        {
            broken.push(Law::RefundLate { refund });
        }
        if let Event::ChargeRefunded(_) = recorded.event {
            let refunds = records.iter().filter_map(RefundId::of);
            self.known.extend(refunds.map(|(id, refund)| (id, Known::of(refund))));
        }
        let Event::Moved(moved) = &recorded.event else { return };
        if let (Step::ApplicationFeeRefunded, Record::Charge(_, charge)) = (moved.step, &moved.subject.record)
        {
            Books { moved, charge }.compare("fee refund", moved.subject.amount, Books::fee, broken);
        }
        if let (Step::ChargeFailed, Record::Charge(id, _)) = (moved.step, &moved.subject.record) {
            self.late.extend(self.waiting.get(id).into_iter().flatten());
        }
        let Record::Refund(id, refund) = &moved.subject.record else { return };
        let (now, before) = (Known::of(refund), self.known.get(id).copied());
        self.note(*id, now);
        if !goes_its_way(moved.step, before, now) {
            broken.push(Law::RefundForgets { refund: *id });
        }
        check_borne(refund, broken);
        let charges = moved.beside.iter().filter_map(|part| ChargeId::of(&part.record));
        let charge = charges.filter(|(charge, _)| *charge == refund.charge).map(|(_, state)| state).next();
        let was_out = before.is_some_and(|before| before.way == Way::Out);
        let sign = i64::from(now.way == Way::Out) - i64::from(was_out);
        match charge {
            Some(charge) => Books { moved, charge }.check(now, sign, broken),
            // Where nothing moves the charge need not stand beside it.
            None if sign == 0 && moved.books.is_none() => {}
            None => broken.push(Law::RefundForgets { refund: *id }),
        }
    }
}

impl Refunds {
    fn note(&mut self, id: RefundId, now: Known) {
        if now.way == Way::Over {
            self.known.remove(&id);
        } else {
            self.known.insert(id, now);
        }
        let waiting = self.waiting.entry(now.charge).or_default();
        if now.way == Way::Waits {
            waiting.insert(id);
            return;
        }
        waiting.remove(&id);
        if waiting.is_empty() {
            self.waiting.remove(&now.charge);
        }
        self.late.remove(&id);
    }
}

impl Known {
    fn of(refund: &RefundState) -> Self {
        let way = match refund.status {
            RefundStatus::Waiting { .. } => Way::Waits,
            RefundStatus::Processing
            | RefundStatus::RequiresAction
            | RefundStatus::Succeeded
            | RefundStatus::Confirmed => Way::Out,
            RefundStatus::Failed(_) | RefundStatus::Canceled => Way::Over,
        };
        let (taken, fee) = (refund.reversed(), refund.fee_refunded);
        Self { charge: refund.charge, amount: refund.amount.minor, way, taken, fee }
    }
}

/// Whether a step leads from how a refund stood to how it stands, which keeps what it was.
fn goes_its_way(step: Step, before: Option<Known>, now: Known) -> bool {
    let leads = matches!(
        (step, before.map(|before| before.way), now.way),
        (Step::RefundCreated, None, Way::Waits | Way::Out)
            | (Step::RefundSucceeded, Some(Way::Waits | Way::Out), Way::Out)
            | (Step::RefundWaited, Some(Way::Waits), Way::Waits)
            | (Step::RefundPending, Some(Way::Out), Way::Out)
            | (Step::RefundFailed | Step::RefundCanceled, Some(Way::Waits | Way::Out), Way::Over)
    );
    let keeps = before.is_none_or(|before| {
        let settled = before.way == Way::Waits && now.way == Way::Out;
        let same = (before.taken, before.fee) == (now.taken, now.fee);
        (before.charge, before.amount) == (now.charge, now.amount) && (settled || same)
    });
    leads && keeps
}

/// By liability nothing is taken of a transfer but what was borne of it when it was asked for.
fn check_borne(refund: &RefundState, broken: &mut Broken) {
    if let Recover::ByLiability(by) = &refund.recover {
        for taken in &refund.taken {
            let of = by.borne.iter().filter(|borne| borne.transfer == taken.transfer);
            let borne: i128 = of.map(|borne| i128::from(borne.amount)).sum();
            if i128::from(taken.amount) > borne {
                same("taken by liability", taken.amount.into(), borne, broken);
            }
        }
    }
}

/// What a step booked, to be compared with what is said of it.
struct Books<'a> {
    moved: &'a Moved,
    charge: &'a ChargeState,
}

impl Books<'_> {
    /// `sign` is 1 where the money goes, -1 where it comes back, 0 where it stays.
    fn check(&self, now: Known, sign: i64, broken: &mut Broken) {
        self.compare("refund", now.amount.saturating_mul(sign), Self::paid, broken);
        // A payment that failed took its fee back itself, and what is left of its transfers.
        let failed = matches!(self.charge.standing(), ChargeStanding::Failed(_));
        let fee = if sign < 0 && failed { 0 } else { now.fee.saturating_mul(sign) };
        self.compare("fee refund", fee, Self::fee, broken);

        let mut said: BTreeMap<AccountId, Minor> = BTreeMap::new();
        let mut reversed: Minor = 0;
        for part in &self.moved.beside {
            if let Record::Transfer(_, transfer) = &part.record {
                let of = said.entry(transfer.destination).or_default();
                *of = of.saturating_add(part.amount);
                reversed = reversed.saturating_add(part.amount);
            }
            if let Record::Reversal(_, reversal) = &part.record {
                let says =
                    if sign < 0 { reversal.given_back.saturating_neg() } else { reversal.amount.minor };
                same("reversal of a refund", says.into(), part.amount.into(), broken);
            }
        }
        for (seller, amount) in said {
            let took = |posting: &Posting| posting.kind == Kind::TransferReversal && is_of(posting, seller);
            same("reversal", amount.into(), self.sum(took), broken);
        }
        // Of what was taken as much comes back as the charge has not moved elsewhere.
        let most = now.taken.saturating_mul(sign);
        if if sign < 0 { !(most..=0).contains(&reversed) } else { reversed != most } {
            same("reversals", most.into(), reversed.into(), broken);
        }
    }

    fn compare(&self, what: &'static str, said: Minor, booked: fn(&Self) -> i128, broken: &mut Broken) {
        same(what, said.into(), booked(self), broken);
    }

    /// What the payer got, or less than nothing where it came back.
    fn paid(&self) -> i128 {
        let rail = Book::Rail(self.charge.rail);
        let kinds = [Kind::Refund, Kind::RefundFailure];
        -self.sum(|posting| posting.book == rail && kinds.contains(&posting.kind))
    }

    /// What the platform gave back of its fee.
    fn fee(&self) -> i128 {
        self.sum(|posting| posting.kind == Kind::ApplicationFeeRefund && is_of(posting, AccountId::PLATFORM))
    }

    /// Debits less credits.
    fn sum(&self, of: impl Fn(&Posting) -> bool) -> i128 {
        let postings = self.moved.postings();
        postings.filter(|posting| of(posting)).map(|posting| i128::from(posting.amount)).sum()
    }
}

fn is_of(posting: &Posting, account: AccountId) -> bool {
    posting.book.owner().is_some_and(|(owner, _)| owner == account)
}
