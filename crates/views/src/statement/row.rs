//! A row: one balance entry as the statement keeps it, in memory and on disk.
//!
//! Up to 128 entries of one account and currency with consecutive numbers are a stretch:
//!
//! ```text
//! key        4  account   2  currency   8  number of the first entry; big endian
//! value      for each entry, one after another:
//!            1  twice the kind and state, and one where the time passed is whole seconds;
//!               of a kind beyond the twentieth 252 stands for both
//!           […  and they follow]
//!            …  position, counted from that of the entry before
//!            …  time, signed, since that of the entry before, in seconds or microseconds
//!           […  the day a pending entry matures, signed, counted from the day of the time]
//!            …  amount, signed
//!            …  source: 0 for none; else one and twice the kind and eight times the ordinal,
//!               where it was made by the same event; else two, twice the kind …
//!           […  … how many events before, and its ordinal]
//!           […  its kind where that is beyond the seventh, counted from there]
//!           […  of the first entry: balance after it, signed]
//! ```
//!
//! Numbers without a width are varints, signed ones zigzagged. Before the first entry stands,
//! as it were, one at position 0 and the beginning of 2024.

use std::cmp::Ordering;
use std::collections::VecDeque;

use counterfoil_domain::AccountId;
use counterfoil_domain::books::{Kind, State};
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::{Currency, Minor};

use crate::object::{ObjectKind, ObjectRef};
use crate::rows::{
    self, EPOCH, FURTHER_KIND, KIND_BITS, Out, Packed, Passed, STRETCH, put, put_byte, put_rest, put_signed,
    short, take_rest,
};
use crate::shape::Shape;

/// One balance entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) position: u64,
    pub(super) time: Timestamp,
    /// What it adds to what is owed.
    pub(super) amount: Minor,
    /// What is owed after it, over all states.
    pub(super) balance: Minor,
    /// The number of the object that caused it; 0 without one.
    source: u64,
    pub(super) account: AccountId,
    /// The day a pending entry matures; else day zero.
    day: Day,
    pub(super) currency: Currency,
    /// Kind and state in one number.
    why: u16,
    /// One more than the kind of the source, or 0.
    source_kind: u8,
}

/// What a row is packed against: the row before it in its stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Before {
    pub(super) position: u64,
    pub(super) time: Timestamp,
}

impl Before {
    /// What the first row of a stretch is packed against.
    pub(super) const FIRST: Self = Self { position: 0, time: EPOCH };
}

/// A state is one of so many.
const STATES: u16 = 6;

/// Kinds and states from here on stand behind the byte that holds the others.
const FURTHER: u16 = 126;

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
            day,
            currency,
            why: u16::from(kind.form()) * STATES + state,
            source_kind: source.map_or(0, |source| source.kind() as u8 + 1),
        }
    }

    /// Why money moved; `None` for a row that is none.
    pub(super) fn kind(&self) -> Option<Kind> {
        Kind::from_form(u8::try_from(self.why / STATES).ok()?)
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

    /// Appends its bytes; with its balance where it is the first of a stretch, since that of
    /// others follows.
    #[inline]
    pub(super) fn pack(&self, before: Before, first: bool, out: &mut impl Out) {
        let passed = Passed::between(before.time, self.time);
        put_why(out, self.why, passed.whole);
        put(out, self.position - before.position);
        passed.put(out);
        if self.why.is_multiple_of(STATES) {
            put_signed(out, i64::from(self.day.days()) - i64::from(self.time.day().days()));
        }
        put_signed(out, self.amount);
        let (id, kind) = (ObjectId::from_bits(self.source), self.source_kind.checked_sub(1));
        match kind.map(short) {
            None => put(out, 0),
            Some((kind, rest)) if id.position() == self.position => {
                put(out, 1 + 2 * (kind | u64::from(id.ordinal()) << KIND_BITS));
                put_rest(out, rest);
            }
            Some((kind, rest)) => {
                put(out, 2 + 2 * kind);
                put(out, self.position - id.position());
                put(out, u64::from(id.ordinal()));
                put_rest(out, rest);
            }
        }
        if first {
            put_signed(out, self.balance);
        }
    }

    /// Reads what [`Row::pack`] wrote behind the row that this one still is, if it is behind
    /// one.
    fn unpack(&mut self, packed: &mut Packed<'_>, first: bool) -> Option<()> {
        let (why, whole) = take_why(packed)?;
        self.why = why;
        self.kind()?;
        self.position = self.position.checked_add(packed.number()?)?;
        self.time = packed.time(self.time, whole)?;
        self.day = Day::from_days(0);
        if self.why.is_multiple_of(STATES) {
            let day = packed.signed()?.checked_add(i64::from(self.time.day().days()))?;
            self.day = Day::from_days(i32::try_from(day).ok()?);
        }
        self.amount = packed.signed()?;
        self.unpack_source(packed)?;
        self.balance = if first { packed.signed()? } else { self.balance.checked_add(self.amount)? };
        Some(())
    }

    fn unpack_source(&mut self, packed: &mut Packed<'_>) -> Option<()> {
        (self.source, self.source_kind) = (0, 0);
        let source = packed.number()?;
        if source == 0 {
            return Some(());
        }
        let (kind, position, ordinal) = if source % 2 == 1 {
            ((source / 2) & FURTHER_KIND, self.position, (source / 2) >> KIND_BITS)
        } else {
            (source / 2 - 1, self.position.checked_sub(packed.number()?)?, packed.number()?)
        };
        let kind = take_rest(packed, kind)?;
        self.source_kind = ObjectKind::ALL.get(usize::from(kind)).map(|_| kind + 1)?;
        self.source = rows::place(position, ordinal)?;
        Some(())
    }

    /// Appends the rows of a stretch; what comes before the bytes of its first is its key.
    pub(super) fn stretch(
        (account, currency, first): (AccountId, Currency, u64),
        bytes: &[u8],
        into: &mut impl Extend<Self>,
    ) -> Option<()> {
        let mut row = Self::new((account, currency), Kind::Charge, State::Available, None);
        (row.position, row.time) = (Before::FIRST.position, Before::FIRST.time);
        let mut packed = Packed(bytes);
        for place in 0..STRETCH as u64 {
            row.number = first.checked_add(place)?;
            row.unpack(&mut packed, place == 0)?;
            into.extend([row]);
            if packed.0.is_empty() {
                return Some(());
            }
        }
        None
    }
}

