//! Rows: what the view keeps of its objects, in memory and on disk.
//!
//! ```text
//! lists      1  by what   8  property   1  kind   8  id
//!                = for each object behind it: …  place
//! pending    1  6   4  account   2  currency   4  day   8  id   1  kind
//!                = for each object behind it: …  place with its kind
//! maturities 1  7   4  account   2  currency   4  day  = …  entry number
//! ranges     1  8   4  account   2  currency   8  last entry   8  payout
//!                = 1  whether the payout failed   …  entries before the last one
//! belated    1  9   4  account   2  currency   4  day   8  position   8  id   = 1  kind
//! again      1  10   8  id   1  kind   8  position     = nothing; see `again`
//! place      …  twice the position, counted from that of the object before, and one where
//!               the ordinal is not 0   […  ordinal]
//! place with its kind
//!            …  sixteen times the position, counted from that of the object before, the kind
//!               and eight where the ordinal is not 0   […  ordinal]
//! ```
//!
//! Numbers of a key are big endian, a day with its top bit flipped; those of a value are
//! varints. What stands before `=` is the key. A list is cut into stretches of at most 128
//! objects, each under the key of its first.
//!
//! A list grows at its end, so that what was written of it before stays as it is. An object that
//! an event gives pending money long after it was made (a charge that is captured) is not behind
//! the others of that day: it has a row of its own, by the position of that event.

use std::collections::VecDeque;

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::Day;
use counterfoil_domain::id::ObjectId;
use counterfoil_domain::money::Currency;
use serde::{Deserialize, Serialize};

use super::places::{stretch, take_made, take_made_of};
use crate::object::ObjectKind;
use crate::rows::{self, Linked, Packed, put, spread};

/// By what a list finds its objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum By {
    /// All of a kind.
    Kind,
    /// The account at the other end.
    Counterparty,
    /// The account on which it lives.
    Owner,
    /// The id of what it came of.
    Source,
    /// The digest of its transfer group.
    Group,
    /// The digest of the caller's id of it.
    ExternalId,
}

pub(super) const PENDING: u8 = 6;
pub(super) const MATURITY: u8 = 7;
pub(super) const RANGE: u8 = 8;
pub(super) const BELATED: u8 = 9;

/// An object in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Listed {
    pub(super) by: By,
    pub(super) property: u64,
    pub(super) kind: ObjectKind,
    /// The place in the log at which it was made.
    pub(super) made: u64,
}

/// An account's money in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Purse {
    #[serde(with = "crate::shape")]
    pub(super) account: AccountId,
    #[serde(with = "crate::shape")]
    pub(super) currency: Currency,
}

/// An object with pending money of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pending {
    pub(super) purse: Purse,
    pub(super) day: Day,
    pub(super) made: u64,
    pub(super) kind: ObjectKind,
}

/// An object that an event at a position, later than the one that made it, gave pending money of
/// a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Belated {
    pub(super) purse: Purse,
    #[serde(with = "crate::shape")]
    pub(super) day: Day,
    pub(super) position: u64,
    pub(super) made: u64,
    pub(super) kind: ObjectKind,
}

/// The entry in which the pending money of a day became available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Maturity {
    pub(super) purse: Purse,
    #[serde(with = "crate::shape")]
    pub(super) day: Day,
    pub(super) entry: u64,
}

/// Entries that a payout took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Taken {
    pub(super) purse: Purse,
    pub(super) last: u64,
    /// The payout's id as a number.
    pub(super) payout: u64,
    pub(super) first: u64,
    /// Whether the payout failed, so that they are open again.
    pub(super) failed: bool,
}

/// A key: at most the longest of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    bytes: [u8; 27],
    length: usize,
}

impl Key {
    pub(super) fn new(table: u8) -> Self {
        Self { bytes: [0; 27], length: 0 }.with(&[table])
    }

    pub(super) fn with(mut self, part: &[u8]) -> Self {
        let free = self.bytes.iter_mut().skip(self.length);
        free.zip(part).for_each(|(byte, part)| *byte = *part);
        self.length += part.len();
        self
    }

    fn purse(self, purse: Purse) -> Self {
        self.with(&purse.account.0.to_be_bytes()).with(&purse.currency.number().to_be_bytes())
    }

    fn day(self, day: Day) -> Self {
        self.with(&((day.days() as u32) ^ 1 << 31).to_be_bytes())
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Listed {
    pub(super) fn key(&self) -> Key {
        let Self { by, property, kind, made } = *self;
        Key::new(by as u8).with(&property.to_be_bytes()).with(&[kind as u8]).with(&made.to_be_bytes())
    }
}

impl Pending {
    pub(super) fn key(&self) -> Key {
        let Self { purse, day, made, kind } = *self;
        Key::new(PENDING).purse(purse).day(day).with(&made.to_be_bytes()).with(&[kind as u8])
    }
}

impl Maturity {
    pub(super) fn key_of(purse: Purse, day: Day) -> Key {
        Key::new(MATURITY).purse(purse).day(day)
    }

    pub(super) fn key(&self) -> Key {
        Self::key_of(self.purse, self.day)
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        put(out, self.entry);
    }
}

impl Belated {
    pub(super) fn key_of(purse: Purse, day: Day, position: u64, made: u64) -> Key {
        let key = Key::new(BELATED).purse(purse).day(day);
        key.with(&position.to_be_bytes()).with(&made.to_be_bytes())
    }

    pub(super) fn key(&self) -> Key {
        Self::key_of(self.purse, self.day, self.position, self.made)
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        out.push(self.kind as u8);
    }
}

impl Taken {
    /// The hash by which the rows of a purse are found.
    pub(super) fn hash_of(purse: Purse) -> u64 {
        purse.hash()
    }

    pub(super) fn key_of(purse: Purse, last: u64, payout: u64) -> Key {
        Key::new(RANGE).purse(purse).with(&last.to_be_bytes()).with(&payout.to_be_bytes())
    }

    pub(super) fn key(&self) -> Key {
        Self::key_of(self.purse, self.last, self.payout)
    }

    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.failed));
        put(out, self.last - self.first);
    }
}

