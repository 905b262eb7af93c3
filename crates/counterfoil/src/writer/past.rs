//! The past: any event that was recorded, by position.
//!
//! What is staged is read where it is staged, what is durable from the log.

use std::sync::Arc;

use counterfoil_domain::record::Record;
use counterfoil_domain::{RecordId, Recorded};
use counterfoil_log::{EventLog, Frame};
use counterfoil_runs::RunError;

use super::staging::Staging;
use crate::codec::{CodecError, Decoded, decode, decode_at};
use crate::error::ExecuteError;

/// Reads what the log holds.
pub(super) struct Past {
    log: Arc<dyn EventLog>,
    /// Made with the first look: most ledgers never look back that far.
    runtime: Option<tokio::runtime::Runtime>,
    /// The frame that was read last: neighbours are asked for together.
    last: Option<Frame>,
    /// The event that was recorded last: the next command often changes what it made.
    newest: Option<Recorded>,
    /// The durable event that was read last: one may have left many of the records that a command
    /// needs.
    read: Option<Recorded>,
}

/// An event of the past, and when it was recorded.
pub(super) struct Bygone {
    pub(super) decoded: Decoded,
    pub(super) recorded_at: i64,
}

impl Past {
    pub(super) fn new(log: Arc<dyn EventLog>) -> Self {
        Self { log, runtime: None, last: None, newest: None, read: None }
    }

    /// Notes the event that was recorded last.
    pub(super) fn note(&mut self, newest: Option<Recorded>) {
        self.newest = newest;
    }

    /// That record as the event at a position left it.
    pub(super) fn record(
        &mut self,
        staging: &Staging,
        id: RecordId,
        position: u64,
    ) -> Result<Option<Record>, ExecuteError> {
        let known = [&self.newest, &self.read].into_iter().flatten();
        if let Some(event) = known.into_iter().find(|event| event.position == position) {
            return Ok(event.record(id));
        }
        let Some(event) = self.event(staging, position)?.map(|bygone| bygone.decoded.recorded) else {
            return Ok(None);
        };
        let record = event.record(id);
        if staging.event(position).is_none() {
            self.read = Some(event);
        }
        Ok(record)
    }

    /// The event at a position; `None` where there is none yet.
    pub(super) fn event(&mut self, staging: &Staging, position: u64) -> Result<Option<Bygone>, ExecuteError> {
        let broken = |error: CodecError| unreadable(position, &error);
        if let Some((bytes, recorded_at)) = staging.event(position) {
            let decoded = decode(position, bytes).map_err(broken)?;
            return Ok(Some(Bygone { decoded, recorded_at }));
        }
        let Some(frame) = self.frame(position)? else {
            return Ok(None);
        };
        let recorded_at = frame.recorded_at();
        let decoded = decode_at(frame, position).map_err(broken)?;
        Ok(decoded.map(|decoded| Bygone { decoded, recorded_at }))
    }

    fn frame(&mut self, position: u64) -> Result<Option<&Frame>, ExecuteError> {
        let holds =
            |frame: &Frame| frame.first_position() <= position && position < frame.head_after().next_position;
        if !self.last.as_ref().is_some_and(holds) {
            let runtime = match &mut self.runtime {
                Some(runtime) => runtime,
                none @ None => {
                    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                    none.insert(runtime.map_err(|error| unreadable(position, &error))?)
                }
            };
            let found = runtime.block_on(self.log.frame_of(position));
            self.last = found.map_err(|error| unreadable(position, &error))?;
        }
        Ok(self.last.as_ref())
    }
}

/// A run that cannot be read. The next opening does not believe it.
pub(super) fn unreadable_run(error: &RunError) -> ExecuteError {
    let mend = "close the ledger and open it again: what cannot be read is made again from the log";
    ExecuteError::Unreadable { why: format!("{error} Or {mend}").into() }
}

fn unreadable(position: u64, why: &dyn std::fmt::Display) -> ExecuteError {
    ExecuteError::Unreadable {
        why: format!("the event at position {position}: {why}; run `counterfoil audit`").into(),
    }
}
