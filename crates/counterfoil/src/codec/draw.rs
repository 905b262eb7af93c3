//! Draws values for the round trip: a fixed sequence, the ends as often as the middle.

use std::collections::BTreeMap;

use counterfoil_domain::account::{BankAccount, Country, Details, KeyId, Sealed, Standing};
use counterfoil_domain::books::{Entry, Posting};
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::{Currency, Rate};
use counterfoil_domain::payout::{Delay, MonthDays, PayoutSchedule, Weekdays};
use counterfoil_domain::{AccountId, ObjectId, RailId};
use rust_decimal::Decimal;

use super::numbers::Numbered;

/// Draws values.
pub(super) struct Draw {
    pub(super) seed: u64,
}

impl Draw {
    pub(super) fn bits(&mut self) -> u64 {
        random(&mut self.seed)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.bits() % end
    }

    /// A number whose size is drawn first: short ones, the ends, and all between.
    pub(super) fn u64(&mut self) -> u64 {
        match self.below(8) {
            0 => 0,
            1 => u64::MAX,
            _ => self.bits() >> self.below(64),
        }
    }

    pub(super) fn i64(&mut self) -> i64 {
        match self.below(8) {
            0 => i64::MIN,
            1 => i64::MAX,
            _ => self.u64() as i64,
        }
    }

    pub(super) fn u32(&mut self) -> u32 {
        self.u64() as u32
    }

    pub(super) fn u16(&mut self) -> u16 {
        self.u64() as u16
    }

    pub(super) fn bool(&mut self) -> bool {
        self.below(2) == 1
    }

    pub(super) fn option<T>(&mut self, some: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.bool().then(|| some(self))
    }

    pub(super) fn list<T, C: FromIterator<T>>(
        &mut self,
        most: u64,
        mut element: impl FnMut(&mut Self) -> T,
    ) -> C {
        let length = self.below(most + 1);
        (0..length).map(|_| element(self)).collect()
    }

    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.bits() as u8)
    }

    pub(super) fn text(&mut self) -> Box<str> {
        let letters: String = self.list(12, |draw| ['a', 'ß', '中', '🧾', '\0'][draw.below(5) as usize]);
        letters.into()
    }

    /// Any value that a number stands for.
    pub(super) fn named<T: Numbered>(&mut self) -> T {
        let known: Vec<T> = (0..=u8::MAX).filter_map(|number| T::numbered(number).ok()).collect();
        let index = self.below(known.len() as u64) as usize;
        known.into_iter().nth(index).unwrap()
    }

    pub(super) fn account(&mut self) -> AccountId {
        AccountId(self.u32())
    }

    pub(super) fn rail(&mut self) -> RailId {
        RailId(self.u16())
    }

    pub(super) fn object(&mut self) -> ObjectId {
        ObjectId::from_bits(self.u64())
    }

    pub(super) fn currency(&mut self) -> Currency {
        let code = ["BRL", "AUD", "JPY", "KWD", "PLN", "USD"][self.below(6) as usize];
        Currency::from_code(code).unwrap()
    }

    pub(super) fn country(&mut self) -> Country {
        [Country::BR, Country::DE, Country::new("ZZ").unwrap()][self.below(3) as usize]
    }

    /// The domain keeps days and instants within its calendar.
    pub(super) fn day(&mut self) -> Day {
        Day::from_days(self.i64() as i32)
    }

    pub(super) fn time(&mut self) -> Timestamp {
        Timestamp::from_micros(self.i64())
    }

    pub(super) fn rate(&mut self) -> Rate {
        let decimals = self.below(9) as u32;
        let whole = 10_u64.pow(decimals);
        Rate::new(Decimal::new(self.below(whole + 1) as i64, decimals)).unwrap()
    }

    pub(super) fn delay(&mut self) -> Delay {
        Delay { days: self.u16(), kind: self.named() }
    }

    pub(super) fn details(&mut self) -> Option<Box<Details>> {
        self.option(|draw| {
            let metadata: BTreeMap<_, _> = draw.list(4, |draw| (draw.text(), draw.text()));
            let (external_id, description) = (draw.option(Self::text), draw.option(Self::text));
            Box::new(Details { external_id, description, metadata })
        })
    }

    pub(super) fn sealed(&mut self) -> Sealed {
        let ciphertext: Vec<u8> = self.list(300, |draw| draw.bits() as u8);
        Sealed { key: KeyId(self.bytes()), fingerprint: self.bytes(), ciphertext: ciphertext.into() }
    }

    pub(super) fn bank(&mut self) -> BankAccount {
        BankAccount { number: self.sealed(), last4: self.bytes() }
    }

    pub(super) fn schedule(&mut self) -> PayoutSchedule {
        match self.below(4) {
            0 => PayoutSchedule::Manual,
            1 => PayoutSchedule::Daily,
            2 => PayoutSchedule::Weekly(Weekdays::from_bits(1 + self.below(31) as u8).unwrap()),
            _ => PayoutSchedule::Monthly(MonthDays::from_bits(1 + self.below(0x7fff_ffff) as u32).unwrap()),
        }
    }

    pub(super) fn standing(&mut self) -> Standing {
        match self.below(4) {
            0 => Standing::Due(self.option(Self::time)),
            1 => Standing::Pending(self.option(Self::time)),
            2 => Standing::Verified,
            _ => Standing::PastDue,
        }
    }

    /// A balanced entry: each posting is followed by its opposite, in books of the samples.
    pub(super) fn entry(&mut self, books: &[Posting]) -> Entry {
        let pairs: Vec<[Posting; 2]> = self.list(10, |draw| {
            let amount = draw.i64().max(-i64::MAX);
            let mut posting = |amount| {
                let book = books[draw.below(books.len() as u64) as usize].book;
                Posting { book, kind: draw.named(), amount, number: draw.u64() }
            };
            [posting(amount), posting(-amount)]
        });
        Entry::from_postings(self.currency(), pairs.into_iter().flatten()).unwrap()
    }
}

/// A fixed sequence that looks random (splitmix64).
pub(super) fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}
