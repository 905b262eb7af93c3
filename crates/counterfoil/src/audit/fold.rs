//! The passes that read the log once: chain, replay under the laws, books, views.

use std::panic::{AssertUnwindSafe, catch_unwind};

use counterfoil_domain::laws::Laws;
use counterfoil_domain::{Ledger, Recorded, evolve};
use counterfoil_log::{EventLog, Frame, Head};
use counterfoil_views::views::Outcome;
use counterfoil_views::{Checkpoint, Rebuild, View, Views};

use super::Pass;
use super::scratch::Scratch;
use crate::codec::decode_frame;
use crate::projection::BYTES;
use crate::state::Checkpoint as Kept;

/// How much of the log is read at once.
const READ_BYTES: usize = 4 << 20;

/// After so many breaches of the laws the rest are echoes.
const MOST_BREACHES: usize = 20;

pub(super) const STATE: &str = "remove the state folder; it is made again, and the log is whole";

const RESTORE: &str = "restore the log folder from a backup";

/// Everything that one reading of the log checks.
pub(super) struct Fold {
    chain: Pass,
    replay: Pass,
    books: Pass,
    views: Pass,
    ledger: Ledger,
    laws: Laws,
    /// Whether events can still be added to the ledger.
    follows: bool,
    loaded: Views,
    checks: Vec<Check>,
    state: Pass,
    /// The checkpoint that the log must lead to, until it has.
    kept: Option<Kept>,
    /// Where the rebuilt views write their rows.
    scratch: Scratch,
    /// How many events were checked since rows were last looked at.
    taken: u32,
}

/// After so many events it is looked whether rows fill the memory.
const LOOK: u32 = 4_096;

/// A view being rebuilt up to where its snapshot stands.
struct Check {
    rebuild: Rebuild,
    at: Option<Checkpoint>,
    /// Whether the log has a frame that ends where the snapshot was taken, with its hash.
    confirmed: bool,
}

impl Fold {
    /// Reads the log from its first frame to its head.
    pub(super) async fn run(
        log: &dyn EventLog,
        views: (Views, [(View, Outcome); 5]),
        state: (Pass, Option<Kept>),
        scratch: Scratch,
    ) -> Self {
        let mut fold = Self::new(views, state, scratch);
        let end = log.head();
        let mut next_frame = 0;
        while next_frame < end.next_frame {
            match log.read(next_frame, READ_BYTES).await {
                Ok(frames) if frames.is_empty() => {
                    fold.chain.find(format!("frame {next_frame} is not there; the head is {end}"), RESTORE);
                    break;
                }
                Ok(frames) => {
                    for frame in frames {
                        next_frame = frame.number() + 1;
                        fold.take_frame(&frame);
                    }
                }
                Err(error) => {
                    fold.chain.find(error.to_string(), RESTORE);
                    break;
                }
            }
        }
        fold.finish();
        fold
    }

    pub(super) fn into_passes(self) -> [Pass; 5] {
        [self.chain, self.replay, self.books, self.views, self.state]
    }

    fn new(
        (loaded, outcomes): (Views, [(View, Outcome); 5]),
        (state, kept): (Pass, Option<Kept>),
        scratch: Scratch,
    ) -> Self {
        let mut views = Pass::new("views", "events in snapshots", 0);
        let mut checks = Vec::new();
        for (view, outcome) in outcomes {
            let at = match outcome {
                Outcome::Fresh | Outcome::Stale { .. } => None,
                Outcome::Loaded { at } => Some(at),
                Outcome::Damaged { file, why } => {
                    views.find(format!("the snapshot {file} of the view {view}: {why}"), advice(view));
                    None
                }
            };
            // What was taken before the first event is confirmed by any log.
            let confirmed = at.is_none_or(|at| at.next_position == 0);
            checks.push(Check { rebuild: Rebuild::of(view), at, confirmed });
        }
        Self {
            chain: Pass::new("chain", "frames", 0),
            replay: Pass::new("replay", "events", 0),
            books: Pass::new("books", "books", 0),
            views,
            ledger: Ledger::new(),
            laws: Laws::new(),
            follows: true,
            loaded,
            checks,
            state,
            kept,
            scratch,
            taken: 0,
        }
    }

