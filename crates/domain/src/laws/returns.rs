//! Returns: what was given back never exceeds what was taken, and no record forgets
//! what it gave back before.
//!
//! Records carry their totals. The totals are added up here once more from the amounts
//! of the events, for those charges and transfers only where there is something to add.

use std::collections::BTreeMap;

use super::splits::{Waiting, check_sources};
use super::{Broken, Law, refunded};
use crate::books::Kind;
use crate::charge::{ChargeStanding, ChargeState, ChargeType};
use crate::event::{Event, Recorded};
use crate::id::{ChargeId, TransferId};
use crate::money::Minor;
use crate::record::{Record, RecordKey};
use crate::step::{Moved, Step};
use crate::transfer::TransferState;

/// What was given back or shared out so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Returns {
    charges: BTreeMap<ChargeId, Totals>,
    /// What was moved back of each transfer.
    reversed: BTreeMap<TransferId, Minor>,
    waiting: Waiting,
}

/// What moved of one charge after it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    refunded: Minor,
    fee_refunded: Minor,
    /// Of a separate charge: what its transfers moved and did not move back, and what waits.
    transferred: Minor,
    /// Of one that was authorised: what its captures came to.
    captured: Option<Minor>,
    /// What disputes took and did not give back.
    disputed: Minor,
    /// Of one whose payment failed: what of the payment went back.
    failed: Minor,
}

impl Returns {
    /// Adds what the event moved, and checks the totals of the records that it leaves.
    pub(super) fn check(&mut self, (recorded, records): (&Recorded, &[Record]), broken: &mut Broken) {
        self.add(&recorded.event);
        self.charged_at_once(recorded);
        if let Event::Moved(moved) = &recorded.event
            && let Record::Dispute(_, dispute) = &moved.subject.record
        {
            self.dispute(recorded.position, moved, dispute.charge);
        }
        for (charge, amount) in self.waiting.check(recorded, broken) {
            add(&mut self.charges.entry(charge).or_default().transferred, amount);
        }
        for (id, charge) in records.iter().filter_map(ChargeId::of) {
            self.check_charge(id, charge, broken);
        }
        for (id, transfer) in records.iter().filter_map(TransferId::of) {
            self.check_transfer(id, transfer, broken);
        }
        check_sources(recorded, broken);
    }

    /// A charge that is made at once is captured whole; only one that keeps more says so.
    fn charged_at_once(&mut self, recorded: &Recorded) {
        if let Event::ChargeSucceeded(charged) = &recorded.event
            && charged.charge.more.is_some()
        {
            let taken = charged.entry.postings().iter().filter(|it| it.kind == Kind::Charge && it.amount > 0);
            let taken = taken.fold(0, |sum: Minor, posting| sum.saturating_add(posting.amount));
            let id = ChargeId::new(recorded.position, 0);
            add(self.charges.entry(id).or_default().captured.get_or_insert_default(), taken);
        }
    }

    fn add(&mut self, event: &Event) {
        if let Event::ChargesSplit(split) = event {
            for transfer in &split.transfers {
                self.share(transfer, transfer.amount);
            }
        }
        if let Event::Moved(moved) = event
            && let Record::Split(..) = moved.subject.record
        {
            for part in &moved.beside {
                if let Record::Transfer(_, transfer) = &part.record {
                    self.share(transfer, transfer.amount);
                }
            }
        }
        if let Event::TransferCreated(made) = event {
            self.share(&made.transfer, made.transfer.amount);
        }
        if let Event::TransferReversed(reversed) = event {
            self.share(&reversed.transfer, reversed.amount.saturating_neg());
            add(self.reversed.entry(reversed.id).or_default(), reversed.amount);
        }
        if let Event::Moved(moved) = event {
            self.step(moved);
        }
        if let Event::ChargeRefunded(refunded) = event {
            let totals = self.charges.entry(refunded.id).or_default();
            add(&mut totals.refunded, refunded.amount);
            add(&mut totals.fee_refunded, refunded.fee_refunded);
            if let Some((id, _)) = &refunded.transfer {
                add(self.reversed.entry(*id).or_default(), refunded.reversed);
            }
        }
        if let Event::Moved(moved) = event
            && let Some((charge, amount, fee)) = refunded::of(moved)
        {
            let totals = self.charges.entry(charge).or_default();
            add(&mut totals.refunded, amount);
            add(&mut totals.fee_refunded, fee);
            for part in &moved.beside {
                if let Record::Transfer(id, transfer) = &part.record {
                    add(self.reversed.entry(*id).or_default(), part.amount);
                    self.share(transfer, part.amount.saturating_neg());
                }
            }
        }
    }

    fn step(&mut self, moved: &Moved) {
        if let Record::Reversal(_, reversal) = &moved.subject.record {
            self.reverse(moved, reversal.transfer);
        }
        if let Record::Charge(id, _) = &moved.subject.record {
            self.step_of_a_charge(moved, *id);
        }
    }

