//! Bodies: which shape an event is written in, and how every version of it is lifted.

use counterfoil_domain::books::Entry;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::{Event, Recorded, Step};
use serde::Deserialize;

use super::shapes::Posted;
use super::shapes::v0::BookmarkSetV0;
use super::shapes::v1::{
    BankAccountAttachedV1, BookmarkSetV1, ConnectReserveMovedV1, DebitNegativeBalancesSetV1, FundsMaturedV1,
    LedgerOpenedV1, MovedV1, OnboardedV1, PayoutMovedV1, PayoutScheduleSetV1, RailOpenedV1, RailSettledV1,
    RefundedV1, RequirementChangedV1, ReversedV1, SuccessorNamedV1, TimeAdvancedV1,
};
use super::shapes::v2::{LedgerOpenedV2, OnboardedV2};
use super::{Fault, charge, kinds, serial, split, transfer};

/// Appends the body of an event in its newest version; its entry stands before it.
pub(super) fn write(recorded: &Recorded, out: &mut Vec<u8>) -> Result<(), Fault> {
    match &recorded.event {
        Event::LedgerOpened(settings) => match kinds::of(&recorded.event).1 {
            1 => serial::append(&LedgerOpenedV1::from(&**settings), out),
            _ => serial::append(&LedgerOpenedV2::from(&**settings), out),
        },
        Event::TimeAdvanced { to } => serial::append(&TimeAdvancedV1::new(*to), out),
        Event::AccountOnboarded(onboarded) => match kinds::of(&recorded.event).1 {
            1 => serial::append(&OnboardedV1::from(&**onboarded), out),
            _ => serial::append(&OnboardedV2::from(&**onboarded), out),
        },
        Event::RequirementChanged { account, name, standing } => {
            serial::append(&RequirementChangedV1::new(*account, *name, *standing), out)
        }
        Event::BankAccountAttached { account, currency, bank } => {
            serial::append(&BankAccountAttachedV1::new(*account, *currency, bank), out)
        }
        Event::PayoutScheduleSet { account, schedule, delay, minimum_balance } => {
            serial::append(&PayoutScheduleSetV1::new(*account, *schedule, *delay, *minimum_balance), out)
        }
        Event::RailOpened { rail, name } => serial::append(&RailOpenedV1::new(*rail, name), out),
        Event::ChargeSucceeded(charged) => charge::write(charged, recorded.time, out),
        Event::ChargesSplit(split) => split::write(split, recorded.time, out),
        Event::TransferCreated(made) => transfer::write(made, recorded.time, out),
        Event::TransferReversed(reversed) => serial::append(&ReversedV1::from(&**reversed), out),
        Event::ChargeRefunded(refunded) => serial::append(&RefundedV1::from(&**refunded), out),
        Event::FundsMatured { account, day, entry: _ } => {
            serial::append(&FundsMaturedV1::new(*account, *day), out)
        }
        Event::PayoutCreated(moved) | Event::PayoutPaid(moved) | Event::PayoutFailed(moved) => {
            serial::append(&PayoutMovedV1::from(&**moved), out)
        }
        Event::RailSettled { rail, entry: _ } => serial::append(&RailSettledV1::new(*rail), out),
        Event::BookmarkSet { name, source, cursor } => {
            serial::append(&BookmarkSetV1 { name, source: *source, cursor: *cursor }, out)
        }
        Event::ConnectReserveMoved { entry: _ } => serial::append(&ConnectReserveMovedV1 {}, out),
        Event::SuccessorNamed { account, successor } => {
            serial::append(&SuccessorNamedV1::new(*account, *successor), out)
        }
        Event::DebitNegativeBalancesSet { account, on } => {
            serial::append(&DebitNegativeBalancesSetV1::new(*account, *on), out)
        }
        Event::Moved(moved) => serial::append(&MovedV1::from(&**moved), out),
    }
}

