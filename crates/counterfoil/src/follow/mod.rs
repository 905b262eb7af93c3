//! Following the log: one thread reads and decodes what is durable, keeps checkpoints of
//! it, and hands it on to the views.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Sender, SyncSender};

use counterfoil_domain::Recorded;
use counterfoil_log::{EventLog, Frame, Head};
use tokio::sync::{mpsc, watch};

use crate::codec::{Decoded, decode_frame};
use crate::error::OpenError;
use crate::projection::ViewsStopped;
use crate::state::{Broken, Keeper, Recalled, short};
use crate::writer::Message;

/// How much of the log is read at once: its events, decoded, should stay near the cores.
const READ_BYTES: usize = 256 << 10;

/// Some frames of the log, decoded.
pub(crate) struct Batch {
    pub(crate) events: Vec<Recorded>,
    /// The heads of the log that end with each of them.
    pub(crate) heads: Vec<Head>,
}

/// How following ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Where the log ends, and what came since is kept.
    AtTheHead,
    /// At once, and nothing is written: the ledger was not opened.
    AtOnce,
}

/// What the views are told, in order.
pub(crate) enum News {
    /// What happened.
    Happened(Arc<Batch>),
    /// What can be recalled from runs of what they were told before.
    Recalled(Recalled),
    /// Why nothing more is told.
    Stopped(ViewsStopped),
    /// The ledger was not opened: nothing is kept.
    GivenUp,
}

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
    /// Who makes checkpoints, where the writer began; none without a folder.
    pub(crate) keeper: Option<Keeper>,
    /// The first frame that the views have not seen.
    pub(crate) next_frame: u64,
    pub(crate) told: Told,
}

/// What who follows the log is at: to be told where it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    Reading,
    Decoding,
    Keeping,
}

impl Doing {
    fn words(self) -> &'static str {
        match self {
            Self::Reading => "reading the log",
            Self::Decoding => "decoding the log",
            Self::Keeping => "making a checkpoint of the log",
        }
    }
}

/// Where following is.
struct Follow {
    keeper: Option<Keeper>,
    next_frame: u64,
    doing: Doing,
    told: Told,
    /// What the views have or had: it is let go of by the thread that made it, which costs
    /// the views nothing and memory less.
    sent: VecDeque<Arc<Batch>>,
    /// Emptied, to be filled again: memory that is new has to be cleared first.
    spare: Vec<Recorded>,
    /// It goes last: with it the folder may be let go of.
    log: Arc<dyn EventLog>,
}

impl Following {
    /// Starts the thread. It follows until the writer is gone or `closing` says so; then
    /// once more to the head. Where `closing` is dropped, it has ended.
    pub(crate) fn start(
        self,
        head: watch::Receiver<Head>,
        mut closing: mpsc::Receiver<Ending>,
    ) -> std::io::Result<()> {
        let Self { log, keeper, next_frame, told } = self;
        let from = keeper.as_ref().map_or(next_frame, |keeper| next_frame.min(keeper.head().next_frame));
        let (doing, sent, spare) = (Doing::Reading, VecDeque::new(), Vec::new());
        let follow = Follow { keeper, next_frame: from, doing, told, sent, spare, log };
        std::thread::Builder::new().name("counterfoil-follow".to_owned()).spawn(move || {
            follow.run(head, &mut closing);
            // It goes last: by it whoever closes knows that nothing is written any more.
            drop(closing);
        })?;
        Ok(())
    }
}

