//! Admission: whether a group of requests may be tried at all, before anything is done
//! for it. What is refused here leaves no trace, due work included.

use counterfoil_domain::account::AccountRefusal;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::calendar::advance::TimeRefusal;
use counterfoil_domain::settings::Clock;
use counterfoil_domain::{Command, Refusal};

use super::keys::Mark;
use super::past::unreadable_run;
use super::recording::sure;
use super::stamp::Keyed;
use super::{Answer, Few, Sure, Writer};
use crate::codec::Stamp;
use crate::error::ExecuteError;
use crate::outcome::Outcome;
use crate::request::Request;
use crate::state::short;

/// A group that may be tried.
#[derive(Clone, Copy)]
pub(super) struct Admitted {
    /// Up to when work falls due before it.
    pub(super) until: Timestamp,
    /// Its first request that was not answered before.
    pub(super) new: Option<usize>,
}

impl Writer {
    /// Whether a group may be tried, and up to when work falls due before it. What is
    /// refused here leaves no trace, due work included. Its requests stand in their job from
    /// `first` on.
    pub(super) fn admit(
        &mut self,
        group: &[Request],
        keys: &[Keyed],
        first: usize,
        wall: Timestamp,
    ) -> Result<Admitted, ExecuteError> {
        if keys.contains(&Keyed::Malformed) {
            return Err(ExecuteError::Malformed { why: "an idempotency key has 1 to 255 bytes" });
        }
        refuse_mixed_times(group)?;
        let now = self.ledger.now();
        // Replays move no time; the first request that is new names the instant.
        let mut new = None;
        for (index, (request, keyed)) in group.iter().zip(keys).enumerate() {
            if self.is_new(keyed, first + index) || self.known(request, keyed, wall)?.is_none() {
                new = Some(index);
                break;
            }
        }
        let Some(first) = new.and_then(|index| group.get(index)) else {
            return Ok(Admitted { until: now, new });
        };
        let until = self.instant(first, now, wall)?;
        Ok(Admitted { until, new })
    }

    /// The instant at which a new request happens.
    fn instant(&self, request: &Request, now: Timestamp, wall: Timestamp) -> Result<Timestamp, ExecuteError> {
        // The command that opens a ledger brings its clock along.
        let opening =
            if let Command::OpenLedger(settings) = &request.command { Some(&**settings) } else { None };
        let clock = opening.or(self.ledger.settings()).map(|settings| settings.clock);
        if clock == Some(Clock::Simulated) {
            let asked = named_time(request).unwrap_or(now);
            return if asked < now {
                Err(ExecuteError::Refused(Refusal::from(TimeRefusal::Backwards { asked, now })))
            } else {
                Ok(asked)
            };
        }
        if request.at.is_some() || named_time(request).is_some_and(|to| to > wall) {
            return Err(ExecuteError::Malformed {
                why: "this ledger takes its time from the machine's clock; open one with a simulated clock",
            });
        }
        Ok(wall.max(now))
    }

    /// Whether it is certain, without a look further than ahead, that a key is new.
    #[inline]
    pub(super) fn is_new(&self, keyed: &Keyed, index: usize) -> bool {
        match keyed {
            Keyed::No => true,
            Keyed::Malformed => false,
            Keyed::Yes(stamp) => self.ahead.is_in_no_run(index) && !self.keys.may_hold(short(&stamp.key)),
        }
    }

    /// The answer to a request whose key is known.
    pub(super) fn known(
        &mut self,
        request: &Request,
        keyed: &Keyed,
        wall: Timestamp,
    ) -> Result<Option<Answer>, ExecuteError> {
        let Keyed::Yes(stamp) = *keyed else {
            return Ok(None);
        };
        let Some(position) = self.position_of(short(&stamp.key))? else {
            return Ok(None);
        };
        self.replayed(request, stamp, position, wall)
    }

    /// Where a key was used, if it was.
    fn position_of(&self, short: u64) -> Result<Option<u64>, ExecuteError> {
        match self.keys.find(short) {
            Some(position) => Ok(Some(position)),
            None => self.recalled.key(short).map_err(|error| unreadable_run(&error)),
        }
    }

    /// The answer of the command at a position, where it has this key and is kept.
    fn replayed(
        &mut self,
        request: &Request,
        stamp: Stamp,
        position: u64,
        wall: Timestamp,
    ) -> Result<Option<Answer>, ExecuteError> {
        let now = Mark { position: self.position, recorded_at: self.recorded_at(self.ledger.now(), wall) };
        let Some(first) = self.past.event(&self.staging, position)? else {
            return Ok(None);
        };
        let at = Mark { position, recorded_at: first.recorded_at };
        let Some(used) = first.decoded.stamp.filter(|used| used.key == stamp.key && at.is_kept(now)) else {
            return Ok(None);
        };
        if used.request != stamp.request {
            let key = request.key.clone().unwrap_or_default();
            return Ok(Some(Err(ExecuteError::KeyReused { key })));
        }
        let events = first.decoded.command_events;
        let sure = Sure { replayed: true, ..sure(&first.decoded.recorded, position, events) };
        if events <= 1 {
            return Ok(Some(Ok(sure)));
        }
        // The key is on a command's first event; its last event tells the outcome.
        let last = self.past.event(&self.staging, position + u64::from(events) - 1)?;
        let outcome = last.map_or(sure.outcome, |last| Outcome::of(&last.decoded.recorded));
        Ok(Some(Ok(Sure { outcome, ..sure })))
    }

    /// Refuses to act for an account that does not exist.
    pub(super) fn refuse_acting(&self, request: &Request) -> Result<(), ExecuteError> {
        match request.acting.filter(|account| self.ledger.account(*account).is_none()) {
            Some(account) => Err(ExecuteError::Refused(AccountRefusal::Unknown { account }.into())),
            None => Ok(()),
        }
    }
}

/// The instant that a request names.
fn named_time(request: &Request) -> Option<Timestamp> {
    if let Command::AdvanceTo(advance) = &request.command { Some(advance.to) } else { request.at }
}

/// Refuses a group whose requests name different times, or that lets time pass in its
/// midst: a group happens at one instant, which an advance at its front may name.
fn refuse_mixed_times(group: &[Request]) -> Result<(), ExecuteError> {
    if group.iter().skip(1).any(|request| matches!(request.command, Command::AdvanceTo(_))) {
        return Err(ExecuteError::Malformed {
            why: "in a group, time passes before the other requests or not at all",
        });
    }
    let instant = group.first().and_then(named_time);
    if group.iter().any(|request| request.at.is_some() && request.at != instant) {
        return Err(ExecuteError::Malformed { why: "the requests of a group have one time" });
    }
    Ok(())
}

/// The answers of a group that is not tried: the first says why.
pub(super) fn refuse_whole(requests: usize, error: ExecuteError, answers: &mut Few<Answer>) {
    let rest = (1..requests).map(|_| Err(ExecuteError::NotTried));
    answers.extend(std::iter::once(Err(error)).take(requests).chain(rest));
}
