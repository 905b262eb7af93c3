//! The pass over the views: each is built again up to where its snapshot stands, on a
//! thread of its own, and compared.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use counterfoil_domain::Recorded;
use counterfoil_log::{EventLog, Head};
use counterfoil_views::views::Outcome;
use counterfoil_views::{Checkpoint, FolderShelf, Rebuild, View, Views};

use super::Pass;
use super::fold::RESTORE;
use super::scratch::ScratchFolder;
use crate::projection::{States, standing};
use crate::state::Standing;

/// How many batches of events may wait for the views.
const BATCHES: usize = 4;

/// Bytes of a view's rows that may be in memory; and while views are compared, when those
/// in memory are there twice.
const BYTES: usize = 32 << 20;
const SOME: usize = 4 << 20;

/// Some frames of the log.
#[derive(Default)]
pub(super) struct Batch {
    pub(super) events: Vec<Recorded>,
    /// Where its frames end.
    pub(super) ends: Vec<Head>,
}

/// The views as their snapshots hold them, before the log is read.
pub(super) struct Snapshots {
    views: Views,
    outcomes: Vec<(View, Outcome, Standing)>,
}

/// The views that are built again.
pub(super) struct Rebuilding {
    batches: SyncSender<Arc<Batch>>,
    /// What the thread has or had: who made it lets go of it, which costs memory less.
    sent: VecDeque<Arc<Batch>>,
    thread: JoinHandle<Checking>,
}

struct Checking {
    pass: Pass,
    loaded: Views,
    checks: Vec<Check>,
    /// Where the views write their rows.
    scratch: Arc<ScratchFolder>,
}

/// A view being built again up to where its snapshot stands.
struct Check {
    rebuild: Rebuild,
    at: Option<Checkpoint>,
    /// How the snapshot stands to the log.
    standing: Standing,
    /// Whether the log has a frame that ends where the snapshot was taken, with its hash.
    confirmed: bool,
    /// What is wrong with the snapshot, once that is known.
    difference: Option<String>,
}

impl Snapshots {
    /// Takes the snapshots from their shelf.
    pub(super) async fn from(shelf: &FolderShelf, log: &dyn EventLog) -> Self {
        let (views, all) = Views::load(shelf, &States::default());
        let mut outcomes = Vec::with_capacity(all.len());
        for (view, outcome) in all {
            let standing = match &outcome {
                // What cannot be read now is found when the log is read.
                Outcome::Loaded { at } => standing(at, log).await.unwrap_or(Standing::OfThis),
                Outcome::Fresh | Outcome::Stale { .. } | Outcome::Damaged { .. } => Standing::OfThis,
            };
            outcomes.push((view, outcome, standing));
        }
        Self { views, outcomes }
    }
}

impl Rebuilding {
    /// Starts the thread.
    pub(super) fn start(loaded: Snapshots, scratch: Arc<ScratchFolder>) -> io::Result<Self> {
        let checking = Checking::new(loaded, scratch);
        let (batches, taken) = sync_channel(BATCHES);
        let thread = std::thread::Builder::new().name("counterfoil-audit".to_owned());
        let thread = thread.spawn(move || checking.run(&taken))?;
        Ok(Self { batches, sent: VecDeque::new(), thread })
    }

    /// Hands over what follows in the log.
    pub(super) fn take_in(&mut self, batch: Batch) {
        let batch = Arc::new(batch);
        // A thread that is gone is noticed in the end.
        let _ = self.batches.send(batch.clone());
        self.sent.push_back(batch);
        while self.sent.front().is_some_and(|oldest| Arc::strong_count(oldest) == 1) {
            self.sent.pop_front();
        }
    }

    /// Compares, once the log was read to its end and held so many events.
    pub(super) fn finish(self, held: u64) -> Pass {
        let Self { batches, sent, thread } = self;
        drop((batches, sent));
        match thread.join() {
            Ok(checking) => checking.finish(held),
            Err(_) => new_pass().with("a view could not be built again".to_owned(), RESTORE.to_owned()),
        }
    }
}