    /// What a dispute took or gave back of its charge, and of its transfers.
    fn dispute(&mut self, position: u64, moved: &Moved, charge: ChargeId) {
        let took = [Step::DisputeOpened, Step::DisputeEscalated, Step::DisputeWon].contains(&moved.step);
        if took {
            add(&mut self.charges.entry(charge).or_default().disputed, moved.subject.amount);
        }
        let followed = [Step::DisputeRecovered, Step::DisputeGivenBack].contains(&moved.step);
        for part in moved.beside.iter().filter(|_| followed) {
            if let Record::Charge(id, _) = &part.record {
                add(&mut self.charges.entry(*id).or_default().fee_refunded, part.amount);
            }
            if let Record::Transfer(id, transfer) = &part.record {
                if id.0.position() == position {
                    self.share(transfer, part.amount);
                } else {
                    self.share(transfer, part.amount.saturating_neg());
                    add(self.reversed.entry(*id).or_default(), part.amount);
                }
            }
        }
    }

    /// A reversal that is a step: what it moved of its transfer, and of the charge's fee.
    fn reverse(&mut self, moved: &Moved, transfer: TransferId) {
        let minor = moved.subject.amount;
        add(self.reversed.entry(transfer).or_default(), minor);
        for part in &moved.beside {
            if let Record::Transfer(_, transfer) = &part.record {
                self.share(transfer, minor.saturating_neg());
            }
            if let Record::Charge(id, _) = &part.record {
                add(&mut self.charges.entry(*id).or_default().fee_refunded, part.amount);
            }
        }
    }

    fn step_of_a_charge(&mut self, moved: &Moved, id: ChargeId) {
        let amount = moved.subject.amount;
        if [Step::ChargeAuthorised, Step::ChargeCaptured].contains(&moved.step) {
            add(self.charges.entry(id).or_default().captured.get_or_insert_default(), amount);
        }
        if moved.step == Step::ChargeFailed {
            let entry = moved.postings();
            let given_back = entry.filter(|it| it.kind == Kind::ApplicationFeeRefund && it.amount > 0);
            let fee = given_back.fold(0, |sum: Minor, posting| sum.saturating_add(posting.amount));
            let totals = self.charges.entry(id).or_default();
            add(&mut totals.failed, amount);
            add(&mut totals.fee_refunded, fee);
            for part in &moved.beside {
                if let Record::Transfer(of, transfer) = &part.record {
                    self.share(transfer, part.amount.saturating_neg());
                    add(self.reversed.entry(*of).or_default(), part.amount);
                }
            }
        }
    }

    fn share(&mut self, transfer: &TransferState, amount: Minor) {
        if let Some(charge) = transfer.source_charge {
            add(&mut self.charges.entry(charge).or_default().transferred, amount);
        }
    }

    fn check_charge(&self, id: ChargeId, charge: &ChargeState, broken: &mut Broken) {
        let totals = self.charges.get(&id).copied().unwrap_or_default();
        let separate = charge.charge_type == ChargeType::Separate;
        let more = charge.more.as_deref();
        let most = more.map_or(charge.amount, |more| more.authorised);
        // A payment that failed goes back whole, whatever refunds gave the payer.
        let has_failed = matches!(charge.standing(), ChargeStanding::Failed(_));
        let failed = if has_failed { charge.amount } else { 0 };
        let earlier = charge.earlier().iter();
        let lefts = earlier.flat_map(|part| [part.left, part.fee_left, part.transfer_left]);
        let least = lefts.min().unwrap_or(0);
        for (what, said, added, bound) in [
            ("refunded", charge.refunded, Some(totals.refunded), charge.amount),
            ("application fee", charge.application_fee, None, charge.amount),
            ("fee given back", charge.fee_refunded, Some(totals.fee_refunded), charge.application_fee),
            // A destination charge is made with its transfer, which is not added here.
            ("transferred", charge.transferred, separate.then_some(totals.transferred), charge.amount),
            ("pending part", charge.pending_left, None, Minor::MAX),
            ("pending fee", charge.fee_pending_left, None, charge.application_fee),
            ("least of what other days left", least, None, Minor::MAX),
            ("captured", charge.amount, totals.captured, most),
            ("disputed", charge.disputed(), Some(totals.disputed), Minor::MAX),
            ("payment that went back", failed, Some(totals.failed), charge.amount),
        ] {
            if let Some(added) = added.filter(|added| *added != said) {
                broken.push(Law::ChargeForgets { charge: id, what, said, added });
            }
            if !(0..=bound).contains(&said) {
                broken.push(Law::ChargeBound { charge: id, what, said, bound });
            }
        }
    }

    fn check_transfer(&self, id: TransferId, transfer: &TransferState, broken: &mut Broken) {
        let (said, bound) = (transfer.reversed, transfer.amount);
        let added = self.reversed.get(&id).copied().unwrap_or_default();
        if added != said {
            broken.push(Law::TransferForgets { transfer: id, said, added });
        }
        if !(0..=bound).contains(&said) || !(0..=bound).contains(&transfer.pending_left) {
            broken.push(Law::TransferBound { transfer: id, said, bound });
        }
    }
}

/// Adds to a total; a sum beyond 64 bits stays at the end of them and breaks a law.
fn add(total: &mut Minor, amount: Minor) {
    *total = total.saturating_add(amount);
}
