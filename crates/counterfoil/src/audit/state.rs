//! The pass over the newest checkpoint: its file, every block of its runs, and that the
//! log leads to its ledger and to every row.

use std::path::Path;
use std::sync::Arc;

use counterfoil_domain::Ledger;
use counterfoil_log::{EventLog, Frame, Head};

use super::Pass;
use super::fold::RESTORE;
use super::scratch::ScratchFolder;
use crate::codec::Decoded;
use crate::state::{Checkpoint, Comparison, Difference, Standing, StateShelf, short};

pub(super) const STATE: &str = "remove the state folder; it is made again, and the log is whole";

const AGAIN: &str = "mend what it says, and audit again";

const OF_ANOTHER: &str = "the checkpoint was taken of a log that is not this one";

/// The newest checkpoint, while the log is read.
pub(super) struct StatePass {
    pass: Pass,
    /// The head and the ledger to which the log must lead, until it has.
    awaited: Option<(Head, Ledger)>,
    /// The rows that the runs should hold, as far as they can be known.
    comparison: Option<Comparison>,
    /// Where rows are put that do not fit into memory.
    scratch: Arc<ScratchFolder>,
}

impl StatePass {
    /// Reads the newest checkpoint of a log whole; none is fine.
    pub(super) async fn new(folder: &Path, log: &dyn EventLog, scratch: Arc<ScratchFolder>) -> Self {
        let (pass, checkpoint) = check(folder);
        let mut state = Self { pass, awaited: None, comparison: None, scratch };
        if let Some(checkpoint) = checkpoint {
            // What cannot be read now is found when the log is read.
            match checkpoint.standing(log).await.unwrap_or(Standing::OfThis) {
                Standing::OfThis => state.begin(checkpoint),
                Standing::Ahead => state.pass.find(shorter(&checkpoint.head, &log.head()), RESTORE),
                Standing::OfAnother => state.pass.find(OF_ANOTHER, STATE),
            }
        }
        state
    }

    fn begin(&mut self, checkpoint: Checkpoint) {
        let Checkpoint { head, trail: _, ledger, recalled } = checkpoint;
        self.awaited = Some((head, ledger));
        self.comparison = Some(Comparison::new(recalled, self.scratch.path()));
    }

    /// The events of a frame follow.
    pub(super) fn begin_frame(&mut self, frame: &Frame) {
        if let Some(comparison) = &mut self.comparison {
            comparison.begin_frame(frame.recorded_at());
        }
    }

    /// Takes in an event.
    pub(super) fn take_in(&mut self, decoded: &Decoded) {
        if let Some(comparison) = &mut self.comparison {
            comparison.take_in(&decoded.recorded, decoded.stamp.map(|stamp| short(&stamp.key)));
        }
    }

    /// The log has an event that cannot be understood: nobody knows its rows.
    pub(super) fn cannot_compare(&mut self) {
        self.comparison = None;
    }

    /// Compares where the log has come to the checkpoint. There is no ledger beside it
    /// where the log does not lead to one.
    pub(super) fn end_frame(&mut self, end: &Head, ledger: Option<&Ledger>) {
        if let Some((_, awaited)) = self.awaited.take_if(|(head, _)| head == end) {
            if ledger.is_some_and(|ledger| *ledger != awaited) {
                self.pass.find("the checkpoint of the ledger is not what the log says", STATE);
            }
            let differences = self.comparison.take().map(Comparison::finish);
            for found in differences.into_iter().flatten() {
                let advice = if matches!(found, Difference::Unread(_)) { AGAIN } else { STATE };
                self.pass.find(found.to_string(), advice);
            }
        } else if let Some(comparison) = self.comparison.as_mut().filter(|comparison| comparison.is_full())
            && let Err(error) = comparison.write()
        {
            self.comparison = None;
            self.pass.find(Difference::Unread(error.into()).to_string(), AGAIN);
        }
    }

    pub(super) fn finish(mut self) -> Pass {
        if self.awaited.is_some() {
            self.pass.find(OF_ANOTHER, STATE);
        }
        self.pass
    }
}

fn shorter(seen: &Head, held: &Head) -> String {
    let (seen, held) = (seen.next_position, held.next_position);
    format!("the checkpoint has seen {seen} events and the log holds {held}: the log is shorter than it was")
}

fn check(folder: &Path) -> (Pass, Option<Checkpoint>) {
    let pass = Pass::new("state", "rows", 0);
    if !folder.is_dir() {
        return (pass, None);
    }
    let unreadable = |why: String| format!("{}: {why}", folder.display());
    let newest = StateShelf::new(folder).and_then(|shelf| shelf.newest());
    match newest {
        Ok(None) => (pass, None),
        Ok(Some(Ok(checkpoint))) => match checkpoint.recalled.verify() {
            Ok(rows) => (Pass::new("state", "rows", rows), Some(checkpoint)),
            Err(error) => (pass.with(error.to_string(), STATE.to_owned()), None),
        },
        Ok(Some(Err(broken))) => {
            let what = format!("{}: {}", broken.file.display(), broken.why);
            (pass.with(what, STATE.to_owned()), None)
        }
        Err(error) => (pass.with(unreadable(error.to_string()), STATE.to_owned()), None),
    }
}
