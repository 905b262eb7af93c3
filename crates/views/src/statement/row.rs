//! A row: one balance entry as the statement keeps it, in memory and on disk.
//!
//! ```text
//! key        4  account        2  currency       8  number of the entry; big endian
//! value      1  twice the kind and state, and one where the time is whole seconds
//!            …  position
//!            …  time, signed, in microseconds since 2024 or whole seconds since 1970
//!           […  the day a pending entry matures, signed, counted from the day of the time]
//!            …  amount, signed      …  balance after it, signed
//!            …  source: 0 for none; else one and twice the kind and seven times the ordinal,
//!               where it was made by the same event; else two, twice the kind …
//!           […  … how many events before, and its ordinal]
//! ```
//!
//! Numbers without a width are varints, signed ones zigzagged.

use counterfoil_domain::AccountId;
use counterfoil_domain::books::{Kind, State};
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::{Currency, Minor};
use serde::{Deserialize, Serialize};

use crate::object::{ObjectKind, ObjectRef};
use crate::rows::{self, Packed, is_whole, put, put_signed, put_time};
use crate::shape::Shape;

/// One balance entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) position: u64,
    #[serde(with = "crate::shape")]
    pub(super) time: Timestamp,
    /// What it adds to what is owed.
    pub(super) amount: Minor,
    /// What is owed after it, over all states.
    pub(super) balance: Minor,
    /// The number of the object that caused it; 0 without one.
    source: u64,
    #[serde(with = "crate::shape")]
    pub(super) account: AccountId,
    /// One more than the place of the row before it of the same account and currency, or 0.
    pub(super) previous: u32,
    /// The day a pending entry matures; else day zero.
    #[serde(with = "crate::shape")]
    day: Day,
    #[serde(with = "crate::shape")]
    pub(super) currency: Currency,
    /// Kind and state in one number.
    why: u8,
    /// One more than the kind of the source, or 0.
    source_kind: u8,
}

// Half a million events are in memory at a time, with rows of two accounts or more each.
const _: () = assert!(size_of::<Row>() == 64);

/// A state is one of so many.
const STATES: u8 = 6;

/// A kind of object is one of so many.
const KINDS: u64 = ObjectKind::ALL.len() as u64;

impl Row {
    /// A row of an entry in `state` that `source` caused; the rest is the caller's.
    pub(super) fn new(
        (account, currency): (AccountId, Currency),
        kind: Kind,
        state: State,
        source: Option<ObjectRef>,
    ) -> Self {
        let (state, day) = match state {
            State::Pending(day) => (0, day),
            State::Available => (1, Day::from_days(0)),
            State::InTransit => (2, Day::from_days(0)),
            State::Reserved => (3, Day::from_days(0)),
            State::Prefunded => (4, Day::from_days(0)),
            State::ConnectReserved => (5, Day::from_days(0)),
        };
        Self {
            number: 0,
            position: 0,
            time: Timestamp::MIN,
            amount: 0,
            balance: 0,
            source: source.map_or(0, ObjectRef::number),
            account,
            previous: 0,
            day,
            currency,
            why: kind.form() * STATES + state,
            source_kind: source.map_or(0, |source| source.kind() as u8 + 1),
        }
    }

    /// Why money moved; `None` for a row that is none.
    pub(super) fn kind(&self) -> Option<Kind> {
        Kind::from_form(self.why / STATES)
    }

    /// In which state it is owed.
    pub(super) fn state(&self) -> State {
        match self.why % STATES {
            0 => State::Pending(self.day),
            1 => State::Available,
            2 => State::InTransit,
            3 => State::Reserved,
            4 => State::Prefunded,
            _ => State::ConnectReserved,
        }
    }

    /// What caused it.
    pub(super) fn source(&self) -> Option<ObjectRef> {
        let kind = ObjectKind::ALL.get(usize::from(self.source_kind).checked_sub(1)?)?;
        kind.object(self.source)
    }

    /// The bytes under which it is found.
    pub(super) fn key(account: AccountId, currency: Currency, number: u64) -> [u8; 14] {
        let mut key = [0; 14];
        let parts = account.0.to_be_bytes().into_iter().chain(currency.number().to_be_bytes());
        key.iter_mut().zip(parts.chain(number.to_be_bytes())).for_each(|(byte, part)| *byte = part);
        key
    }

