//! The step function: requests and the wall's time in, staged frames and answers out.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::calendar::advance::next_due;
use counterfoil_domain::settings::Clock;
use counterfoil_domain::{
    Actor, ChargeId, Command, Context, Event, Ledger, Recorded, Settings, decide, evolve,
};
use counterfoil_log::MAX_COMMAND;
use uuid::Uuid;

use super::admit::refused_whole;
use super::keys::Keys;
use super::records::Records;
use super::staging::{Draft, Staging};
use super::{Answer, Job, Mode, Sure};
use crate::codec::{CodecError, Decoded, Fault, Stamp, encode};
use crate::error::ExecuteError;
use crate::outcome::Outcome;
use crate::request::{Request, request_of_charge};

/// The writer's state: the ledger as it will be once everything staged is durable.
pub(crate) struct Writer {
    pub(super) ledger: Ledger,
    pub(super) records: Records,
    pub(super) keys: Keys,
    /// The position that the next event takes.
    pub(super) position: u64,
    staging: Staging,
    /// A keyed command of which replay has not seen the last event.
    unfinished: Option<(Stamp, Sure)>,
}

/// One group of requests being executed.
struct Group {
    now: Timestamp,
    wall: Timestamp,
    encoded: Vec<Vec<u8>>,
    bytes: usize,
    charges: Vec<Option<ChargeId>>,
}

impl Writer {
    /// The writer of a ledger without events.
    pub(crate) fn new() -> Self {
        Self {
            ledger: Ledger::new(),
            records: Records::default(),
            keys: Keys::default(),
            position: 0,
            staging: Staging::default(),
            unfinished: None,
        }
    }

    /// The ledger, staged events included.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The position that the next event takes, staged events included.
    pub(crate) fn position(&self) -> u64 {
        self.position
    }

    /// Whether the log must take some before more is decided.
    pub(crate) fn is_full(&self) -> bool {
        self.staging.is_full()
    }

    /// Whether nothing waits for the log.
    pub(crate) fn has_staged(&self) -> bool {
        !self.staging.is_empty()
    }

    /// Takes the staged frames that one append may hold.
    pub(crate) fn take_staged(&mut self) -> Vec<Draft> {
        self.staging.take()
    }

    /// Takes in an event of the log, while opening.
    pub(crate) fn replay(&mut self, decoded: &Decoded, recorded_at: i64) {
        let Decoded { recorded, command_events, stamp } = decoded;
        assert_eq!(recorded.position, self.position, "positions have no gap");
        self.take_in(recorded);
        if let Some(stamp) = stamp {
            self.unfinished = Some((*stamp, sure(recorded, recorded.position, *command_events)));
        }
        // The key is on a command's first event; its last event tells the outcome.
        if let Some((stamp, sure)) = self.unfinished
            && sure.positions().end == self.position
        {
            self.keys.add(&stamp, Sure { outcome: Outcome::of(recorded), ..sure }, recorded_at);
            self.unfinished = None;
        }
    }

    /// Works on a job until it is done (`true`) or the log must take some first.
    pub(crate) fn work(&mut self, job: &mut Job, wall: Timestamp) -> bool {
        while let Some(group) = job.groups.front() {
            // What is staged is handed over before more is decided: the two overlap.
            if self.staging.is_full() {
                return false;
            }
            let preview = job.mode == Mode::Preview;
            let due = match self.admit(group, wall, job) {
                Ok(until) if preview => Ok(until),
                Ok(until) => match self.run_due(until, wall) {
                    Ok(true) => Ok(until),
                    Ok(false) => return false,
                    // Nothing is decided over work that is due and not done.
                    Err(error) => Err(error),
                },
                Err(error) => Err(error),
            };
            let Some(group) = job.groups.pop_front() else {
                break;
            };
            let answers = match due {
                Err(error) => refused_whole(group.len(), error),
                Ok(until) if preview => self.preview(&group, until),
                Ok(until) => self.execute(group, until, wall),
            };
            job.answered.push(answers);
            job.ends.push(self.position);
        }
        true
    }

    /// Records the work that falls due by `until`; `false` where the log must take some first.
    fn run_due(&mut self, until: Timestamp, wall: Timestamp) -> Result<bool, ExecuteError> {
        while let Some((time, event)) = next_due(&self.ledger, until, self.position) {
            if self.staging.is_full() {
                return Ok(false);
            }
            let recorded = Recorded {
                position: self.position,
                time,
                actor: Actor::Time,
                acting: None,
                command: Uuid::nil(),
                cause: None,
                event,
            };
            let mut bytes = Vec::with_capacity(256);
            encode(&recorded, 1, None, &mut bytes).map_err(|error| not_stored(&error))?;
            let recorded_at = self.recorded_at(time, wall);
            self.staging.add(&[bytes], recorded_at);
            self.take_in(&recorded);
        }
        Ok(true)
    }

    fn execute(&mut self, requests: Vec<Request>, until: Timestamp, wall: Timestamp) -> Vec<Answer> {
        // Due work has moved time on, at most up to then.
        let now = until.max(self.ledger.now());
        let charges = Vec::with_capacity(requests.len());
        let mut group = Group { now, wall, encoded: Vec::new(), bytes: 0, charges };
        let mut answers: Vec<Answer> = Vec::with_capacity(requests.len());
        for request in requests {
            let answer = match answers.last() {
                Some(Err(_)) => Err(ExecuteError::NotTried),
                Some(Ok(_)) | None => self.execute_one(request, &mut group),
            };
            let charge = if let Ok(Sure { outcome: Outcome::Charged(made), .. }) = &answer {
                Some(made.charge)
            } else {
                None
            };
            group.charges.push(charge);
            answers.push(answer);
        }
        if !group.encoded.is_empty() {
            let recorded_at = self.recorded_at(now, wall);
            self.staging.add(&group.encoded, recorded_at);
        }
        answers
    }

