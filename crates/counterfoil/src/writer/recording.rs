//! Recording: the events of a command with their envelope, whether they can be stored, and
//! what they say became of it.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::due::Due;
use counterfoil_domain::{Actor, Context, Event, Events, Recorded};
use counterfoil_log::MAX_COMMAND;
use smallvec::SmallVec;

use super::Sure;
use crate::codec::{CodecError, Fault, encode};
use crate::error::ExecuteError;
use crate::ids::Ids;
use crate::outcome::Outcome;
use crate::request::Request;

/// What a frame takes for each event besides its bytes: however short a group's events
/// are, a frame holds them.
pub(super) const LENGTH_BYTES: usize = 4;

/// A command's events as they are recorded from position `first` on.
pub(super) fn recorded(
    request: &Request,
    ids: Option<&Ids>,
    events: Events,
    now: Timestamp,
    first: u64,
) -> SmallVec<[Recorded; 1]> {
    // A lone event without an id is told apart by its position; several must share one.
    let shared = || ids.filter(|_| events.len() > 1).map(|ids| ids.command(first));
    let command = request.id.or_else(shared).unwrap_or_default();
    // Only one event has a time of its own.
    let time = |event: &Event| if let Event::TimeAdvanced { to } = event { *to } else { now };
    (first..)
        .zip(events)
        .map(|(position, event)| Recorded {
            position,
            time: time(&event),
            actor: request.actor,
            acting: request.acting,
            command,
            cause: request.cause,
            event,
        })
        .collect()
}

/// The events of work that fell due, as they are recorded.
pub(super) fn recorded_due(ids: Option<&Ids>, events: Events, context: &Context) -> SmallVec<[Recorded; 1]> {
    let Context { now: time, position } = *context;
    let shared = ids.filter(|_| events.len() > 1).map(|ids| ids.command(position));
    let command = shared.unwrap_or_default();
    let (actor, acting, cause) = (Actor::Time, None, None);
    let record = |(position, event)| Recorded { position, time, actor, acting, command, cause, event };
    (position..).zip(events).map(record).collect()
}

/// The ledger knows of work of an object that no event recorded: its checkpoint is not of
/// this log.
pub(super) fn nothing_due(due: Due) -> ExecuteError {
    let mend = "run `counterfoil audit`; without the folder `state` the next opening reads the log";
    ExecuteError::Unreadable { why: format!("{due:?} is due and of no object in the log; {mend}").into() }
}

/// Refuses a command whose events could not be stored.
pub(super) fn refuse_unstorable(recorded: &[Recorded]) -> Result<(), ExecuteError> {
    let mut bytes = Vec::new();
    for event in recorded {
        encode(event, 0, None, &mut bytes).map_err(|error| not_stored(&error))?;
    }
    let bytes = bytes.len() + recorded.len() * LENGTH_BYTES;
    if bytes > MAX_COMMAND { Err(ExecuteError::TooLarge { bytes }) } else { Ok(()) }
}

/// Why an event is not stored: it is too large, or holds a value without a stored shape.
pub(super) fn not_stored(error: &CodecError) -> ExecuteError {
    if let Fault::TooLarge { bytes, .. } = error.fault() {
        ExecuteError::TooLarge { bytes: *bytes }
    } else {
        ExecuteError::Malformed { why: "the command holds a value that has no stored shape" }
    }
}

/// What became of a command; `None` for one without events, which no decision records.
pub(super) fn last_sure(recorded: &[Recorded]) -> Option<Sure> {
    let (first, last) = (recorded.first()?, recorded.last()?);
    let events = u16::try_from(recorded.len()).unwrap_or(u16::MAX);
    Some(sure(last, first.position, events))
}

/// What became of the command that begins at `first`, told by its last event.
pub(super) fn sure(recorded: &Recorded, first: u64, events: u16) -> Sure {
    Sure {
        outcome: Outcome::of(recorded),
        command: recorded.command,
        first,
        events,
        time: recorded.time,
        replayed: false,
    }
}