#[inline]
fn put_why(out: &mut impl Out, why: u16, whole: bool) {
    put_byte(out, (why.min(FURTHER) as u8) << 1 | u8::from(whole));
    if why >= FURTHER {
        put(out, u64::from(why));
    }
}

#[inline]
fn take_why(packed: &mut Packed<'_>) -> Option<(u16, bool)> {
    let head = packed.byte()?;
    let (short, whole) = (u16::from(head >> 1), head & 1 == 1);
    match short.cmp(&FURTHER) {
        Ordering::Less => Some((short, whole)),
        Ordering::Equal => {
            let why = u16::try_from(packed.number()?).ok().filter(|why| *why >= FURTHER)?;
            Some((why, whole))
        }
        Ordering::Greater => None,
    }
}

impl rows::Row for Row {
    type Place = (AccountId, Currency, u64);

    fn place(&self) -> Self::Place {
        (self.account, self.currency, self.number)
    }

    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()> {
        let mut key = Packed(key);
        let account = AccountId(key.array().map(u32::from_be_bytes)?);
        let currency = Currency::from_number(key.array().map(u16::from_be_bytes)?)?;
        let number = key.array().map(u64::from_be_bytes)?;
        key.end()?;
        Self::stretch((account, currency, number), value, into)
    }
}

#[cfg(test)]
mod tests {
    use counterfoil_domain::TransferId;
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::*;
    use crate::rows::Row as _;

    fn state(number: u32) -> State {
        match number % 6 {
            0 => State::Pending(Day::from_days(19_000)),
            1 => State::Available,
            2 => State::InTransit,
            3 => State::Reserved,
            4 => State::Prefunded,
            _ => State::ConnectReserved,
        }
    }

    /// The twenty-second kind would have lost its top bit, and been read as another.
    #[test]
    fn every_kind_and_state_that_there_may_be_comes_back() {
        for why in 0..256 * STATES {
            for whole in [false, true] {
                let mut bytes = Vec::new();
                put_why(&mut bytes, why, whole);
                assert_eq!(bytes.len() == 1, why < FURTHER);
                let mut packed = Packed(&bytes);
                assert_eq!((take_why(&mut packed), packed.end()), (Some((why, whole)), Some(())));
            }
        }
        assert!([&[252, 125][..], &[254], &[252]].iter().all(|bytes| take_why(&mut Packed(bytes)).is_none()));
    }

    proptest! {
        #[test]
        fn rows_come_back_as_they_went(
            (number, balance) in (0..u64::MAX >> 1, any::<i32>()),
            drawn in proptest::collection::vec(
                (0..1_u64 << 40, 0..1_u64 << 40, -(1_i64 << 40)..1 << 40, any::<bool>(), any::<i32>(), any::<u32>()),
                1..=STRETCH,
            ),
        ) {
            let place = (AccountId(7), Currency::BRL);
            let (mut before, mut owed, mut value) = (Before::FIRST, i64::from(balance), Vec::new());
            let mut rows = VecDeque::new();
            for (further, back, micros, seconds, amount, bits) in drawn {
                let position = before.position + further;
                let ordinal = u64::from(bits) % 4_096;
                let source = match bits % 3 {
                    0 => None,
                    1 => Some(position),
                    _ => Some(back.min(position)),
                };
                let source = source.map(|made| ObjectRef::Transfer(TransferId::new(made, ordinal as u16)));
                let kind = Kind::from_form((bits % 14) as u8).unwrap();
                let mut row = Row::new(place, kind, state(bits / 14), source);
                let time = if seconds { micros / 1_000_000 * 1_000_000 } else { micros };
                row.time = Timestamp::from_micros(before.time.micros() + time);
                (row.number, row.position) = (number + rows.len() as u64, position);
                row.amount = amount.into();
                owed += row.amount;
                row.balance = owed;
                row.pack(before, rows.is_empty(), &mut value);
                prop_assert_eq!((row.kind(), row.source()), (Some(kind), source));
                prop_assert_eq!(row.state(), state(bits / 14));
                before = Before { position, time: row.time };
                rows.push_back(row);
            }
            let read = |value: &[u8]| {
                let mut read = VecDeque::new();
                Row::read(&Row::key(place.0, place.1, number), value, &mut read).map(|()| read)
            };
            prop_assert_eq!(read(&value), Some(rows));
            value.push(0);
            prop_assert_eq!(read(&value), None);
        }
    }
}