impl Checking {
    fn new(Snapshots { views: loaded, outcomes }: Snapshots, scratch: Arc<ScratchFolder>) -> Self {
        let mut pass = new_pass();
        let mut checks = Vec::new();
        for (view, outcome, standing) in outcomes {
            let at = match outcome {
                Outcome::Fresh | Outcome::Stale { .. } => None,
                Outcome::Loaded { at } => Some(at),
                Outcome::Damaged { file, why } => {
                    pass.find(format!("the snapshot {file} of the view {view}: {why}"), advice(view));
                    None
                }
            };
            // What was taken before the first event is confirmed by any log.
            let confirmed = at.as_ref().is_none_or(|at| at.next_position == 0);
            checks.push(Check { rebuild: Rebuild::of(view), at, standing, confirmed, difference: None });
        }
        Self { pass, loaded, checks, scratch }
    }

    fn run(mut self, batches: &Receiver<Arc<Batch>>) -> Self {
        while let Ok(batch) = batches.recv() {
            self.take_in(&batch.events);
            self.write_rows(BYTES);
            for end in &batch.ends {
                self.checks.iter_mut().for_each(|check| check.pass(end));
            }
        }
        self.write_rows(SOME);
        for check in &mut self.checks {
            check.difference = check.compare(&self.loaded);
        }
        self
    }

    fn take_in(&mut self, events: &[Recorded]) {
        for check in &mut self.checks {
            let upto = check.at.as_ref().map_or(0, |at| at.next_position);
            let before = events.partition_point(|recorded| recorded.position < upto);
            let seen = check.rebuild.next_position();
            // Behind an event that cannot be understood the views stand still, and differ.
            let _ = check.rebuild.apply_all(events.get(..before).unwrap_or_default());
            self.pass.checked += check.rebuild.next_position() - seen;
        }
    }

    /// Moves the rows of views to disk that have so many bytes of them in memory.
    fn write_rows(&mut self, least: usize) {
        for check in self.checks.iter_mut().filter(|check| check.rebuild.unwritten() >= least) {
            let written = self
                .scratch
                .folder()
                .map_err(|error| error.to_string())
                .and_then(|folder| check.rebuild.flush(folder).map_err(|error| error.to_string()));
            if let Err(error) = written {
                // They stay in memory: the audit needs more of it, and finds the same.
                tracing::warn!(%error, "the audit's rows could not be written");
            }
        }
    }

    fn finish(mut self, held: u64) -> Pass {
        for check in self.checks {
            let (view, at) = (check.rebuild.view(), check.at.map_or(0, |at| at.next_position));
            if check.standing == Standing::Ahead {
                let what = format!(
                    "the view {view} has seen {at} events and the log holds {held}: the log is shorter than it was"
                );
                self.pass.find(what, RESTORE);
            } else if let Some(what) = check.difference {
                self.pass.find(what, advice(view));
            }
        }
        self.pass
    }
}

impl Check {
    /// The log passed a head.
    fn pass(&mut self, end: &Head) {
        let is_here =
            |at: &Checkpoint| (at.next_position, at.lineage.chain) == (end.next_position, end.hash.0);
        self.confirmed |= self.at.as_ref().is_some_and(is_here);
    }

    /// What is wrong with the snapshot of a view.
    fn compare(&self, loaded: &Views) -> Option<String> {
        let view = self.rebuild.view();
        let at = self.at.as_ref()?.next_position;
        if !self.confirmed {
            return Some(format!(
                "the snapshot of the view {view} stands at position {at} of a log that is not this one"
            ));
        }
        match loaded.compare(&self.rebuild) {
            Ok(None) => None,
            Ok(Some(difference)) => {
                Some(format!("the snapshot of the view {view} is not what the log says: {difference}"))
            }
            Err(incomparable) => Some(format!("the view {view}: {incomparable}")),
        }
    }
}

fn new_pass() -> Pass {
    Pass::new("views", "events in snapshots", 0)
}

fn advice(view: View) -> String {
    format!("run `counterfoil rebuild {view}`; the log is whole")
}