impl Follow {
    fn run(mut self, head: watch::Receiver<Head>, closing: &mut mpsc::Receiver<Ending>) {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return self.stop(ViewsStopped::sound(&error.to_string())),
        };
        match runtime.block_on(self.follow(head, closing)) {
            Ok(Ending::AtTheHead) => {
                // The views write what they keep meanwhile: they are told nothing more.
                self.told.views = None;
                self.keep(Keeper::has_news, Keeper::finish);
            }
            Ok(Ending::AtOnce) => self.give_up(),
            Err(error) => self.stop((&error).into()),
        }
    }

    /// Follows the log to its end; says how that was to be.
    async fn follow(
        &mut self,
        mut head: watch::Receiver<Head>,
        closing: &mut mpsc::Receiver<Ending>,
    ) -> Result<Ending, OpenError> {
        loop {
            if let Some(ending) = self.catch_up(closing).await? {
                return Ok(ending);
            }
            let ending = tokio::select! {
                biased;
                asked = closing.recv() => asked.unwrap_or(Ending::AtTheHead),
                changed = head.changed() => match changed {
                    Ok(()) => continue,
                    Err(_) => Ending::AtTheHead,
                },
            };
            let later = if ending == Ending::AtTheHead { self.catch_up(closing).await? } else { None };
            return Ok(later.unwrap_or(ending));
        }
    }

    /// Follows the log to its head, or until it is to end at once; says how it is to end, if
    /// somebody said so meanwhile.
    async fn catch_up(&mut self, closing: &mut mpsc::Receiver<Ending>) -> Result<Option<Ending>, OpenError> {
        let mut ending = None;
        while self.next_frame < self.log.head().next_frame {
            ending = closing.try_recv().ok().or(ending);
            if ending == Some(Ending::AtOnce) {
                break;
            }
            self.doing = Doing::Reading;
            let frames = self.log.read(self.next_frame, READ_BYTES).await?;
            let heads: Vec<Head> = frames.iter().map(Frame::head_after).collect();
            let Some(head) = heads.last().copied() else {
                return Err(OpenError::missing(self.next_frame, self.log.head().next_position));
            };
            self.doing = Doing::Decoding;
            let events = self.take_in(&frames)?;
            self.next_frame = head.next_frame;
            self.send(Batch { events, heads });
            self.keep(Keeper::is_due, Keeper::checkpoint);
            // A writer that is gone need not know.
            let _ = self.told.writer.send(Message::Followed(head.next_position));
        }
        Ok(ending)
    }

    /// Tells the views that nothing is to be kept.
    fn give_up(&mut self) {
        if let Some(views) = &self.told.views {
            let _ = views.send(News::GivenUp);
        }
    }

    /// Hands a batch to the views, and lets go of those that they are done with.
    fn send(&mut self, batch: Batch) {
        let batch = Arc::new(batch);
        if self.told.views.as_ref().is_some_and(|views| views.send(News::Happened(batch.clone())).is_err()) {
            self.told.views = None;
        }
        self.sent.push_back(batch);
        while self.sent.front().is_some_and(|oldest| Arc::strong_count(oldest) == 1) {
            if let Some(Batch { mut events, .. }) = self.sent.pop_front().and_then(Arc::into_inner) {
                events.clear();
                self.spare = events;
            }
        }
    }

    /// Decodes frames and shows them to the keeper.
    fn take_in(&mut self, frames: &[Frame]) -> Result<Vec<Recorded>, OpenError> {
        let count: u64 = frames.iter().map(|frame| u64::from(frame.count())).sum();
        let mut events = std::mem::take(&mut self.spare);
        events.reserve(usize::try_from(count).unwrap_or_default());
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
    fn keep(
        &mut self,
        wanted: impl Fn(&Keeper) -> bool,
        keep: impl Fn(&mut Keeper) -> Result<Recalled, Broken>,
    ) {
        let Some(keeper) = self.keeper.as_mut().filter(|keeper| wanted(keeper)) else {
            return;
        };
        self.doing = Doing::Keeping;
        match keep(keeper) {
            Ok(recalled) => {
                // The views are told in order, so that they never recall what is yet to come.
                if let Some(views) = &self.told.views {
                    let _ = views.send(News::Recalled(recalled.clone()));
                }
                self.told.recalled.send_replace(recalled);
            }
            Err(broken) => {
                tracing::warn!(file = %broken.file.display(), why = broken.why, "no checkpoint was made; the next one is tried in its time");
            }
        }
    }

    fn stop(&mut self, stopped: ViewsStopped) {
        tracing::error!(why = &*stopped.why, "the log is followed no more");
        if let Some(views) = &self.told.views {
            let _ = views.send(News::Stopped(stopped));
        }
    }
}

/// However it ends, the writer does not wait for it; where it panics, the views say so.
impl Drop for Follow {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let is_corruption = self.doing == Doing::Decoding;
            let (doing, frame) = (self.doing.words(), self.next_frame);
            let why = format!(
                "who follows the log panicked while {doing}, at frame {frame}; what was acknowledged is in \
                 the log and commands go on; open the ledger again, and if it fails again run \
                 `counterfoil audit`"
            );
            self.stop(ViewsStopped { why: why.into(), is_corruption });
        }
        let _ = self.told.writer.send(Message::Followed(u64::MAX));
    }
}