    /// Appends the bytes that it is under its key.
    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        out.push(self.why << 1 | u8::from(is_whole(self.time)));
        put(out, self.position);
        put_time(out, self.time);
        if self.why.is_multiple_of(STATES) {
            put_signed(out, i64::from(self.day.days()) - i64::from(self.time.day().days()));
        }
        put_signed(out, self.amount);
        put_signed(out, self.balance);
        let (id, kind) = (ObjectId::from_bits(self.source), u64::from(self.source_kind));
        match kind.checked_sub(1) {
            None => put(out, 0),
            Some(kind) if id.position() == self.position => {
                put(out, 1 + 2 * (kind + KINDS * u64::from(id.ordinal())));
            }
            Some(kind) => {
                put(out, 2 + 2 * kind);
                put(out, self.position - id.position());
                put(out, u64::from(id.ordinal()));
            }
        }
    }

    /// Reads what [`Row::pack`] wrote.
    fn unpack(&mut self, packed: &mut Packed<'_>) -> Option<()> {
        let head = packed.byte()?;
        self.why = head >> 1;
        self.kind()?;
        self.position = packed.number()?;
        self.time = packed.time(head & 1 == 1)?;
        if self.why.is_multiple_of(STATES) {
            let day = packed.signed()?.checked_add(i64::from(self.time.day().days()))?;
            self.day = Day::from_days(i32::try_from(day).ok()?);
        }
        self.amount = packed.signed()?;
        self.balance = packed.signed()?;
        let source = packed.number()?;
        if source == 0 {
            return Some(());
        }
        let (kind, id) = if source % 2 == 1 {
            let ordinal = u16::try_from(source / 2 / KINDS).ok()?;
            (source / 2 % KINDS, ObjectId::new(self.position, ordinal))
        } else {
            let position = self.position.checked_sub(packed.number()?)?;
            (source / 2 - 1, ObjectId::new(position, u16::try_from(packed.number()?).ok()?))
        };
        self.source_kind = u8::try_from(kind).ok().filter(|kind| u64::from(*kind) < KINDS)? + 1;
        self.source = id.to_bits();
        Some(())
    }
}

impl rows::Row for Row {
    type Place = (AccountId, Currency, u64);

    fn place(&self) -> Self::Place {
        (self.account, self.currency, self.number)
    }

    fn read(key: &[u8], value: &[u8]) -> Option<Self> {
        let mut key = Packed(key);
        let account = AccountId(key.array().map(u32::from_be_bytes)?);
        let currency = Currency::from_number(key.array().map(u16::from_be_bytes)?)?;
        let number = key.array().map(u64::from_be_bytes)?;
        key.end()?;
        let mut row = Self::new((account, currency), Kind::Charge, State::Available, None);
        row.number = number;
        let mut packed = Packed(value);
        row.unpack(&mut packed)?;
        packed.end()?;
        Some(row)
    }
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::TransferId;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::*;
    use crate::rows::Row as _;

    proptest! {
        #[test]
        fn a_row_comes_back_as_it_went(
            (number, position, before) in (any::<u64>(), 0..1_u64 << 51, 0..1_u64 << 51),
            (micros, seconds, day) in (-(1_i64 << 57)..1 << 57, any::<bool>(), -1_000_000..1_000_000_i32),
            (amount, balance) in (any::<i64>(), any::<i64>()),
            (kind, state, ordinal) in (0..14_u8, 0..6_u8, 0..4_096_u16),
        ) {
            let states = [
                State::Pending(Day::from_days(day)),
                State::Available,
                State::InTransit,
                State::Reserved,
                State::Prefunded,
                State::ConnectReserved,
            ];
            let made = if before % 3 == 0 { position } else { before.min(position) };
            let source = ObjectRef::Transfer(TransferId::new(made, ordinal));
            let source = (before % 5 > 0).then_some(source);
            let kind = Kind::from_form(kind).unwrap();
            let place = (AccountId(7), Currency::BRL);
            let mut row = Row::new(place, kind, states[usize::from(state)], source);
            let time = if seconds { micros / 1_000_000 * 1_000_000 } else { micros };
            (row.number, row.position, row.time) = (number, position, Timestamp::from_micros(time));
            (row.amount, row.balance) = (amount, balance);
            let mut value = Vec::new();
            row.pack(&mut value);
            prop_assert_eq!(Row::read(&Row::key(place.0, place.1, number), &value), Some(row));
            prop_assert_eq!((row.kind(), row.state(), row.source()), (Some(kind), states[usize::from(state)], source));
            value.push(0);
            prop_assert_eq!(Row::read(&Row::key(place.0, place.1, number), &value), None);
        }
    }
}