impl Purse {
    fn hash(self) -> u64 {
        u64::from(self.account.0)
    }

    pub(super) fn hash_of_day(self, day: Day) -> u64 {
        spread(self.hash() << 32 | u64::from(day.days() as u32))
    }

    fn read(key: &mut Packed<'_>) -> Option<Self> {
        let account = AccountId(key.array().map(u32::from_be_bytes)?);
        Some(Self { account, currency: Currency::from_number(key.array().map(u16::from_be_bytes)?)? })
    }
}

impl Linked for Listed {
    #[inline]
    fn hash(&self) -> u64 {
        match self.by {
            By::Kind | By::Counterparty | By::Owner => self.property,
            // Sources of what comes together were made together.
            By::Source => ObjectId::from_bits(self.property).position(),
            By::Group | By::ExternalId => spread(self.property),
        }
    }
}

impl Linked for Maturity {
    fn hash(&self) -> u64 {
        self.purse.hash_of_day(self.day)
    }
}

impl Linked for Belated {
    fn hash(&self) -> u64 {
        self.purse.hash_of_day(self.day)
    }
}

impl Linked for Taken {
    fn hash(&self) -> u64 {
        self.purse.hash()
    }
}

pub(super) fn kind(number: u8) -> Option<ObjectKind> {
    ObjectKind::ALL.get(usize::from(number)).copied()
}

fn day(key: &mut Packed<'_>) -> Option<Day> {
    let days = key.array().map(u32::from_be_bytes)? ^ 1 << 31;
    Some(Day::from_days(days as i32))
}

impl rows::Row for Listed {
    type Place = Self;

    fn place(&self) -> Self {
        *self
    }

    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()> {
        let mut key = Packed(key);
        let by = match key.byte()? {
            0 => By::Kind,
            1 => By::Counterparty,
            2 => By::Owner,
            3 => By::Source,
            4 => By::Group,
            5 => By::ExternalId,
            _ => return None,
        };
        let property = key.array().map(u64::from_be_bytes)?;
        let kind = kind(key.byte()?)?;
        let made = key.array().map(u64::from_be_bytes)?;
        key.end()?;
        stretch(Self { by, property, kind, made }, value, into, |packed, before| {
            Some(Self { made: take_made(packed, before.made)?, ..before })
        })
    }
}

impl rows::Row for Pending {
    type Place = Self;

    fn place(&self) -> Self {
        *self
    }

    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()> {
        let mut key = Packed(key);
        key.byte().filter(|table| *table == PENDING)?;
        let (purse, day) = (Purse::read(&mut key)?, day(&mut key)?);
        let made = key.array().map(u64::from_be_bytes)?;
        let kind = kind(key.byte()?)?;
        key.end()?;
        stretch(Self { purse, day, made, kind }, value, into, |packed, before| {
            let (made, kind) = take_made_of(packed, before.made)?;
            Some(Self { made, kind, ..before })
        })
    }
}

impl rows::Row for Maturity {
    type Place = (Purse, Day);

    fn place(&self) -> Self::Place {
        (self.purse, self.day)
    }

    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()> {
        let mut key = Packed(key);
        key.byte().filter(|table| *table == MATURITY)?;
        let (purse, day) = (Purse::read(&mut key)?, day(&mut key)?);
        key.end()?;
        let mut value = Packed(value);
        let entry = value.number()?;
        into.push_back(Self { purse, day, entry });
        value.end()
    }
}

impl rows::Row for Taken {
    type Place = (Purse, u64, u64);

    fn place(&self) -> Self::Place {
        (self.purse, self.last, self.payout)
    }

    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()> {
        let mut key = Packed(key);
        key.byte().filter(|table| *table == RANGE)?;
        let purse = Purse::read(&mut key)?;
        let (last, payout) = (key.array().map(u64::from_be_bytes)?, key.array().map(u64::from_be_bytes)?);
        key.end()?;
        let mut value = Packed(value);
        let failed = value.byte()? == 1;
        let first = last.checked_sub(value.number()?)?;
        into.push_back(Self { purse, last, payout, first, failed });
        value.end()
    }
}

impl rows::Row for Belated {
    type Place = (Purse, Day, u64, u64);

    fn place(&self) -> Self::Place {
        (self.purse, self.day, self.position, self.made)
    }

    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()> {
        let mut key = Packed(key);
        key.byte().filter(|table| *table == BELATED)?;
        let (purse, day) = (Purse::read(&mut key)?, day(&mut key)?);
        let (position, made) = (key.array().map(u64::from_be_bytes)?, key.array().map(u64::from_be_bytes)?);
        key.end()?;
        let mut value = Packed(value);
        into.push_back(Self { purse, day, position, made, kind: kind(value.byte()?)? });
        value.end()
    }
}
