//! The passes that read the log once: chain, replay under the laws, books, views, and
//! what the folder `state` says of it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use counterfoil_domain::laws::Laws;
use counterfoil_domain::{Ledger, Recorded, evolve};
use counterfoil_log::{EventLog, Frame};

use super::Pass;
use super::scratch::ScratchFolder;
use super::state::StatePass;
use super::views::{Batch, Rebuilding, Snapshots};
use crate::codec::{Decoded, decode_frame};

/// How much of the log is read at once: its events, decoded, wait for the views.
const READ_BYTES: usize = 256 << 10;

/// After so many breaches, or events that cannot be understood, the rest are echoes.
const MOST_BREACHES: usize = 20;

pub(super) const RESTORE: &str = "restore the log folder from a backup";

/// Everything that one reading of the log checks.
pub(super) struct Fold {
    chain: Pass,
    replay: Pass,
    books: Pass,
    ledger: Ledger,
    laws: Laws,
    /// Whether events can still be added to the ledger.
    follows: bool,
    views: Rebuilding,
    state: StatePass,
}

impl Fold {
    /// Reads the log from its first frame to its head.
    pub(super) async fn run(
        log: &dyn EventLog,
        views: Snapshots,
        state: StatePass,
        scratch: Arc<ScratchFolder>,
    ) -> io::Result<[Pass; 5]> {
        let views = Rebuilding::start(views, scratch)?;
        let mut fold = Self::new(views, state);
        let end = log.head();
        let mut next_frame = 0;
        while next_frame < end.next_frame {
            match log.read(next_frame, READ_BYTES).await {
                Ok(frames) if frames.is_empty() => {
                    fold.chain.find(format!("frame {next_frame} is not there; the head is {end}"), RESTORE);
                    break;
                }
                Ok(frames) => {
                    next_frame = frames.last().map_or(next_frame, |frame| frame.number() + 1);
                    fold.take_in(&frames);
                }
                Err(error) => {
                    fold.chain.find(error.to_string(), RESTORE);
                    break;
                }
            }
        }
        Ok(fold.finish())
    }

    fn new(views: Rebuilding, state: StatePass) -> Self {
        Self {
            chain: Pass::new("chain", "frames", 0),
            replay: Pass::new("replay", "events", 0),
            books: Pass::new("books", "books", 0),
            ledger: Ledger::new(),
            laws: Laws::new(),
            follows: true,
            views,
            state,
        }
    }

    fn take_in(&mut self, frames: &[Frame]) {
        let count: u64 = frames.iter().map(|frame| u64::from(frame.count())).sum();
        let events = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
        let mut batch = Batch { events, ends: Vec::with_capacity(frames.len()) };
        for frame in frames {
            self.take_frame(frame, &mut batch);
        }
        self.views.take_in(batch);
    }

    fn take_frame(&mut self, frame: &Frame, batch: &mut Batch) {
        self.chain.checked += 1;
        self.state.begin_frame(frame);
        for decoded in decode_frame(frame) {
            match decoded {
                Ok(decoded) => {
                    self.take_event(&decoded);
                    batch.events.push(decoded.recorded);
                }
                Err(error) => {
                    self.follows = false;
                    self.state.cannot_compare();
                    if self.replay.findings.len() < MOST_BREACHES {
                        self.replay.find(error.to_string(), RESTORE);
                    }
                }
            }
        }
        let end = frame.head_after();
        self.state.end_frame(&end, self.follows.then_some(&self.ledger));
        batch.ends.push(end);
    }

    fn take_event(&mut self, decoded: &Decoded) {
        let recorded = &decoded.recorded;
        self.replay.checked += 1;
        self.state.take_in(decoded);
        if self.replay.findings.len() < MOST_BREACHES
            && let Err(breach) = self.laws.check(recorded)
        {
            self.replay.find(breach.to_string(), RESTORE);
        }
        if self.follows {
            self.evolve(recorded);
        }
    }

    fn evolve(&mut self, recorded: &Recorded) {
        // The ledger asserts what it takes for granted; a log that breaks that is
        // a finding, not a crash.
        let ledger = &mut self.ledger;
        let added = catch_unwind(AssertUnwindSafe(|| evolve(ledger, recorded)));
        if added.is_err() {
            self.follows = false;
            let what =
                format!("the event at position {} does not follow from those before it", recorded.position);
            self.replay.find(what, RESTORE);
        }
    }

    fn finish(mut self) -> [Pass; 5] {
        if self.follows {
            for breach in self.laws.finish(&self.ledger) {
                self.books.find(breach.to_string(), RESTORE);
            }
        }
        let wallets = self.ledger.accounts().iter().map(|account| account.wallets.len());
        let books = wallets.sum::<usize>() + self.ledger.tallies().count();
        self.books.checked = books as u64;
        let views = self.views.finish(self.replay.checked);
        [self.chain, self.replay, self.books, views, self.state.finish()]
    }
}
