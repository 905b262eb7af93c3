//! The step function: requests and the wall's time in, staged frames and answers out.

use std::sync::Arc;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::due::{do_due, is_due_by, next_due};
use counterfoil_domain::settings::Clock;
use counterfoil_domain::{
    ChargeId, Command, Context, Event, Ledger, Loaded, Recorded, Settings, decide, evolve,
};
use counterfoil_log::{EventLog, MAX_COMMAND};

use super::admit::{Admitted, refuse_whole};
use super::ahead::Ahead;
use super::keys::{Keys, Mark};
use super::past::Past;
use super::recording::{LENGTH_BYTES, last_sure, not_stored, nothing_due, recorded, recorded_due};
use super::records::Records;
use super::staging::{Draft, Staging};
use super::stamp::Keyed;
use super::{Answer, Few, Job, Mode, Sure};
use crate::codec::{Decoded, Stamp, encode};
use crate::error::ExecuteError;
use crate::ids::Ids;
use crate::outcome::Outcome;
use crate::request::{Request, request_of_charge};
use crate::state::{Checkpoint, Recalled, short};

/// The writer's state: the ledger as it will be once everything staged is durable.
pub(crate) struct Writer {
    pub(super) ledger: Ledger,
    pub(super) records: Records,
    pub(super) keys: Keys,
    /// Keys and records that memory has let go of.
    pub(super) recalled: Recalled,
    pub(super) past: Past,
    pub(super) ahead: Ahead,
    /// The position that the next event takes.
    pub(super) position: u64,
    pub(super) staging: Staging,
    /// Where it was before anything was replayed.
    next_frame: u64,
    pub(super) ids: Option<Ids>,
}

/// One group of requests being executed.
struct Group {
    now: Timestamp,
    recorded_at: i64,
    /// The position at which it began.
    first: u64,
    bytes: usize,
    charges: Vec<Option<ChargeId>>,
}

impl Writer {
    /// The writer of a ledger without events.
    pub(crate) fn new(log: Arc<dyn EventLog>) -> Self {
        Self {
            ledger: Ledger::new(),
            records: Records::default(),
            keys: Keys::default(),
            recalled: Recalled::default(),
            past: Past::new(log),
            ahead: Ahead::default(),
            position: 0,
            staging: Staging::default(),
            next_frame: 0,
            ids: None,
        }
    }

    /// The writer of a ledger at a checkpoint of its log.
    pub(crate) fn resumed(log: Arc<dyn EventLog>, checkpoint: Checkpoint) -> Self {
        let Checkpoint { head, trail: _, ledger, recalled } = checkpoint;
        let ids = ledger.settings().map(|settings| Ids::new(settings.id_key));
        let (position, next_frame) = (head.next_position, head.next_frame);
        let ahead = Ahead::new(position);
        Self { ledger, recalled, ahead, position, next_frame, ids, ..Self::new(log) }
    }

    /// The frame from which the log is to be replayed.
    pub(crate) fn next_frame(&self) -> u64 {
        self.next_frame
    }

