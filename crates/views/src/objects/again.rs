//! Objects whose money moved again: an event later than the one that made an object moved
//! money of it (a capture, a transfer that waited, a payment that failed).
//!
//! ```text
//! key        1  10   8  id   1  kind   8  position of the later event
//! value      empty
//! ```
//!
//! Numbers are big endian. An object has a row for each such event, so that all the payouts
//! that took its money are found, whatever changed it since.

use std::collections::VecDeque;

use counterfoil_domain::books::State;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::id::ObjectId;
use serde::{Deserialize, Serialize};

use super::row::{Key, kind};
use super::{NAME, Object, Objects, Place, Reader};
use crate::movement::Movement;
use crate::object::ObjectKind;
use crate::rows::{self, Linked, Packed, Scan};
use crate::unreadable::Unreadable;

pub(super) const AGAIN: u8 = 10;

/// An object of which an event at a position, later than the one that made it, moved money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Again {
    /// The place at which it was made.
    pub(super) made: u64,
    pub(super) kind: ObjectKind,
    pub(super) position: u64,
}

impl Again {
    pub(super) fn key(&self) -> Key {
        let Self { made, kind, position } = *self;
        Key::new(AGAIN).with(&made.to_be_bytes()).with(&[kind as u8]).with(&position.to_be_bytes())
    }
}

impl Linked for Again {
    fn hash(&self) -> u64 {
        self.made
    }
}

impl rows::Row for Again {
    type Place = Self;

    fn place(&self) -> Self {
        *self
    }

    fn read(key: &[u8], value: &[u8], into: &mut VecDeque<Self>) -> Option<()> {
        let mut key = Packed(key);
        key.byte().filter(|table| *table == AGAIN)?;
        let made = key.array().map(u64::from_be_bytes)?;
        let kind = kind(key.byte()?)?;
        let position = key.array().map(u64::from_be_bytes)?;
        key.end()?;
        into.push_back(Self { made, kind, position });
        Packed(value).end()
    }
}

impl Objects {
    /// Notes that a step moved money of an earlier object, once for each; other events move that of
    /// what they make.
    pub(super) fn note_again(&mut self, movement: &Movement, position: u64, noted: &mut Vec<Again>) {
        let payable = matches!(movement.state, State::Available | State::Pending(_));
        let Some(source) = movement.source.filter(|_| payable) else {
            return;
        };
        let row = Again { made: source.number(), kind: source.kind(), position };
        let earlier = ObjectId::from_bits(row.made).position() != position;
        if earlier && !noted.contains(&row) {
            noted.push(row);
            self.recent.again.push(row);
        }
    }
}

impl Reader<'_> {
    /// The positions of the later events that moved an object's money, the earliest first.
    pub(super) fn moved_again(&self, (kind, made): Place) -> Result<Vec<u64>, Unreadable> {
        let asked = |position| Again { made, kind, position };
        let recent = self.objects.recent.again.newest(made).copied();
        let mut recent: Vec<Again> = recent.filter(|row| (row.made, row.kind) == (made, kind)).collect();
        recent.reverse();
        let (from, to) = (asked(0), asked(u64::MAX));
        let (first, last) = (from.key(), to.key());
        // What was written before it was made has nothing of it.
        let runs = self.objects.older.since(ObjectId::from_bits(made).position());
        let keys = (first.bytes(), last.bytes());
        let rows = Scan::<Again>::of(NAME, &runs, keys, from..=to, recent.into());
        rows.map(|row| row.map(|row: Again| row.position)).collect()
    }

    /// When an event last moved money of an object; when it was made, where none did since.
    pub(crate) fn last_moved(&self, object: &Object) -> Result<Timestamp, Unreadable> {
        let Some(place) = self.objects.place(object.reference) else {
            return Ok(object.created);
        };
        match self.moved_again(place)?.last() {
            Some(position) => Ok(self.past.event(*position)?.time),
            None => Ok(object.created),
        }
    }
}
