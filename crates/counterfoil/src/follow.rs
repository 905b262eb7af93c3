//! Following the log: one thread reads and decodes what is durable, keeps checkpoints of
//! it, and hands it on to the views.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender};

use counterfoil_domain::Recorded;
use counterfoil_log::{EventLog, Frame, Head};
use tokio::sync::{mpsc, watch};

use crate::codec::{Decoded, decode_frame};
use crate::error::OpenError;
use crate::open::usable;
use crate::state::{Keeper, Recalled, StateShelf, short};
use crate::writer::Message;

/// How much of the log is read at once: its events, decoded, should stay near the cores.
const READ_BYTES: usize = 256 << 10;

/// Some frames of the log, decoded.
pub(crate) struct Batch {
    pub(crate) events: Vec<Recorded>,
    /// The head of the log that ends with them.
    pub(crate) head: Head,
}

/// What is told: what happened, or why nothing more is told.
pub(crate) type News = Result<Arc<Batch>, Arc<str>>;

/// Who is told what.
pub(crate) struct Told {
    /// The views; gone where they stand still.
    pub(crate) views: Option<SyncSender<News>>,
    /// The writer: how far the log is followed.
    pub(crate) writer: Sender<Message>,
    /// The writer: what can be recalled from runs.
    pub(crate) recalled: watch::Sender<Recalled>,
}

/// What is followed, and from where.
pub(crate) struct Following {
    pub(crate) log: Arc<dyn EventLog>,
    /// Where checkpoints lie.
    pub(crate) state: Option<StateShelf>,
    /// The first frame that the views have not seen.
    pub(crate) next_frame: u64,
    pub(crate) told: Told,
}

/// Where following is.
struct Follow {
    log: Arc<dyn EventLog>,
    keeper: Option<Keeper>,
    next_frame: u64,
    told: Told,
    /// What the views have or had: it is let go of by the thread that made it, which costs
    /// the views nothing and memory less.
    sent: VecDeque<Arc<Batch>>,
}

impl Following {
    /// Starts the thread. It follows until the writer is gone or `closing` says so; then
    /// once more to the head.
    pub(crate) fn start(
        self,
        head: watch::Receiver<Head>,
        closing: mpsc::Receiver<()>,
    ) -> std::io::Result<()> {
        let Self { log, state, next_frame, told } = self;
        let follow = Follow { log, keeper: None, next_frame, told, sent: VecDeque::new() };
        std::thread::Builder::new()
            .name("counterfoil-follow".to_owned())
            .spawn(move || follow.run(state, head, closing))?;
        Ok(())
    }
}

impl Follow {
    fn run(
        mut self,
        state: Option<StateShelf>,
        mut head: watch::Receiver<Head>,
        mut closing: mpsc::Receiver<()>,
    ) {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return self.stop(&error.to_string()),
        };
        runtime.block_on(async {
            if let Some(state) = state
                && let Err(error) = self.resume_keeping(state).await
            {
                return self.stop(&error.to_string());
            }
            loop {
                if let Err(error) = self.catch_up().await {
                    return self.stop(&error.to_string());
                }
                tokio::select! {
                    biased;
                    _ = closing.recv() => break,
                    changed = head.changed() => if changed.is_err() {
                        break;
                    },
                }
            }
            match self.catch_up().await {
                Ok(()) => self.keep(Keeper::has_news),
                Err(error) => self.stop(&error.to_string()),
            }
        });
    }

    /// Keeps on from the newest checkpoint, which the writer has read too.
    async fn resume_keeping(&mut self, state: StateShelf) -> Result<(), OpenError> {
        let keeper = match usable(&state, &*self.log).await? {
            Some(checkpoint) => Keeper::resumed(state, checkpoint),
            None => Keeper::new(state, self.log.ledger()),
        };
        self.next_frame = self.next_frame.min(keeper.head().next_frame);
        self.keeper = Some(keeper);
        Ok(())
    }

    async fn catch_up(&mut self) -> Result<(), OpenError> {
        while self.next_frame < self.log.head().next_frame {
            let frames = self.log.read(self.next_frame, READ_BYTES).await?;
            let Some(last) = frames.last() else {
                let (frame, position) = (self.next_frame, self.log.head().next_position);
                let why = format!("frame {frame} is before the log's head and is not there");
                return Err(OpenError::Breach { position, why });
            };
            let head = last.head_after();
            self.next_frame = head.next_frame;
            let events = self.take_in(&frames)?;
            self.send(Batch { events, head });
            self.keep(Keeper::is_due);
            // A writer that is gone need not know.
            let _ = self.told.writer.send(Message::Followed(head.next_position));
        }
        Ok(())
    }

    /// Hands a batch to the views, and lets go of those that they are done with.
    fn send(&mut self, batch: Batch) {
        let batch = Arc::new(batch);
        if self.told.views.as_ref().is_some_and(|views| views.send(Ok(batch.clone())).is_err()) {
            self.told.views = None;
        }
        self.sent.push_back(batch);
        while self.sent.front().is_some_and(|oldest| Arc::strong_count(oldest) == 1) {
            self.sent.pop_front();
        }
    }

    /// Decodes frames and shows them to the keeper.
    fn take_in(&mut self, frames: &[Frame]) -> Result<Vec<Recorded>, OpenError> {
        let count: u64 = frames.iter().map(|frame| u64::from(frame.count())).sum();
        let mut events = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
        for frame in frames {
            let first = events.len();
            let mut stamps = Vec::new();
            for decoded in decode_frame(frame) {
                let Decoded { recorded, stamp, command_events: _ } = decoded?;
                stamps.extend(stamp.map(|stamp| (short(&stamp.key), recorded.position)));
                events.push(recorded);
            }
            self.show(frame, events.get(first..).unwrap_or_default(), &stamps);
        }
        Ok(events)
    }

    fn show(&mut self, frame: &Frame, events: &[Recorded], keys: &[(u64, u64)]) {
        let Some(keeper) = self.keeper.as_mut().filter(|keeper| keeper.head().next_frame <= frame.number())
        else {
            return;
        };
        let (recorded_at, head) = (frame.recorded_at(), frame.head_after());
        let taken = catch_unwind(AssertUnwindSafe(|| keeper.take_in(events, keys, recorded_at, head)));
        if taken.is_err() {
            let position = frame.first_position();
            tracing::error!(position, "an event does not follow from those before it; no more checkpoints");
            self.keeper = None;
        }
    }

    /// Makes a checkpoint where it is wanted.
    fn keep(&mut self, wanted: impl Fn(&Keeper) -> bool) {
        let Some(keeper) = self.keeper.as_mut().filter(|keeper| wanted(keeper)) else {
            return;
        };
        match keeper.checkpoint() {
            Ok(recalled) => drop(self.told.recalled.send_replace(recalled)),
            Err(broken) => {
                tracing::warn!(file = %broken.file.display(), why = broken.why, "no checkpoint was made; the next opening reads more of the log");
                self.keeper = None;
            }
        }
    }

    fn stop(&mut self, why: &str) {
        tracing::error!(why, "the log is followed no more; the ledger goes on");
        let _ = self.told.writer.send(Message::Followed(u64::MAX));
        if let Some(views) = &self.told.views {
            let _ = views.send(Err(why.into()));
        }
    }
}
