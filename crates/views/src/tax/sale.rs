//! A sale: what a year consists of, in memory and on disk.
//!
//! ```text
//! key        4  account   2  currency   2  year, its top bit flipped   8  number in the year;
//!               big endian
//! value      1  one where the time is whole seconds
//!            …  position    …  time    …  gross, signed    …  fees, signed
//! ```

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::money::{Currency, Minor};
use serde::{Deserialize, Serialize};

use crate::rows::{Counted, Linked, Packed, Row, Scan, is_whole, put, put_signed, put_time};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sold {
    pub(super) of: Of,
    /// The how-manyeth sale of the year it is, counted from 1.
    pub(super) number: u64,
    pub(super) sale: Sale,
}

/// Whose sales, in which currency and year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Of {
    #[serde(with = "crate::shape")]
    pub(super) account: AccountId,
    #[serde(with = "crate::shape")]
    pub(super) currency: Currency,
    pub(super) year: i16,
}

impl Of {
    pub(super) fn hash(self) -> u64 {
        u64::from(self.account.0) << 32
            | u64::from(self.currency.number()) << 16
            | u64::from(self.year as u16)
    }

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

impl Sold {
    /// Appends the bytes that it is under its key.
    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        let Sale { position, time, gross, fees } = self.sale;
        out.push(u8::from(is_whole(time)));
        put(out, position);
        put_time(out, time);
        put_signed(out, gross);
        put_signed(out, fees);
    }
}

impl Linked for Sold {
    fn hash(&self) -> u64 {
        self.of.hash()
    }
}

impl Row for Sold {
    type Place = (Of, u64);

    fn place(&self) -> Self::Place {
        (self.of, self.number)
    }

    fn read(key: &[u8], value: &[u8]) -> Option<Self> {
        let mut key = Packed(key);
        let account = AccountId(key.array().map(u32::from_be_bytes)?);
        let currency = Currency::from_number(key.array().map(u16::from_be_bytes)?)?;
        let year = (key.array().map(u16::from_be_bytes)? ^ 0x8000) as i16;
        let number = key.array().map(u64::from_be_bytes)?;
        key.end()?;
        let mut packed = Packed(value);
        let whole = packed.byte()? == 1;
        let (position, time) = (packed.number()?, packed.time(whole)?);
        let sale = Sale { position, time, gross: packed.signed()?, fees: packed.signed()? };
        packed.end()?;
        Some(Self { of: Of { account, currency, year }, number, sale })
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
