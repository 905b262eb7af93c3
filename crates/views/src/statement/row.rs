//! A row: one balance entry as the statement keeps it, in 48 bytes.

use counterfoil_domain::books::{Kind, State};
use counterfoil_domain::calendar::{Day, Timestamp};
use counterfoil_domain::money::Minor;
use serde::{Deserialize, Serialize};

use crate::object::{ObjectKind, ObjectRef};

/// One balance entry; its number is its place in its statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) position: u64,
    #[serde(with = "crate::shape")]
    pub(super) time: Timestamp,
    /// What it adds to what is owed.
    pub(super) amount: Minor,
    /// What is owed after it, over all states.
    pub(super) balance: Minor,
    /// The number of the object that caused it; 0 without one.
    source: u64,
    /// The day a pending entry matures; else day zero.
    #[serde(with = "crate::shape")]
    day: Day,
    state: Place,
    #[serde(with = "crate::shape")]
    pub(super) kind: Kind,
    source_kind: Option<ObjectKind>,
}

/// A state without its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Place {
    Pending,
    Available,
    InTransit,
    Reserved,
    Prefunded,
    ConnectReserved,
}

// A statement is the largest view: a field more costs a ledger of ten million entries
// eighty megabytes.
const _: () = assert!(size_of::<Row>() == 48);

impl Row {
    /// A row of an entry in `state` that `source` caused; the rest is the caller's.
    pub(super) fn new(kind: Kind, state: State, source: Option<ObjectRef>) -> Self {
        let (state, day) = match state {
            State::Pending(day) => (Place::Pending, day),
            State::Available => (Place::Available, Day::from_days(0)),
            State::InTransit => (Place::InTransit, Day::from_days(0)),
            State::Reserved => (Place::Reserved, Day::from_days(0)),
            State::Prefunded => (Place::Prefunded, Day::from_days(0)),
            State::ConnectReserved => (Place::ConnectReserved, Day::from_days(0)),
        };
        Self {
            position: 0,
            time: Timestamp::MIN,
            amount: 0,
            balance: 0,
            source: source.map_or(0, ObjectRef::number),
            day,
            state,
            kind,
            source_kind: source.map(ObjectRef::kind),
        }
    }

    /// In which state it is owed.
    pub(super) fn state(&self) -> State {
        match self.state {
            Place::Pending => State::Pending(self.day),
            Place::Available => State::Available,
            Place::InTransit => State::InTransit,
            Place::Reserved => State::Reserved,
            Place::Prefunded => State::Prefunded,
            Place::ConnectReserved => State::ConnectReserved,
        }
    }

    /// What caused it.
    pub(super) fn source(&self) -> Option<ObjectRef> {
        self.source_kind.and_then(|kind| kind.object(self.source))
    }
}
