//! Stretches: rows on their way to disk, in the order of their keys.

use std::borrow::Cow;
use std::convert::Infallible;

use counterfoil_domain::AccountId;

use super::accounts::{Of, Row};
use super::places::{put_made, put_made_of};
use super::row::{By, Listed, Pending, Purse};
use crate::object::ObjectKind;
use crate::rows::{Packed, STRETCH, put};

/// The places of objects by their kinds.
pub(super) type Kinds = [Vec<u64>; ObjectKind::ALL.len()];

/// The rows of one account, list by list. Its memory is kept from account to account.
#[derive(Default)]
pub(super) struct Sorting {
    pub(super) counterparty: Kinds,
    pub(super) owner: Kinds,
    /// Once they are sorted in order, and each once.
    pub(super) pending: Vec<Pending>,
}

impl Sorting {
    /// Adds some of an account's rows, which are in the order of their coming.
    pub(super) fn add(&mut self, account: AccountId, rows: &[Row]) {
        for Row { of, kind, made } in rows.iter().copied() {
            let lists = match of {
                Of::Counterparty => &mut self.counterparty,
                Of::Owner => &mut self.owner,
                Of::Pending(until) => {
                    let purse = Purse { account, currency: until.currency };
                    self.pending.push(Pending { purse, day: until.day, made, kind });
                    continue;
                }
            };
            if let Some(places) = lists.get_mut(kind as usize) {
                places.push(made);
            }
        }
    }

    /// Puts in order what did not come so: most have one day, or come day by day, of which
    /// the sort makes use.
    pub(super) fn sort(&mut self) {
        self.pending.sort();
        self.pending.dedup();
    }

    /// Forgets the account's rows.
    pub(super) fn clear(&mut self) {
        self.counterparty.iter_mut().chain(&mut self.owner).for_each(Vec::clear);
        self.pending.clear();
    }
}

/// Calls `with` for the stretches of an account's lists, kind by kind.
///
/// # Errors
/// The first that `with` gives.
pub(super) fn each_list_of<E>(
    account: AccountId,
    by: By,
    lists: &Kinds,
    value: &mut Vec<u8>,
    with: &mut impl FnMut(&[u8], &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut lists = ObjectKind::ALL.into_iter().zip(lists);
    lists.try_for_each(|(kind, places)| {
        each_list(Listed { by, property: account.0.into(), kind, made: 0 }, places, value, with)
    })
}

/// Calls `with` for the stretches of any lists.
///
/// # Errors
/// The first that `with` gives.
pub(super) fn each_of_lists<E>(
    rows: &[Listed],
    value: &mut Vec<u8>,
    with: &mut impl FnMut(&[u8], &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut rows = Cow::Borrowed(rows);
    if !rows.is_sorted() {
        rows.to_mut().sort();
    }
    let mut made = Vec::new();
    for list in rows.chunk_by(|one, next| Listed { made: next.made, ..*one } == *next) {
        made.clear();
        made.extend(list.iter().map(|row| row.made));
        list.first().map_or(Ok(()), |row| each_list(*row, &made, value, with))?;
    }
    Ok(())
}

/// Calls `with` for the stretches of pending rows of one account.
///
/// # Errors
/// The first that `with` gives.
pub(super) fn each_pending<E>(
    rows: &[Pending],
    value: &mut Vec<u8>,
    with: &mut impl FnMut(&[u8], &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    for day in rows.chunk_by(|one, next| (one.purse, one.day) == (next.purse, next.day)) {
        for rows in day.chunks(STRETCH) {
            value.clear();
            for (one, next) in rows.iter().zip(rows.iter().skip(1)) {
                put_made_of(value, one.made, next.made, next.kind);
            }
            rows.first().map_or(Ok(()), |row| with(row.key().bytes(), value))?;
        }
    }
    Ok(())
}

/// Calls `with` for the stretches of a list, of which a row is known.
///
/// # Errors
/// The first that `with` gives.
pub(super) fn each_list<E>(
    list: Listed,
    places: &[u64],
    value: &mut Vec<u8>,
    with: &mut impl FnMut(&[u8], &[u8]) -> Result<(), E>,
) -> Result<(), E> {
    for places in places.chunks(STRETCH) {
        value.clear();
        for (one, next) in places.iter().zip(places.iter().skip(1)) {
            put_made(value, *one, *next);
        }
        let first = places.first().copied().unwrap_or_default();
        with(Listed { made: first, ..list }.key().bytes(), value)?;
    }
    Ok(())
}

/// Stretches whose keys come after those of others, one behind another: each with the lengths
/// of its key and its value before it.
#[derive(Default)]
pub(super) struct Later(Vec<u8>);

impl Later {
    /// Adds each stretch that it is called with.
    pub(super) fn adding(&mut self) -> impl FnMut(&[u8], &[u8]) -> Result<(), Infallible> {
        |key, value| {
            put(&mut self.0, key.len() as u64);
            put(&mut self.0, value.len() as u64);
            self.0.extend_from_slice(key);
            self.0.extend_from_slice(value);
            Ok(())
        }
    }

    /// Calls `with` for each of them.
    ///
    /// # Errors
    /// The first that `with` gives.
    pub(super) fn each<E>(&self, with: &mut impl FnMut(&[u8], &[u8]) -> Result<(), E>) -> Result<(), E> {
        let mut packed = Packed(&self.0);
        while let Some((key, value)) = take(&mut packed) {
            with(key, value)?;
        }
        Ok(())
    }
}

/// Takes what [`Later::adding`] put there.
fn take<'a>(packed: &mut Packed<'a>) -> Option<(&'a [u8], &'a [u8])> {
    let (key, value) = (packed.number()?, packed.number()?);
    Some((packed.bytes(key)?, packed.bytes(value)?))
}
