//! Recording: the rows that an event makes and changes.

use counterfoil_domain::charge::ChargeState;
use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::payout::PayoutMoved;
use counterfoil_domain::refund::create::Refunded;
use counterfoil_domain::split::SplitMade;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::transfer::create::Transferred;
use counterfoil_domain::transfer::reverse::Reversed;
use counterfoil_domain::{AccountId, ChargeId, Event, Recorded, RefundId, ReversalId, TransferId};

use super::Objects;
use super::object::{Object, Status};
use crate::object::ObjectRef;

impl Objects {
    /// Makes and changes the rows of one event's objects.
    pub(super) fn record(&mut self, recorded: &Recorded) {
        match &recorded.event {
            Event::LedgerOpened(settings) => {
                let reference = ObjectRef::Account(AccountId::PLATFORM);
                let platform = Object::new(reference, recorded.time, recorded.position, settings.currency);
                self.add_account(recorded, platform);
            }
            Event::AccountOnboarded(onboarded) => {
                let reference = ObjectRef::Account(onboarded.account);
                let mut account =
                    Object::new(reference, recorded.time, recorded.position, onboarded.currency);
                account.owner = onboarded.account;
                self.add_account(recorded, account.called(onboarded.details.as_deref()));
            }
            Event::ChargeSucceeded(charged) => self.record_charge(recorded, charged),
            Event::ChargesSplit(split) => self.record_split(recorded, split),
            Event::TransferCreated(made) => self.record_transfer(recorded, made),
            Event::TransferReversed(reversed) => self.record_reversal(recorded, reversed),
            Event::ChargeRefunded(refunded) => self.record_refund(recorded, refunded),
            Event::PayoutCreated(moved) => {
                let payout = Object::payout(moved.id, &moved.payout, recorded.position);
                self.add(moved.id.0.to_bits(), payout);
            }
            Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => self.change_payout(recorded, moved),
            // No object is made of these, and none that a row shows is changed.
            Event::TimeAdvanced { .. }
            | Event::RequirementChanged { .. }
            | Event::BankAccountAttached { .. }
            | Event::PayoutScheduleSet { .. }
            | Event::RailOpened { .. }
            | Event::FundsMatured { .. }
            | Event::RailSettled { .. }
            | Event::BookmarkSet { .. } => {}
        }
    }

    fn record_charge(&mut self, recorded: &Recorded, charged: &Charged) {
        let id = ChargeId::new(recorded.position, 0);
        let charge = Object::charge(id, &charged.charge, recorded.time, recorded.position);
        self.add(id.0.to_bits(), charge.called(charged.details.as_deref()));
        if let Some(transfer) = &charged.transfer {
            self.add_transfer(recorded, id.destination_transfer(), transfer);
        }
    }

    fn record_split(&mut self, recorded: &Recorded, split: &SplitMade) {
        let id = ObjectId::new(recorded.position, 0);
        let currency = split.entry.currency();
        let mut object = Object::new(ObjectRef::Split(id), recorded.time, recorded.position, currency);
        object.amount = split.transfers.iter().map(|transfer| transfer.amount).sum();
        // Where the charges share a group, the split is of it.
        let mut groups = split.charges.iter().map(|(_, charge)| charge.transfer_group.as_deref());
        let group = groups.next().flatten().filter(|first| groups.all(|group| group == Some(*first)));
        self.add(id.to_bits(), object.grouped(group).called(split.details.as_deref()));
        for (ordinal, transfer) in (0..).zip(&split.transfers) {
            self.add_transfer(recorded, TransferId::new(recorded.position, ordinal), transfer);
        }
        for (id, charge) in &split.charges {
            self.change_charge(recorded, *id, charge);
        }
    }

    fn record_transfer(&mut self, recorded: &Recorded, made: &Transferred) {
        let (position, time) = (recorded.position, recorded.time);
        let id = TransferId::new(position, 0);
        let transfer = Object::transfer(id, &made.transfer, time, position);
        self.add(id.0.to_bits(), transfer.called(made.details.as_deref()));
        if let (Some(id), Some(charge)) = (made.transfer.source_charge, &made.charge) {
            self.change_charge(recorded, id, charge);
        }
    }

    fn record_reversal(&mut self, recorded: &Recorded, reversed: &Reversed) {
        let id = ReversalId::new(recorded.position, 0);
        self.add_reversal(recorded, id, (reversed.id, &reversed.transfer), reversed.amount);
        if let (Some(id), Some(charge)) = (reversed.transfer.source_charge, &reversed.charge) {
            self.change_charge(recorded, id, charge);
        }
    }

    fn record_refund(&mut self, recorded: &Recorded, refunded: &Refunded) {
        let id = RefundId::new(recorded.position, 0);
        let charge = &refunded.charge;
        let mut refund =
            Object::new(ObjectRef::Refund(id), recorded.time, recorded.position, charge.currency);
        refund.owner = charge.owner;
        refund.counterparty = charge.seller;
        refund.amount = refunded.amount;
        refund.source = Some(ObjectRef::Charge(refunded.id));
        self.add(id.0.to_bits(), refund.grouped(charge.transfer_group.as_deref()));
        self.change_charge(recorded, refunded.id, charge);
        if let Some((transfer_id, transfer)) = &refunded.transfer
            && refunded.reversed > 0
        {
            let id = ReversalId::new(recorded.position, 1);
            self.add_reversal(recorded, id, (*transfer_id, transfer), refunded.reversed);
        }
    }

    fn add_transfer(&mut self, recorded: &Recorded, id: TransferId, transfer: &TransferState) {
        let object = Object::transfer(id, transfer, recorded.time, recorded.position);
        self.add(id.0.to_bits(), object);
    }

    fn add_reversal(
        &mut self,
        recorded: &Recorded,
        id: ReversalId,
        (transfer_id, transfer): (TransferId, &TransferState),
        amount: i64,
    ) {
        let reference = ObjectRef::Reversal(id);
        let mut object = Object::new(reference, recorded.time, recorded.position, transfer.currency);
        object.counterparty = Some(transfer.destination);
        object.amount = amount;
        object.source = Some(ObjectRef::Transfer(transfer_id));
        self.add(id.0.to_bits(), object.grouped(transfer.transfer_group.as_deref()));
        self.change(ObjectRef::Transfer(transfer_id), |object| {
            object.returned = transfer.reversed;
            object.changed = recorded.position;
        });
    }

    fn change_charge(&mut self, recorded: &Recorded, id: ChargeId, charge: &ChargeState) {
        self.change(ObjectRef::Charge(id), |object| {
            object.returned = charge.refunded;
            object.transferred = charge.transferred;
            object.changed = recorded.position;
        });
    }

    fn change_payout(&mut self, recorded: &Recorded, moved: &PayoutMoved) {
        self.change(ObjectRef::Payout(moved.id), |object| {
            object.status = Status::Payout(moved.payout.status);
            object.changed = recorded.position;
        });
    }
}