/// Reads a body of any version that was ever written, lifted to the present event.
///
/// An old version is read in its own shape and goes from each version to the next, so
/// that a new version adds one step and leaves the earlier ones as they are.
pub(super) fn read(
    (kind, version): (u16, u8),
    body: &[u8],
    entry: Option<Entry>,
    time: Timestamp,
) -> Result<Event, Fault> {
    let body = Body { bytes: body, entry };
    match (kind, version) {
        (kinds::LEDGER_OPENED, 1) => {
            let opened = LedgerOpenedV2::from(body.alone::<LedgerOpenedV1<'_>>()?);
            opened.try_into().map(boxed(Event::LedgerOpened))
        }
        (kinds::LEDGER_OPENED, 2) => body.plain::<LedgerOpenedV2<'_>, _>().map(boxed(Event::LedgerOpened)),
        (kinds::TIME_ADVANCED, 1) => body.plain::<TimeAdvancedV1, _>(),
        (kinds::ACCOUNT_ONBOARDED, 1) => {
            let first = body.alone::<OnboardedV1<'_>>()?;
            OnboardedV2::from(first).try_into().map(boxed(Event::AccountOnboarded))
        }
        (kinds::ACCOUNT_ONBOARDED, 2) => {
            body.plain::<OnboardedV2<'_>, _>().map(boxed(Event::AccountOnboarded))
        }
        (kinds::REQUIREMENT_CHANGED, 1) => body.plain::<RequirementChangedV1, _>(),
        (kinds::BANK_ACCOUNT_ATTACHED, 1) => body.plain::<BankAccountAttachedV1<'_>, _>(),
        (kinds::PAYOUT_SCHEDULE_SET, 1) => body.plain::<PayoutScheduleSetV1, _>(),
        (kinds::RAIL_OPENED, 1) => body.plain::<RailOpenedV1<'_>, _>(),
        (kinds::CHARGE_SUCCEEDED, 1) => {
            let (bytes, entry) = body.laid()?;
            charge::read(bytes, entry, time).map(Event::ChargeSucceeded)
        }
        (kinds::CHARGES_SPLIT, 1) => {
            let (bytes, entry) = body.laid()?;
            split::read(bytes, entry, time).map(Event::ChargesSplit)
        }
        (kinds::TRANSFER_CREATED, 1) => {
            let (bytes, entry) = body.laid()?;
            transfer::read(bytes, entry, time).map(Event::TransferCreated)
        }
        (kinds::TRANSFER_REVERSED, 1) => {
            body.posted::<ReversedV1<'_>, _>().map(boxed(Event::TransferReversed))
        }
        (kinds::CHARGE_REFUNDED, 1) => body.posted::<RefundedV1<'_>, _>().map(boxed(Event::ChargeRefunded)),
        (kinds::FUNDS_MATURED, 1) => body.posted::<FundsMaturedV1, _>(),
        (kinds::PAYOUT_CREATED, 1) => body.posted::<PayoutMovedV1, _>().map(boxed(Event::PayoutCreated)),
        (kinds::PAYOUT_PAID, 1) => body.posted::<PayoutMovedV1, _>().map(boxed(Event::PayoutPaid)),
        (kinds::PAYOUT_FAILED, 1) => body.posted::<PayoutMovedV1, _>().map(boxed(Event::PayoutFailed)),
        (kinds::RAIL_SETTLED, 1) => body.posted::<RailSettledV1, _>(),
        (kinds::BOOKMARK_SET, 0) => BookmarkSetV1::from(body.alone::<BookmarkSetV0<'_>>()?).try_into(),
        (kinds::BOOKMARK_SET, 1) => body.plain::<BookmarkSetV1<'_>, _>(),
        (kinds::CONNECT_RESERVE_MOVED, 1) => body.posted::<ConnectReserveMovedV1, _>(),
        (kinds::SUCCESSOR_NAMED, 1) => body.plain::<SuccessorNamedV1, _>(),
        (kinds::DEBIT_NEGATIVE_BALANCES_SET, 1) => body.plain::<DebitNegativeBalancesSetV1, _>(),
        (_, kinds::MOVED) => match kinds::step(kind) {
            Some(step) => body.moved(step),
            None => Err(kinds::unknown_version(kind)),
        },
        _ => Err(kinds::unknown_version(kind)),
    }
}

/// A body with the entry that stood before it, where one did.
struct Body<'a> {
    bytes: &'a [u8],
    entry: Option<Entry>,
}

impl<'a> Body<'a> {
    /// The shape of an event that has no entry.
    fn alone<S: Deserialize<'a>>(self) -> Result<S, Fault> {
        match self.entry {
            Some(_) => Err(Fault::EntryUnexpected),
            None => serial::read(self.bytes),
        }
    }

    /// An event that has no entry, from its newest shape.
    fn plain<S: Deserialize<'a>, D: TryFrom<S, Error = Fault>>(self) -> Result<D, Fault> {
        self.alone::<S>()?.try_into()
    }

    /// A hand-laid body and its entry.
    fn laid(self) -> Result<(&'a [u8], Entry), Fault> {
        Ok((self.bytes, self.entry.ok_or(Fault::EntryMissing)?))
    }

    /// A step, with an entry or without.
    fn moved(self, step: Step) -> Result<Event, Fault> {
        let moved = serial::read::<MovedV1<'_>>(self.bytes)?.taken(step, self.entry)?;
        Ok(Event::Moved(Box::new(moved)))
    }

    /// An event that has an entry, from its newest shape.
    fn posted<S: Deserialize<'a>, D: TryFrom<Posted<S>, Error = Fault>>(self) -> Result<D, Fault> {
        let entry = self.entry.ok_or(Fault::EntryMissing)?;
        let shape = serial::read::<S>(self.bytes)?;
        Posted { shape, entry }.try_into()
    }
}

fn boxed<T>(event: fn(Box<T>) -> Event) -> impl Fn(T) -> Event {
    move |inside| event(Box::new(inside))
}