    /// Lets go of what can be recalled from runs now.
    pub(crate) fn recall(&mut self, recalled: Recalled) {
        // What was let go of is only in the runs that are known.
        if recalled.covered < self.recalled.covered {
            return;
        }
        self.keys.forget(recalled.covered);
        self.records.forget(recalled.covered);
        self.recalled = recalled;
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
    pub(crate) fn take_staged(&mut self) -> Vec<Arc<Draft>> {
        self.staging.take()
    }

    /// Notes that every event before a position is durable.
    pub(crate) fn is_durable(&mut self, position: u64) {
        self.staging.forget(position);
    }

    /// Looks at what taking some events in will read, while opening.
    pub(crate) fn look(&mut self, events: &[Decoded]) {
        self.ahead.look_at(events, &self.ledger, &self.keys);
    }

    /// Takes in an event of the log, while opening.
    pub(crate) fn replay(&mut self, decoded: &Decoded, recorded_at: i64) {
        let Decoded { recorded, stamp, command_events: _ } = decoded;
        assert_eq!(recorded.position, self.position, "positions have no gap");
        if let Some(stamp) = stamp {
            self.keys.add(short(&stamp.key), Mark { position: self.position, recorded_at });
        }
        self.take_in(recorded);
    }

    /// Works on a job until it is done (`true`) or the log must take some first.
    pub(crate) fn work(&mut self, job: &mut Job, wall: Timestamp) -> bool {
        let mut requests = std::mem::take(&mut job.requests);
        self.ahead.reset();
        let mut done = true;
        while let Some(group) = job.next_group() {
            // What is staged is handed over before more is decided: the two overlap.
            if self.staging.is_full() {
                done = false;
                break;
            }
            self.ahead.look(group.start, &requests, &job.keys, (&self.ledger, &self.keys, &self.recalled));
            let group = requests.get_mut(group).unwrap_or_default();
            if !self.work_on_group(job, group, wall) {
                done = false;
                break;
            }
            job.ends.push((job.answered.len(), self.position));
        }
        job.requests = requests;
        done
    }

    /// Answers one group; `false` where the log must take some first.
    fn work_on_group(&mut self, job: &mut Job, group: &mut [Request], wall: Timestamp) -> bool {
        let first = job.answered.len();
        // After a group that was refused, its last answer says so.
        if job.mode == Mode::InOrder && job.answered.last().is_some_and(Result::is_err) {
            refuse_whole(group.len(), ExecuteError::NotTried, &mut job.answered);
            return true;
        }
        let keys = job.keys.get(first..first + group.len()).unwrap_or_default();
        let admitted = match self.admit(group, keys, first, wall) {
            Ok(admitted) => admitted,
            Err(error) => {
                refuse_whole(group.len(), error, &mut job.answered);
                return true;
            }
        };
        if job.mode == Mode::Preview {
            self.preview(group, keys, admitted.until, wall, &mut job.answered);
            return true;
        }
        match self.run_due(admitted.until, wall) {
            Ok(true) => {
                self.execute(group, keys, admitted, wall, &mut job.answered);
                self.run_consequences(wall);
            }
            Ok(false) => return false,
            // Nothing is decided over work that is due and not done.
            Err(error) => refuse_whole(group.len(), error, &mut job.answered),
        }
        true
    }

    /// Records the work that falls due by `until`; `false` where the log must take some first.
    fn run_due(&mut self, until: Timestamp, wall: Timestamp) -> Result<bool, ExecuteError> {
        while is_due_by(&self.ledger, until)
            && let Some((now, due)) = next_due(&self.ledger, until)
        {
            if self.staging.is_full() {
                return Ok(false);
            }
            let needs = |loaded: &Loaded| due.needs(loaded);
            let loaded = self.records.load(needs, &self.recalled, &mut self.past, &self.staging)?;
            let context = Context { now, position: self.position };
            let recorded_at = self.recorded_at(now, wall);
            let events = do_due(&self.ledger, &loaded, due, &context);
            if events.is_empty() {
                return Err(nothing_due(due));
            }
            let recorded = recorded_due(self.ids.as_ref(), events, &context);
            let mut group = Group { now, recorded_at, first: self.position, bytes: 0, charges: Vec::new() };
            if let Err(error) = self.stage_all(&recorded, &mut group, None) {
                self.staging.take_back(group.first);
                return Err(error);
            }
            self.staging.record(recorded_at);
            recorded.iter().for_each(|recorded| self.take_in(recorded));
        }
        Ok(true)
    }

    /// Records what a group brought about at its own instant; its answers wait for that too.
    /// What does not fit, or cannot be done, is done or refused before the next group.
    fn run_consequences(&mut self, wall: Timestamp) {
        if let Err(error) = self.run_due(self.ledger.now(), wall) {
            tracing::warn!(%error, "work that fell due was put off until the next command");
        }
    }

    fn execute(
        &mut self,
        requests: &mut [Request],
        keys: &[Keyed],
        admitted: Admitted,
        wall: Timestamp,
        answers: &mut Few<Answer>,
    ) {
        // Due work has moved time on, at most up to then.
        let now = admitted.until.max(self.ledger.now());
        let recorded_at = self.recorded_at(now, wall);
        let mut group = Group { now, recorded_at, first: self.position, bytes: 0, charges: Vec::new() };
        let together = requests.len() > 1;
        let first = answers.len();
        let mut refused = false;
        for (index, (request, keyed)) in requests.iter_mut().zip(keys).enumerate() {
            let answer = if refused {
                Err(ExecuteError::NotTried)
            } else {
                let is_new = admitted.new == Some(index) || self.is_new(keyed, first + index);
                let known = if is_new { Ok(None) } else { self.known(request, keyed, wall) };
                match known {
                    Ok(Some(answer)) => answer,
                    Ok(None) => self.execute_one(request, *keyed, &mut group),
                    Err(error) => Err(error),
                }
            };
            refused = answer.is_err();
            if together {
                group.charges.push(charge_made(&answer));
            }
            answers.push(answer);
        }
        if self.position > group.first {
            // The command that opens a ledger brings its clock along.
            self.staging.record(self.recorded_at(now, wall));
        }
    }

    fn execute_one(&mut self, request: &mut Request, keyed: Keyed, group: &mut Group) -> Answer {
        self.refuse_acting(request)?;
        name_charges(&mut request.command, &group.charges)?;

        let context = Context { now: group.now, position: self.position };
        let needs = |loaded: &Loaded| request.command.needs(loaded);
        let loaded = self.records.load(needs, &self.recalled, &mut self.past, &self.staging)?;
        let events =
            decide(&self.ledger, &loaded, &request.command, &context).map_err(ExecuteError::Refused)?;

        let stamp = if let Keyed::Yes(stamp) = keyed { Some(stamp) } else { None };
        let first = self.position;
        let recorded = recorded(request, self.ids.as_ref(), events, group.now, first);
        if let Err(error) = self.stage_all(&recorded, group, stamp.as_ref()) {
            self.staging.take_back(first);
            return Err(error);
        }
        for event in &recorded {
            self.take_in(event);
        }
        let sure = last_sure(&recorded);
        self.past.note(recorded.into_iter().next_back());
        if let Some(stamp) = &stamp {
            self.keys.add(short(&stamp.key), Mark { position: first, recorded_at: group.recorded_at });
        }
        sure.ok_or(ExecuteError::NotTried)
    }

    /// Stages a command's events, as far as they fit.
    fn stage_all(
        &mut self,
        recorded: &[Recorded],
        group: &mut Group,
        stamp: Option<&Stamp>,
    ) -> Result<(), ExecuteError> {
        let count = u16::try_from(recorded.len()).unwrap_or(u16::MAX);
        for (index, event) in recorded.iter().enumerate() {
            let (count, stamp) = if index == 0 { (count, stamp) } else { (0, None) };
            group.bytes += self.stage(event, group.first, count, stamp)? + LENGTH_BYTES;
        }
        if group.bytes > MAX_COMMAND {
            return Err(ExecuteError::TooLarge { bytes: group.bytes });
        }
        Ok(())
    }

    fn stage(
        &mut self,
        recorded: &Recorded,
        group: u64,
        events: u16,
        stamp: Option<&Stamp>,
    ) -> Result<usize, ExecuteError> {
        let write = |out: &mut Vec<u8>| encode(recorded, events, stamp, out);
        self.staging.push(recorded.position, group, write).map_err(|error| not_stored(&error))
    }

    fn take_in(&mut self, recorded: &Recorded) {
        if let Event::LedgerOpened(settings) = &recorded.event {
            self.ids = Some(Ids::new(settings.id_key));
        }
        evolve(&mut self.ledger, recorded);
        self.records.add(recorded);
        self.position += 1;
    }

    /// When a frame is recorded: by the machine's clock, which a simulated ledger never sees.
    pub(super) fn recorded_at(&self, business: Timestamp, wall: Timestamp) -> i64 {
        let simulated = |settings: &Settings| settings.clock == Clock::Simulated;
        if self.ledger.settings().is_some_and(simulated) { business.micros() } else { wall.micros() }
    }
}

/// The charge that a request of a group made.
fn charge_made(answer: &Answer) -> Option<ChargeId> {
    if let Ok(Sure { outcome: Outcome::Charged(made), .. }) = answer { Some(made.charge) } else { None }
}

/// Puts the ids of charges that this group made where a split names them by request.
fn name_charges(command: &mut Command, made: &[Option<ChargeId>]) -> Result<(), ExecuteError> {
    let charges = if let Command::Split(split) = command {
        &mut split.charges
    } else if let Command::SplitByRule(split) = command {
        &mut split.charges
    } else {
        return Ok(());
    };
    for charge in charges {
        if let Some(index) = request_of_charge(*charge) {
            *charge = made.get(index).copied().flatten().ok_or(ExecuteError::Malformed {
                why: "a split names a charge of its group by the number of the request that makes it",
            })?;
        }
    }
    Ok(())
}