    fn execute_one(&mut self, mut request: Request, group: &mut Group) -> Answer {
        let stamp = self.stamp(&request)?;
        if let Some(answer) = self.known(&request, stamp.as_ref()) {
            return answer;
        }
        self.refuse_acting(&request)?;
        name_charges(&mut request.command, &group.charges)?;

        let context = Context { now: group.now, position: self.position };
        let loaded = self.records.load(&request.command);
        let events =
            decide(&self.ledger, &loaded, &request.command, &context).map_err(ExecuteError::Refused)?;

        let recorded = self.record(&request, events, group.now);
        let encoded = encode_all(&recorded, stamp.as_ref())?;
        let bytes: usize = encoded.iter().map(Vec::len).sum();
        if group.bytes + bytes > MAX_COMMAND {
            return Err(ExecuteError::TooLarge { bytes: group.bytes + bytes });
        }
        group.bytes += bytes;
        group.encoded.extend(encoded);
        let sure = self.commit(&recorded);
        if let Some(stamp) = &stamp {
            self.keys.add(stamp, sure, self.recorded_at(group.now, group.wall));
        }
        Ok(sure)
    }

    fn record(
        &self,
        request: &Request,
        events: impl IntoIterator<Item = Event>,
        now: Timestamp,
    ) -> Vec<Recorded> {
        recorded(request, events, now, self.position)
    }

    fn commit(&mut self, recorded: &[Recorded]) -> Sure {
        for event in recorded {
            self.take_in(event);
        }
        // A decision records at least one event.
        last_sure(recorded).unwrap_or(Sure {
            outcome: Outcome::Settled,
            command: Uuid::nil(),
            first: self.position,
            events: 0,
            time: self.ledger.now(),
            replayed: false,
        })
    }

    fn take_in(&mut self, recorded: &Recorded) {
        if let Event::LedgerOpened(settings) = &recorded.event {
            self.keys = Keys::new(&settings.id_key);
        }
        evolve(&mut self.ledger, recorded);
        self.records.add(recorded);
        self.position += 1;
    }

    /// When a frame is recorded: by the machine's clock, which a simulated ledger never sees.
    fn recorded_at(&self, business: Timestamp, wall: Timestamp) -> i64 {
        let simulated = |settings: &Settings| settings.clock == Clock::Simulated;
        if self.ledger.settings().is_some_and(simulated) { business.micros() } else { wall.micros() }
    }
}

/// Puts the ids of charges that this group made where a split names them by request.
fn name_charges(command: &mut Command, made: &[Option<ChargeId>]) -> Result<(), ExecuteError> {
    let Command::Split(split) = command else {
        return Ok(());
    };
    for charge in &mut split.charges {
        if let Some(index) = request_of_charge(*charge) {
            *charge = made.get(index).copied().flatten().ok_or(ExecuteError::Malformed {
                why: "a split names a charge of its group by the number of the request that makes it",
            })?;
        }
    }
    Ok(())
}

pub(super) fn recorded(
    request: &Request,
    events: impl IntoIterator<Item = Event>,
    now: Timestamp,
    first: u64,
) -> Vec<Recorded> {
    // Chance is drawn before a request reaches the writer.
    let command = request.id.unwrap_or_default();
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

pub(super) fn encode_all(recorded: &[Recorded], stamp: Option<&Stamp>) -> Result<Vec<Vec<u8>>, ExecuteError> {
    let events = u16::try_from(recorded.len()).unwrap_or(u16::MAX);
    let mut encoded = Vec::with_capacity(recorded.len());
    for (index, event) in recorded.iter().enumerate() {
        let mut bytes = Vec::with_capacity(256);
        let (events, stamp) = if index == 0 { (events, stamp) } else { (0, None) };
        encode(event, events, stamp, &mut bytes).map_err(|error| not_stored(&error))?;
        encoded.push(bytes);
    }
    let bytes = encoded.iter().map(Vec::len).sum();
    if bytes > MAX_COMMAND {
        return Err(ExecuteError::TooLarge { bytes });
    }
    Ok(encoded)
}

/// Why an event is not stored: it is too large, or holds a value without a stored shape.
fn not_stored(error: &CodecError) -> ExecuteError {
    if let Fault::TooLarge { bytes, .. } = error.fault() {
        ExecuteError::TooLarge { bytes: *bytes }
    } else {
        ExecuteError::Malformed { why: "the command holds a value that has no stored shape" }
    }
}

pub(super) fn last_sure(recorded: &[Recorded]) -> Option<Sure> {
    let (first, last) = (recorded.first()?, recorded.last()?);
    let events = u16::try_from(recorded.len()).unwrap_or(u16::MAX);
    Some(Sure { outcome: Outcome::of(last), ..sure(first, first.position, events) })
}

fn sure(recorded: &Recorded, first: u64, events: u16) -> Sure {
    Sure {
        outcome: Outcome::of(recorded),
        command: recorded.command,
        first,
        events,
        time: recorded.time,
        replayed: false,
    }
}
