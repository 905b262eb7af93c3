//! Preview: what would happen, without a trace.

use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::due::{do_due, next_due};
use counterfoil_domain::{Context, Ledger, Loaded, decide, evolve};

use super::admit::refuse_whole;
use super::recording::{last_sure, nothing_due, recorded, recorded_due, refuse_unstorable};
use super::stamp::Keyed;
use super::unrecorded::Unrecorded;
use super::{Answer, Few, Writer};
use crate::error::ExecuteError;
use crate::request::Request;

/// What due work would come to.
struct Foreseen {
    /// The ledger after it; `None` where nothing is due.
    ledger: Option<Ledger>,
    /// The records that its events leave behind.
    made: Unrecorded,
    position: u64,
}

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
        let due = match self.preview_due(until) {
            Ok(due) => due,
            Err(error) => return refuse_whole(requests.len(), error, answers),
        };
        for (request, keyed) in requests.iter().zip(keys) {
            let answer = match self.known(request, keyed, wall) {
                Ok(Some(answer)) => answer,
                Ok(None) => self.preview_one(request, &due, until),
                Err(error) => Err(error),
            };
            answers.push(answer);
        }
    }

    /// The work that falls due by `until`, on a copy of the ledger where there is any.
    fn preview_due(&mut self, until: Timestamp) -> Result<Foreseen, ExecuteError> {
        let mut foreseen = Foreseen { ledger: None, made: Unrecorded::default(), position: self.position };
        while let Some((now, due)) = next_due(foreseen.ledger.as_ref().unwrap_or(&self.ledger), until) {
            let needs = |loaded: &Loaded| due.needs(loaded);
            let Foreseen { made, .. } = &foreseen;
            let loaded =
                self.records.load_after(made, needs, &self.recalled, &mut self.past, &self.staging)?;
            let ledger = foreseen.ledger.get_or_insert_with(|| self.ledger.clone());
            let context = Context { now, position: foreseen.position };
            let events = do_due(ledger, &loaded, due, &context);
            if events.is_empty() {
                return Err(nothing_due(due));
            }
            for recorded in recorded_due(self.ids.as_ref(), events, &context) {
                evolve(ledger, &recorded);
                foreseen.position += 1;
                foreseen.made.add(&recorded);
            }
        }
        Ok(foreseen)
    }

    fn preview_one(&mut self, request: &Request, foreseen: &Foreseen, until: Timestamp) -> Answer {
        self.refuse_acting(request)?;
        let Foreseen { ledger, made, position } = foreseen;
        let command = &request.command;
        let needs = |loaded: &Loaded| command.needs(loaded);
        let loaded = self.records.load_after(made, needs, &self.recalled, &mut self.past, &self.staging)?;
        let ledger = ledger.as_ref().unwrap_or(&self.ledger);
        let context = Context { now: until.max(ledger.now()), position: *position };
        let events = decide(ledger, &loaded, command, &context).map_err(ExecuteError::Refused)?;
        let recorded = recorded(request, self.ids.as_ref(), events, context.now, *position);
        refuse_unstorable(&recorded)?;
        last_sure(&recorded).ok_or(ExecuteError::NotTried)
    }
}
