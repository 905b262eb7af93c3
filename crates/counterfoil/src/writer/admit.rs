//! Admission: whether a group of requests may be tried at all, before anything is done
//! for it. What is refused here leaves no trace, due work included.

use counterfoil_domain::account::AccountRefusal;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::calendar::advance::TimeRefusal;
use counterfoil_domain::settings::Clock;
use counterfoil_domain::{Command, Refusal};

use super::{Answer, Job, Mode, Sure, Writer};
use crate::codec::Stamp;
use crate::error::ExecuteError;
use crate::request::Request;

impl Writer {
    /// Whether a group may be tried, and up to when work falls due before it. What is
    /// refused here leaves no trace, due work included.
    pub(super) fn admit(
        &self,
        group: &[Request],
        wall: Timestamp,
        job: &Job,
    ) -> Result<Timestamp, ExecuteError> {
        if job.mode == Mode::InOrder && refused_before(job) {
            return Err(ExecuteError::NotTried);
        }
        let now = self.ledger.now();
        for request in group {
            self.stamp(request)?;
        }
        refuse_mixed_times(group)?;
        // Replays move no time; the first request that is new names the instant.
        let known = |request: &&Request| {
            self.stamp(request).is_ok_and(|stamp| self.known(request, stamp.as_ref()).is_some())
        };
        let Some(first) = group.iter().find(|request| !known(request)) else {
            return Ok(now);
        };
        // The command that opens a ledger brings its clock along.
        let opening =
            if let Command::OpenLedger(settings) = &first.command { Some(&**settings) } else { None };
        let clock = opening.or(self.ledger.settings()).map(|settings| settings.clock);
        if clock == Some(Clock::Simulated) {
            let asked = named_time(first).unwrap_or(now);
            return if asked < now {
                Err(ExecuteError::Refused(Refusal::from(TimeRefusal::Backwards { asked, now })))
            } else {
                Ok(asked)
            };
        }
        if first.at.is_some() || named_time(first).is_some_and(|to| to > wall) {
            return Err(ExecuteError::Malformed {
                why: "this ledger takes its time from the machine's clock; open one with a simulated clock",
            });
        }
        Ok(wall.max(now))
    }

    /// The answer to a request whose key is known.
    pub(super) fn known(&self, request: &Request, stamp: Option<&Stamp>) -> Option<Answer> {
        let stamp = stamp?;
        let (fingerprint, sure) = self.keys.find(stamp)?;
        Some(if fingerprint == stamp.request {
            Ok(Sure { replayed: true, ..sure })
        } else {
            Err(ExecuteError::KeyReused { key: request.key.clone().unwrap_or_default() })
        })
    }

    /// Refuses to act for an account that does not exist.
    pub(super) fn refuse_acting(&self, request: &Request) -> Result<(), ExecuteError> {
        match request.acting.filter(|account| self.ledger.account(*account).is_none()) {
            Some(account) => Err(ExecuteError::Refused(AccountRefusal::Unknown { account }.into())),
            None => Ok(()),
        }
    }

    pub(super) fn stamp(&self, request: &Request) -> Result<Option<Stamp>, ExecuteError> {
        match &request.key {
            None => Ok(None),
            Some(key) if key.is_empty() || key.len() > 255 => {
                Err(ExecuteError::Malformed { why: "an idempotency key has 1 to 255 bytes" })
            }
            Some(key) => Ok(Some(self.keys.stamp(key, request.acting, &request.command))),
        }
    }
}

/// Whether the group before was refused: its last answer says so, because it stops there.
fn refused_before(job: &Job) -> bool {
    let last = job.answered.iter().rev().find_map(|group| group.last());
    last.is_some_and(Result::is_err)
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
pub(super) fn refused_whole(requests: usize, error: ExecuteError) -> Vec<Answer> {
    let rest = (1..requests).map(|_| Err(ExecuteError::NotTried));
    std::iter::once(Err(error)).take(requests).chain(rest).collect()
}
