//! Making: the objects that an event makes, and what of them an event changes.

use counterfoil_domain::charge::create::Charged;
use counterfoil_domain::charge::{ApplicationFee, FeeRefund};
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::record::Record;
use counterfoil_domain::refund::create::Refunded;
use counterfoil_domain::split::SplitMade;
use counterfoil_domain::transfer::TransferState;
use counterfoil_domain::{AccountId, ChargeId, Event, Recorded, RefundId, ReversalId, TransferId};

use super::object::Object;
use crate::object::ObjectRef;

/// Calls `with` for every object that an event makes, as it stands then.
#[inline]
pub(super) fn made(recorded: &Recorded, mut with: impl FnMut(Object)) {
    let (position, time) = (recorded.position, recorded.time);
    match &recorded.event {
        Event::TransferCreated(made) => {
            let mut transfer = Object::transfer(TransferId::new(position, 0), &made.transfer, time, position);
            transfer.call(made.details.as_deref());
            with(transfer);
        }
        Event::ChargeSucceeded(charged) => {
            charge(recorded, charged, &mut with);
            fee(recorded, &mut with);
        }
        Event::ChargesSplit(made) => split(recorded, made, with),
        Event::TransferReversed(reversed) => {
            let id = ReversalId::new(position, 0);
            with(reversal(recorded, id, (reversed.id, &reversed.transfer), reversed.amount));
        }
        Event::ChargeRefunded(refunded) => {
            refund(recorded, refunded, &mut with);
            fee_refund(recorded, &mut with);
        }
        Event::PayoutCreated(moved) => with(Object::payout(moved.id, &moved.payout, position)),
        Event::LedgerOpened(settings) => {
            with(Object::new(ObjectRef::Account(AccountId::PLATFORM), time, position, settings.currency));
        }
        Event::AccountOnboarded(onboarded) => {
            let reference = ObjectRef::Account(onboarded.account);
            let mut account = Object::new(reference, time, position, onboarded.currency);
            account.owner = onboarded.account;
            account.call(onboarded.details.as_deref());
            with(account);
        }
        Event::Moved(moved) => {
            let made = moved.parts().map(|part| &part.record);
            for record in made.filter(|record| record.id().object().position() == position) {
                let mut object = if let Record::Charge(id, charge) = record {
                    Object::charge(*id, charge, time, position)
                } else {
                    Object::of(record.id().into(), record.kept(), time, position)
                };
                if record.id() == moved.subject.record.id() {
                    object.call(moved.details.as_deref());
                }
                with(object);
            }
            fee(recorded, &mut with);
            fee_refund(recorded, &mut with);
        }
        // No object is made of these.
        Event::TimeAdvanced { .. }
        | Event::RequirementChanged { .. }
        | Event::BankAccountAttached { .. }
        | Event::PayoutScheduleSet { .. }
        | Event::RailOpened { .. }
        | Event::FundsMatured { .. }
        | Event::PayoutPaid(_)
        | Event::PayoutFailed(_)
        | Event::RailSettled { .. }
        | Event::BookmarkSet { .. }
        | Event::ConnectReserveMoved { .. }
        | Event::DebitNegativeBalancesSet { .. }
        | Event::SuccessorNamed { .. } => {}
    }
}

fn charge(recorded: &Recorded, charged: &Charged, mut with: impl FnMut(Object)) {
    let (position, time) = (recorded.position, recorded.time);
    let id = ChargeId::new(position, 0);
    let mut charge = Object::charge(id, &charged.charge, time, position);
    charge.call(charged.details.as_deref());
    with(charge);
    if let Some(transfer) = &charged.transfer {
        with(Object::transfer(id.destination_transfer(), transfer, time, position));
    }
}

/// The application fee that an event made.
fn fee(recorded: &Recorded, with: &mut impl FnMut(Object)) {
    if let Some((fee, charge)) = ApplicationFee::made_by(recorded) {
        let (time, position) = (recorded.time, recorded.position);
        let mut object = Object::new(fee.id.into(), time, position, fee.amount.currency);
        object.counterparty = Some(fee.account);
        (object.amount, object.returned) = (fee.amount.minor, fee.refunded);
        object.source = Some(fee.charge.into());
        object.group(charge.transfer_group.as_deref());
        with(object);
    }
}

/// What an event gave back of an application fee.
fn fee_refund(recorded: &Recorded, with: &mut impl FnMut(Object)) {
    if let Some((refund, charge)) = FeeRefund::made_by(recorded) {
        let (time, position) = (recorded.time, recorded.position);
        let mut object = Object::new(refund.id.into(), time, position, refund.amount.currency);
        object.counterparty = charge.seller;
        object.amount = refund.amount.minor;
        object.source = Some(refund.fee.into());
        object.group(charge.transfer_group.as_deref());
        with(object);
    }
}

fn split(recorded: &Recorded, split: &SplitMade, mut with: impl FnMut(Object)) {
    let (position, time) = (recorded.position, recorded.time);
    let reference = ObjectRef::Split(ObjectId::new(position, 0));
    let mut object = Object::new(reference, time, position, split.entry.currency());
    object.amount = split.transfers.iter().map(|transfer| transfer.amount).sum();
    // Where the charges share a group, the split is of it.
    let mut groups = split.charges.iter().map(|(_, charge)| charge.transfer_group.as_deref());
    let group = groups.next().flatten().filter(|first| groups.all(|group| group == Some(*first)));
    object.group(group);
    object.call(split.details.as_deref());
    with(object);
    for (ordinal, transfer) in (0..).zip(&split.transfers) {
        with(Object::transfer(TransferId::new(position, ordinal), transfer, time, position));
    }
}

fn refund(recorded: &Recorded, refunded: &Refunded, mut with: impl FnMut(Object)) {
    let id = RefundId::new(recorded.position, 0);
    let charge = &refunded.charge;
    let mut object = Object::new(ObjectRef::Refund(id), recorded.time, recorded.position, charge.currency);
    object.owner = charge.owner;
    object.counterparty = charge.seller;
    object.amount = refunded.amount;
    object.source = Some(ObjectRef::Charge(refunded.id));
    object.group(charge.transfer_group.as_deref());
    with(object);
    if let Some((id, transfer)) = &refunded.transfer
        && refunded.reversed > 0
    {
        with(reversal(recorded, ReversalId::new(recorded.position, 1), (*id, transfer), refunded.reversed));
    }
}

fn reversal(
    recorded: &Recorded,
    id: ReversalId,
    (transfer_id, transfer): (TransferId, &TransferState),
    amount: i64,
) -> Object {
    let mut object =
        Object::new(ObjectRef::Reversal(id), recorded.time, recorded.position, transfer.currency);
    object.counterparty = Some(transfer.destination);
    object.amount = amount;
    object.source = Some(ObjectRef::Transfer(transfer_id));
    object.group(transfer.transfer_group.as_deref());
    object
}

/// Brings an object to the state that an event left it in; `false` where the event does not
/// carry the object.
pub(super) fn change(object: &mut Object, recorded: &Recorded) -> bool {
    let mut carried = false;
    recorded.records(|record| {
        if ObjectRef::from(record.id()) != object.reference {
            return;
        }
        let kept = record.kept();
        (object.amount, object.returned, object.status) =
            (kept.money().minor, kept.returned(), kept.status());
        if let Record::Charge(_, charge) = &record {
            object.transferred = charge.transferred;
        }
        carried = true;
    });
    if carried {
        object.changed = recorded.position;
    }
    carried
}
