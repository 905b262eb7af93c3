//! Preview: what would happen, without a trace.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::calendar::advance::next_due;
use counterfoil_domain::{Actor, Context, Ledger, Recorded, decide, evolve};
use uuid::Uuid;

use super::step::{encode_all, last_sure, recorded};
use super::{Answer, Writer};
use crate::error::ExecuteError;
use crate::request::Request;

impl Writer {
    /// Decides without a trace: the same path, on a copy where work falls due first.
    pub(super) fn preview(&self, requests: &[Request], until: Timestamp) -> Vec<Answer> {
        let mut copy = None;
        let mut position = self.position;
        while let Some((time, event)) = next_due(copy.as_ref().unwrap_or(&self.ledger), until, position) {
            let actor = Actor::Time;
            let due =
                Recorded { position, time, actor, acting: None, command: Uuid::nil(), cause: None, event };
            evolve(copy.get_or_insert_with(|| self.ledger.clone()), &due);
            position += 1;
        }
        let ledger = copy.as_ref().unwrap_or(&self.ledger);
        let now = until.max(ledger.now());
        requests.iter().map(|request| self.preview_one(request, ledger, now, position)).collect()
    }

    fn preview_one(&self, request: &Request, ledger: &Ledger, now: Timestamp, position: u64) -> Answer {
        if let Some(answer) = self.known(request, self.stamp(request)?.as_ref()) {
            return answer;
        }
        self.refuse_acting(request)?;
        let loaded = self.records.load(&request.command);
        let context = Context { now, position };
        let events = decide(ledger, &loaded, &request.command, &context).map_err(ExecuteError::Refused)?;
        let recorded = recorded(request, events, now, position);
        encode_all(&recorded, None)?;
        last_sure(&recorded).ok_or(ExecuteError::NotTried)
    }
}
