//! Accounts: each account's recent rows, packed in strands.
//!
//! A row is the place and kind of an object with a tag of two bits:
//!
//! ```text
//! 0  it has the account at the other end
//! 1  it lives on the account
//! 2  it has money pending there, of the currency and day of the pending row before it
//! 3  the same of others: …  currency   …  day, signed
//! ```

use counterfoil_domain::AccountId;
use counterfoil_domain::calendar::Day;
use counterfoil_domain::money::Currency;
use serde::{Deserialize, Serialize};

use super::places::{put_tagged, take_tagged};
use crate::numbered::numbered;
use crate::object::ObjectKind;
use crate::rows::{Packed, STRETCH, Strand, Strands, Stretch, put, put_signed};

/// Recent rows by account.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Accounts {
    /// By account number.
    accounts: Vec<Account>,
    strands: Strands,
}

/// Where an account's rows end, and what its next one is packed against.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Account {
    strand: Strand,
    /// The place of the newest.
    made: u64,
    /// What the newest pending row of the stretch waits for.
    until: Option<Until>,
}

/// Money of which currency is pending until which day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Until {
    #[serde(with = "crate::shape")]
    pub(super) currency: Currency,
    #[serde(with = "crate::shape")]
    pub(super) day: Day,
}

/// A row of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) of: Of,
    pub(super) kind: ObjectKind,
    pub(super) made: u64,
}

/// Which of an account's rows it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Of what has the account at the other end.
    Counterparty,
    /// Of what lives on it.
    Owner,
    /// Of what has money pending there.
    Pending(Until),
}

impl Accounts {
    /// Makes room for an account.
    pub(super) fn open(&mut self) {
        self.accounts.push(Account::default());
    }

    /// Adds a row to those of the account of a number.
    #[inline]
    pub(super) fn push(&mut self, number: u64, Row { of, kind, made }: Row) {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let Some(Account { strand, made: before, until }) = self.accounts.get_mut(place) else {
            return;
        };
        self.strands.push(strand, |first, out| {
            if first {
                (*before, *until) = (0, None);
            }
            match of {
                Of::Counterparty => put_tagged(out, *before, made, kind, 0),
                Of::Owner => put_tagged(out, *before, made, kind, 1),
                Of::Pending(same) if *until == Some(same) => put_tagged(out, *before, made, kind, 2),
                Of::Pending(other) => {
                    put_tagged(out, *before, made, kind, 3);
                    put(out, other.currency.number().into());
                    put_signed(out, other.day.days().into());
                    *until = Some(other);
                }
            }
        });
        *before = made;
    }

    /// Looks at what the next row of an account will change.
    #[inline]
    pub(super) fn touch(&self, account: AccountId) -> u64 {
        self.accounts.get(account.index()).map_or(0, |of| self.strands.touch(of.strand))
    }

    /// The rows of the account of a number, the newest first.
    pub(super) fn newest(&self, number: u64) -> impl Iterator<Item = Row> + '_ {
        let of = usize::try_from(number).ok().and_then(|place| self.accounts.get(place));
        let strand = of.copied().unwrap_or_default().strand;
        self.strands.newest_first(strand).flat_map(|(bytes, _)| {
            let mut rows = Vec::with_capacity(STRETCH);
            each_row(&bytes, |row| rows.push(row));
            rows.into_iter().rev()
        })
    }

    /// Calls `with` for all rows, account by account, some of one at a time in the order of
    /// their coming; it is told whether they are the account's last.
    ///
    /// # Errors
    /// The first that `with` gives.
    pub(super) fn each<E>(
        &self,
        mut with: impl FnMut(AccountId, &[Row], bool) -> Result<(), E>,
    ) -> Result<(), E> {
        let strands = numbered(&self.accounts, None).map(|(account, of)| (account, of.strand));
        let mut rows = Vec::with_capacity(STRETCH);
        self.strands.each(strands, |account, Stretch { left, bytes }| {
            rows.clear();
            each_row(bytes, |row| rows.push(row));
            with(account, &rows, left <= rows.len() as u64)
        })
    }

    /// Whether there are no rows.
    pub(super) fn is_empty(&self) -> bool {
        self.strands.is_empty()
    }

    /// The memory that the rows take.
    pub(super) fn bytes(&self) -> usize {
        self.strands.bytes()
    }

    /// Forgets every row; keeps the memory for the next ones.
    pub(super) fn clear(&mut self) {
        self.accounts.iter_mut().for_each(|of| of.strand = Strand::default());
        self.strands.clear();
    }
}

/// The rows of a stretch, one after another. What was packed here is unpacked.
#[inline]
fn each_row(bytes: &[u8], mut with: impl FnMut(Row)) {
    let (mut packed, mut before, mut until) = (Packed(bytes), 0, None);
    while let Some(row) = take(&mut packed, before, &mut until) {
        before = row.made;
        with(row);
    }
}

#[inline]
fn take(packed: &mut Packed<'_>, before: u64, until: &mut Option<Until>) -> Option<Row> {
    let (made, kind, tag) = take_tagged(packed, before)?;
    let of = match tag {
        0 => Of::Counterparty,
        1 => Of::Owner,
        2 => Of::Pending((*until)?),
        _ => {
            let currency = Currency::from_number(u16::try_from(packed.number()?).ok()?)?;
            let day = Day::from_days(i32::try_from(packed.signed()?).ok()?);
            Of::Pending(*until.insert(Until { currency, day }))
        }
    };
    Some(Row { of, kind, made })
}
