//! Head and envelope of an event: hand-laid, the same for every type.

use counterfoil_domain::{AccountId, Actor, Event, Recorded};
use uuid::Uuid;

use super::values::timestamp;
use super::varint::{Reader, put, put_signed};
use super::{Decoded, Fault, Stamp};
use counterfoil_domain::calendar::Timestamp;

const ACTOR: u8 = 0b11;
const COMMAND: u8 = 1 << 2;
const EVENTS: u8 = 1 << 3;
const STAMP: u8 = 1 << 4;
const ACTING: u8 = 1 << 5;
const CAUSE: u8 = 1 << 6;
const ENTRY: u8 = 1 << 7;

/// An event about to be written, without its entry and body.
pub(super) struct Head<'a> {
    pub(super) kind: u16,
    pub(super) version: u8,
    pub(super) recorded: &'a Recorded,
    pub(super) command_events: u16,
    pub(super) stamp: Option<&'a Stamp>,
    pub(super) has_entry: bool,
}

/// What was read besides the entry and the body.
pub(super) struct Envelope {
    time: Timestamp,
    actor: Actor,
    acting: Option<AccountId>,
    command: Uuid,
    cause: Option<u64>,
    command_events: u16,
    stamp: Option<Stamp>,
}

impl Head<'_> {
    /// Appends head and envelope.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let recorded = self.recorded;
        let [low, high] = self.kind.to_le_bytes();
        out.extend_from_slice(&[low, high, self.version, self.flags()]);
        put_signed(recorded.time.micros(), out);
        if !recorded.command.is_nil() {
            out.extend_from_slice(recorded.command.as_bytes());
        }
        if self.command_events > 0 {
            put(self.command_events.into(), out);
        }
        if let Some(stamp) = self.stamp {
            out.extend_from_slice(&stamp.key);
            out.extend_from_slice(&stamp.request);
        }
        if let Some(AccountId(account)) = recorded.acting {
            put(account.into(), out);
        }
        if let Some(cause) = recorded.cause {
            put(cause, out);
        }
    }

    fn flags(&self) -> u8 {
        let actor = match self.recorded.actor {
            Actor::Platform => 0,
            Actor::Time => 1,
            Actor::Operator => 2,
        };
        let present = [
            (COMMAND, !self.recorded.command.is_nil()),
            (EVENTS, self.command_events > 0),
            (STAMP, self.stamp.is_some()),
            (ACTING, self.recorded.acting.is_some()),
            (CAUSE, self.recorded.cause.is_some()),
            (ENTRY, self.has_entry),
        ];
        present.iter().filter(|(_, is)| *is).fold(actor, |flags, (flag, _)| flags | flag)
    }
}

/// Reads flags and envelope; says whether an entry follows.
pub(super) fn read_envelope(reader: &mut Reader<'_>) -> Result<(Envelope, bool), Fault> {
    let flags = reader.byte()?;
    let has = |flag: u8| flags & flag != 0;
    let actor = match flags & ACTOR {
        0 => Actor::Platform,
        1 => Actor::Time,
        2 => Actor::Operator,
        other => return Err(Fault::Number { what: "actor", found: other.into() }),
    };
    let time = timestamp(reader.signed()?)?;
    let command = if has(COMMAND) { Uuid::from_bytes(reader.array()?) } else { Uuid::nil() };
    let command_events = if has(EVENTS) { reader.narrow()? } else { 0 };
    // What is nothing is left out: an event has one form.
    if has(COMMAND) && command.is_nil() || has(EVENTS) && command_events == 0 {
        return Err(Fault::Number { what: "set of flags of an event", found: flags.into() });
    }
    let stamp =
        if has(STAMP) { Some(Stamp { key: reader.array()?, request: reader.array()? }) } else { None };
    let acting = if has(ACTING) { Some(AccountId(reader.narrow()?)) } else { None };
    let cause = if has(CAUSE) { Some(reader.number()?) } else { None };
    Ok((Envelope { time, actor, acting, command, cause, command_events, stamp }, has(ENTRY)))
}

impl Envelope {
    /// When the event happened.
    pub(super) fn time(&self) -> Timestamp {
        self.time
    }

    /// The envelope with its event inside.
    pub(super) fn around(self, position: u64, event: Event) -> Decoded {
        let Self { time, actor, acting, command, cause, command_events, stamp } = self;
        let recorded = Recorded { position, time, actor, acting, command, cause, event };
        Decoded { recorded, command_events, stamp }
    }
}
