//! A sale: what a year consists of, in memory and on disk.
//!
//! Up to 128 sales of one account, currency and year with consecutive numbers are a stretch:
//!
//! ```text
//! key        4  account   2  currency   2  year, its top bit flipped   8  number of the first
//!               sale in the year; big endian
//! value      for each sale, one after another:
//!            …  twice the position, counted from that of the sale before, and one where the
//!               time passed is whole seconds
//!            …  time, signed, since that of the sale before, in seconds or microseconds
//!            …  gross, signed    …  fees, signed
//! ```
//!
//! Numbers without a width are varints, signed ones zigzagged. Before the first sale stands, as
//! it were, one at position 0 and the beginning of 2024.

use std::collections::VecDeque;

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor};
use serde::{Deserialize, Serialize};

use crate::rows::{Counted, EPOCH, Out, Packed, Passed, Row, STRETCH, Scan, put, put_signed};
use crate::unreadable::Unreadable;

/// One sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sale {
    /// The position of the event that recorded it.
    pub position: u64,
    /// When, in business time.
    #[serde(with = "crate::shape")]
    pub time: Timestamp,
    /// What was sold.
    pub gross: Minor,
    /// What platform and processor kept of it.
    pub fees: Minor,
}

/// A sale with whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sold {
    pub(super) of: Of,
    /// The how-manyeth sale of the year it is, counted from 1.
    pub(super) number: u64,
    pub(super) sale: Sale,
}

/// Whose sales, in which currency and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Of {
    pub(super) account: AccountId,
    pub(super) currency: Currency,
    pub(super) year: i16,
}

impl Of {
    /// The bytes under which one of its sales is found.
    pub(super) fn key(self, number: u64) -> [u8; 16] {
        let year = (self.year as u16) ^ 0x8000;
        let mut key = [0; 16];
        let parts = self.account.0.to_be_bytes().into_iter().chain(self.currency.number().to_be_bytes());
        let parts = parts.chain(year.to_be_bytes()).chain(number.to_be_bytes());
        key.iter_mut().zip(parts).for_each(|(byte, part)| *byte = part);
        key
    }
}

/// What a sale is packed against: the one before it in its stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Before {
    pub(super) position: u64,
    #[serde(with = "crate::shape")]
    pub(super) time: Timestamp,
}

impl Before {
    /// What the first sale of a stretch is packed against.
    pub(super) const FIRST: Self = Self { position: 0, time: EPOCH };
}

impl Sale {
    /// Appends its bytes.
    #[inline]
    pub(super) fn pack(&self, before: Before, out: &mut impl Out) {
        let passed = Passed::between(before.time, self.time);
        put(out, (self.position - before.position) << 1 | u64::from(passed.whole));
        passed.put(out);
        put_signed(out, self.gross);
        put_signed(out, self.fees);
    }

    fn unpack(packed: &mut Packed<'_>, before: Before) -> Option<Self> {
        let further = packed.number()?;
        let position = before.position.checked_add(further >> 1)?;
        let time = packed.time(before.time, further & 1 == 1)?;
        Some(Self { position, time, gross: packed.signed()?, fees: packed.signed()? })
    }
}

impl Sold {
    /// Appends the sales of a stretch; what comes before the bytes of its first is its key.
    pub(super) fn stretch((of, first): (Of, u64), bytes: &[u8], into: &mut impl Extend<Self>) -> Option<()> {
        let (mut packed, mut before) = (Packed(bytes), Before::FIRST);
        for place in 0..STRETCH as u64 {
            let sale = Sale::unpack(&mut packed, before)?;
            before = Before { position: sale.position, time: sale.time };
            into.extend([Self { of, number: first.checked_add(place)?, sale }]);
            if packed.0.is_empty() {
                return Some(());
            }
        }
        None
    }
}

impl Row for Sold {
    type Place = (Of, u64);

    fn place(&self) -> Self::Place {
        (self.of, self.number)
    }

    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()> {
        let mut key = Packed(key);
        let account = AccountId(key.array().map(u32::from_be_bytes)?);
        let currency = Currency::from_number(key.array().map(u16::from_be_bytes)?)?;
        let year = (key.array().map(u16::from_be_bytes)? ^ 0x8000) as i16;
        let number = key.array().map(u64::from_be_bytes)?;
        key.end()?;
        Self::stretch((Of { account, currency, year }, number), value, into)
    }
}

/// The sales of one account in one currency and year, the earliest first. After an error
/// there are none.
#[derive(Debug)]
pub struct Sales<'a> {
    rows: Counted<'a, Sold>,
    of: Of,
}

impl<'a> Sales<'a> {
    /// The first `count` sales, which the scan gives.
    pub(super) fn new(rows: Scan<'a, Sold>, of: Of, count: u64) -> Self {
        Self { rows: Counted::new(rows, 1, count + 1), of }
    }
}

impl Iterator for Sales<'_> {
    type Item = Result<Sale, Unreadable>;

    fn next(&mut self) -> Option<Self::Item> {
        let of = self.of;
        self.rows.next(|number| (of, number)).map(|sold| sold.map(|sold| sold.sale))
    }
}

impl DoubleEndedIterator for Sales<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        let of = self.of;
        self.rows.next_back(|number| (of, number)).map(|sold| sold.map(|sold| sold.sale))
    }
}
