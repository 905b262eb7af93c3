//! Preview: what would happen, without a trace.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::calendar::advance::next_due;
use counterfoil_domain::{Actor, Context, Ledger, Recorded, decide, evolve};
use uuid::Uuid;

use super::recording::{last_sure, recorded, refuse_unstorable};
use super::stamp::Keyed;
use super::{Answer, Few, Writer};
use crate::error::ExecuteError;
use crate::request::Request;

impl Writer {
    /// Decides without a trace: the same path, on a copy where work falls due first.
    pub(super) fn preview(
        &mut self,
        requests: &[Request],
        keys: &[Keyed],
        until: Timestamp,
        wall: Timestamp,
        answers: &mut Few<Answer>,
    ) {
        let mut copy = None;
        let mut made = Vec::new();
        let mut position = self.position;
        while let Some((time, event)) = next_due(copy.as_ref().unwrap_or(&self.ledger), until, position) {
            let actor = Actor::Time;
            let due =
                Recorded { position, time, actor, acting: None, command: Uuid::nil(), cause: None, event };
            evolve(copy.get_or_insert_with(|| self.ledger.clone()), &due);
            position += 1;
            let mut leaves_record = false;
            due.records(|_| leaves_record = true);
            if leaves_record {
                made.push(due);
            }
        }
        for (request, keyed) in requests.iter().zip(keys) {
            let answer = match self.known(request, keyed, wall) {
                Ok(Some(answer)) => answer,
                Ok(None) => self.preview_one(request, (copy.as_ref(), &made), until, position),
                Err(error) => Err(error),
            };
            answers.push(answer);
        }
    }

    fn preview_one(
        &mut self,
        request: &Request,
        (copy, made): (Option<&Ledger>, &[Recorded]),
        until: Timestamp,
        position: u64,
    ) -> Answer {
        self.refuse_acting(request)?;
        let command = &request.command;
        let loaded = self.records.load_after(made, command, &self.recalled, &mut self.past, &self.staging)?;
        let ledger = copy.unwrap_or(&self.ledger);
        let context = Context { now: until.max(ledger.now()), position };
        let events = decide(ledger, &loaded, command, &context).map_err(ExecuteError::Refused)?;
        let recorded = recorded(request, self.ids.as_ref(), events, context.now, position);
        refuse_unstorable(&recorded)?;
        last_sure(&recorded).ok_or(ExecuteError::NotTried)
    }
}