    fn take_frame(&mut self, frame: &Frame) {
        self.chain.checked += 1;
        for decoded in decode_frame(frame) {
            match decoded {
                Ok(decoded) => self.take_event(&decoded.recorded),
                Err(error) => {
                    self.follows = false;
                    self.replay.find(error.to_string(), RESTORE);
                }
            }
        }
        let end = frame.head_after();
        self.check_kept(&end);
        let taken_here = Checkpoint { next_position: end.next_position, chain: end.hash.0 };
        for check in self.checks.iter_mut().filter(|check| check.at == Some(taken_here)) {
            check.confirmed = true;
        }
    }

    /// Compares the checkpoint with the ledger where the log has come to it.
    fn check_kept(&mut self, end: &Head) {
        if let Some(kept) = self.kept.take_if(|kept| kept.head == *end)
            && self.follows
            && kept.ledger != self.ledger
        {
            self.state.find("the checkpoint of the ledger is not what the log says", STATE);
        }
    }

    fn take_event(&mut self, recorded: &Recorded) {
        self.replay.checked += 1;
        if self.replay.findings.len() < MOST_BREACHES
            && let Err(breach) = self.laws.check(recorded)
        {
            self.replay.find(breach.to_string(), RESTORE);
        }
        if self.follows {
            // The ledger asserts what it takes for granted; a log that breaks that is
            // a finding, not a crash.
            let ledger = &mut self.ledger;
            let added = catch_unwind(AssertUnwindSafe(|| evolve(ledger, recorded)));
            if added.is_err() {
                self.follows = false;
                let what = format!(
                    "the event at position {} does not follow from those before it",
                    recorded.position
                );
                self.replay.find(what, RESTORE);
            }
        }
        for check in &mut self.checks {
            let upto = check.at.map_or(0, |at| at.next_position);
            if recorded.position < upto && check.rebuild.apply(recorded).is_ok() {
                self.views.checked += 1;
            }
        }
        self.taken += 1;
        if self.taken >= LOOK {
            self.taken = 0;
            self.write_rows();
        }
    }

    /// Moves the rebuilt views' rows to disk where they fill the memory.
    fn write_rows(&mut self) {
        for check in self.checks.iter_mut().filter(|check| check.rebuild.unwritten() >= BYTES) {
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

    fn finish(&mut self) {
        if self.kept.is_some() {
            self.state.find("the checkpoint was taken of a log that is not this one", STATE);
        }
        if self.follows {
            for breach in self.laws.finish(&self.ledger) {
                self.books.find(breach.to_string(), RESTORE);
            }
        }
        let wallets = self.ledger.accounts().iter().map(|account| account.wallets.len());
        let books = wallets.sum::<usize>() + self.ledger.tallies().count();
        self.books.checked = books as u64;
        for check in &self.checks {
            let view = check.rebuild.view();
            let at = check.at.map_or(0, |at| at.next_position);
            if at > self.replay.checked {
                let what = format!(
                    "the view {view} has seen {at} events and the log holds {}: the log is shorter than it was",
                    self.replay.checked
                );
                self.replay.find(what, RESTORE);
            } else if !check.confirmed {
                let what = format!(
                    "the snapshot of the view {view} stands at position {at} of a log that is not this one"
                );
                self.views.find(what, advice(view));
            } else if check.at.is_some() {
                match self.loaded.compare(&check.rebuild) {
                    Ok(None) => {}
                    Ok(Some(difference)) => {
                        let what =
                            format!("the snapshot of the view {view} is not what the log says: {difference}");
                        self.views.find(what, advice(view));
                    }
                    Err(incomparable) => {
                        self.views.find(format!("the view {view}: {incomparable}"), advice(view));
                    }
                }
            }
        }
    }
}

fn advice(view: View) -> String {
    format!("run `counterfoil rebuild {view}`; the log is whole")
}
