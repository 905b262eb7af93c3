//! Places packed one behind another: an object's by what passed since the one before it.

use std::collections::VecDeque;

use counterfoil_domain::id::ObjectId;

use super::row::kind;
use crate::object::ObjectKind;
use crate::rows::{self, KIND_BITS, Out, Packed, STRETCH, put, put_rest, short, take_rest};

/// Appends the place of an object behind that of another of its list.
#[inline]
pub(super) fn put_made(out: &mut impl Out, before: u64, made: u64) {
    put_place(out, before, made, 0, 0);
}

/// The same with its kind.
#[inline]
pub(super) fn put_made_of(out: &mut impl Out, before: u64, made: u64, kind: ObjectKind) {
    let (kind, rest) = short(kind as u8);
    put_place(out, before, made, KIND_BITS, kind);
    put_rest(out, rest);
}

/// The same with its kind and which of an account's rows it is in. Such are in memory alone.
#[inline]
pub(super) fn put_tagged(out: &mut impl Out, before: u64, made: u64, kind: ObjectKind, tag: u8) {
    let (kind, rest) = short(kind as u8);
    put_place(out, before, made, KIND_BITS + TAG_BITS, kind << TAG_BITS | u64::from(tag));
    put_rest(out, rest);
}

/// Which of an account's rows it is in takes so many bits.
const TAG_BITS: u32 = 2;

#[inline]
fn put_place(out: &mut impl Out, before: u64, made: u64, bits: u32, more: u64) {
    let (before, made) = (ObjectId::from_bits(before), ObjectId::from_bits(made));
    let ordinal = u64::from(made.ordinal());
    let further = made.position().saturating_sub(before.position()) << 1 | u64::from(ordinal != 0);
    put(out, further << bits | more);
    if ordinal != 0 {
        put(out, ordinal);
    }
}

/// Takes what [`put_made`] wrote.
#[inline]
pub(super) fn take_made(packed: &mut Packed<'_>, before: u64) -> Option<u64> {
    take_place(packed, before, 0).map(|(made, _)| made)
}

/// Takes what [`put_made_of`] wrote.
#[inline]
pub(super) fn take_made_of(packed: &mut Packed<'_>, before: u64) -> Option<(u64, ObjectKind)> {
    let (made, more) = take_place(packed, before, KIND_BITS)?;
    Some((made, kind(take_rest(packed, more)?)?))
}

/// Takes what [`put_tagged`] wrote.
#[inline]
pub(super) fn take_tagged(packed: &mut Packed<'_>, before: u64) -> Option<(u64, ObjectKind, u8)> {
    let (made, more) = take_place(packed, before, KIND_BITS + TAG_BITS)?;
    let tag = (more & ((1 << TAG_BITS) - 1)) as u8;
    Some((made, kind(take_rest(packed, more >> TAG_BITS)?)?, tag))
}

#[inline]
fn take_place(packed: &mut Packed<'_>, before: u64, bits: u32) -> Option<(u64, u64)> {
    let number = packed.number()?;
    let (more, further) = (number & ((1 << bits) - 1), number >> bits);
    let position = ObjectId::from_bits(before).position().checked_add(further >> 1)?;
    let ordinal = if further & 1 == 1 { packed.number()? } else { 0 };
    Some((rows::place(position, ordinal)?, more))
}

/// Appends the rows of a stretch, which follows its first row; they must rise.
pub(super) fn stretch<R: Copy + rows::Row>(
    first: R,
    value: &[u8],
    into: &mut VecDeque<R>,
    next: impl Fn(&mut Packed<'_>, R) -> Option<R>,
) -> Option<()> {
    let (mut packed, mut row) = (Packed(value), first);
    into.push_back(row);
    for _ in 1..STRETCH {
        if packed.0.is_empty() {
            return Some(());
        }
        let before = row;
        row = next(&mut packed, before)?;
        if before.place() >= row.place() {
            return None;
        }
        into.push_back(row);
    }
    packed.end()
}
