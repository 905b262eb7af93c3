//! The shell around the step function: a deciding thread, an appending thread, channels.
//!
//! While one append syncs the next is being decided. An append is handed over as soon
//! as the log is free and no request waits, so a lone caller waits for nobody and many
//! callers share a sync.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::thread::JoinHandle;

use counterfoil_domain::calendar::Timestamp;
use counterfoil_log::{AppendError, EventLog, Frame, Head};
use tokio::sync::{oneshot, watch};

use super::job::Question;
use super::staging::Draft;
use super::{Job, Writer};
use crate::appended::Counters;
use crate::codec::CODEC;
use crate::error::ExecuteError;
use crate::state::Recalled;

/// How many events the writer may be ahead of who follows the log.
const MOST_AHEAD: u64 = 1 << 19;

/// What reaches the deciding thread.
pub(crate) enum Message {
    /// Requests.
    Job(Box<Job>),
    /// A question about the writer's own state.
    Question(Question),
    /// What became of the append in flight.
    Appended(Result<Head, AppendError>),
    /// How far the log is followed; for who follows it no more, the end of time.
    Followed(u64),
    /// Finish what is queued, then stop.
    Close(oneshot::Sender<Result<(), Arc<str>>>),
}

/// The way in to a running writer.
pub(crate) struct Shell {
    pub(crate) messages: Sender<Message>,
    /// What the appending thread has appended.
    pub(crate) appended: Arc<Counters>,
}

/// What leads to a writer and from it. It is there before the writer is, so that others may
/// begin with it.
pub(crate) struct Lines {
    messages: Sender<Message>,
    inbox: Receiver<Message>,
    published: watch::Sender<Head>,
}

/// Sends the answer to a question. A caller that went away has no use for it.
type Telling = Box<dyn FnOnce() + Send>;

/// The deciding thread's own state.
struct Decider {
    writer: Writer,
    clock: fn() -> Timestamp,
    /// What can be recalled from runs.
    recalled: watch::Receiver<Recalled>,
    /// How far the log is followed.
    followed: u64,
    queue: VecDeque<Box<Job>>,
    /// Finished jobs, each with the position that must be durable before its answer.
    waiting: VecDeque<(u64, Box<Job>)>,
    /// Answers to questions, each with the position that must be durable first.
    telling: VecDeque<(u64, Telling)>,
    appends: Sender<Vec<Arc<Draft>>>,
    in_flight: bool,
    durable: u64,
    /// Why no more is appended, once a sync has failed.
    stopped: Option<Arc<str>>,
    closing: Vec<oneshot::Sender<Result<(), Arc<str>>>>,
}

impl Lines {
    /// To and from the writer of a log, which stands at this head.
    pub(crate) fn new(head: Head) -> Self {
        let (messages, inbox) = channel();
        Self { messages, inbox, published: watch::channel(head).0 }
    }

    /// Where the writer is told something.
    pub(crate) fn messages(&self) -> Sender<Message> {
        self.messages.clone()
    }

    /// The newest durable head.
    pub(crate) fn head(&self) -> watch::Receiver<Head> {
        self.published.subscribe()
    }

    /// Starts the two threads of a writer that has replayed its log.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub(crate) fn start(
        self,
        writer: Writer,
        log: Arc<dyn EventLog>,
        clock: fn() -> Timestamp,
        recalled: watch::Receiver<Recalled>,
    ) -> std::io::Result<Shell> {
        let Self { messages, inbox, published } = self;
        let (appends, to_append) = channel();
        let back = messages.clone();
        let appended = Arc::new(Counters::default());
        let counters = appended.clone();
        let _appender: JoinHandle<()> = std::thread::Builder::new()
            .name("counterfoil-append".to_owned())
            .spawn(move || append_loop(&*log, &to_append, &back, &published, &counters))?;
        let durable = writer.position();
        let decider = Decider {
            writer,
            clock,
            recalled,
            followed: u64::MAX,
            queue: VecDeque::new(),
            waiting: VecDeque::new(),
            telling: VecDeque::new(),
            appends,
            in_flight: false,
            durable,
            stopped: None,
            closing: Vec::new(),
        };
        let _decider: JoinHandle<()> = std::thread::Builder::new()
            .name("counterfoil-decide".to_owned())
            .spawn(move || decider.run(&inbox))?;
        Ok(Shell { messages, appended })
    }
}

impl Decider {
    fn run(mut self, inbox: &Receiver<Message>) {
        loop {
            let can_work = !self.queue.is_empty() && !self.writer.is_full() && !self.is_far_ahead();
            let message = if can_work {
                match inbox.try_recv() {
                    Ok(message) => Some(message),
                    Err(TryRecvError::Empty) => None,
                    Err(TryRecvError::Disconnected) => return,
                }
            } else {
                match inbox.recv() {
                    Ok(message) => Some(message),
                    Err(_) => return,
                }
            };
            match message {
                Some(message) => self.take(message),
                None => self.work(),
            }
            // Requests that already wait are decided first, so that they share a sync.
            if self.queue.is_empty() || self.writer.is_full() || self.is_far_ahead() {
                self.hand_over();
            }
            self.answer_what_is_durable();
            if self.is_done() {
                break;
            }
        }
        for closing in self.closing {
            let _ = closing.send(self.stopped.clone().map_or(Ok(()), Err));
        }
    }

    /// Whether deciding must wait for who follows the log. What it has followed it keeps
    /// soon after, so that the next opening replays little; where a checkpoint fails, more.
    fn is_far_ahead(&self) -> bool {
        self.writer.position().saturating_sub(self.followed) > MOST_AHEAD
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Followed(position) => self.followed = position,
            Message::Job(job) if self.stopped.is_some() => job.fail(&ExecuteError::Stopped),
            Message::Job(job) if !self.closing.is_empty() => job.fail(&ExecuteError::Closed),
            Message::Job(job) => self.queue.push_back(job),
            Message::Question(Question::Bookmark(name, reply)) => {
                let bookmark = self.writer.ledger().bookmark(&name);
                self.tell(Box::new(move || {
                    let _ = reply.send(bookmark);
                }));
            }
            Message::Question(Question::Account(account, reply)) => {
                let account = self.writer.ledger().account(account).cloned().map(Box::new);
                self.tell(Box::new(move || {
                    let _ = reply.send(account);
                }));
            }
            Message::Question(Question::Ledger(reply)) => {
                let ledger = Box::new(self.writer.ledger().clone());
                self.tell(Box::new(move || {
                    let _ = reply.send(ledger);
                }));
            }
            Message::Appended(Ok(head)) => {
                self.in_flight = false;
                self.durable = head.next_position;
                self.writer.is_durable(head.next_position);
            }
            Message::Appended(Err(error)) => self.stop(&error),
            Message::Close(reply) => self.closing.push(reply),
        }
    }

    /// Tells what was asked once everything that the answer saw is durable.
    fn tell(&mut self, answer: Telling) {
        if self.stopped.is_none() {
            self.telling.push_back((self.writer.position(), answer));
        }
    }

    fn work(&mut self) {
        if self.recalled.has_changed().unwrap_or(false) {
            let recalled = self.recalled.borrow_and_update().clone();
            self.writer.recall(recalled);
        }
        let Some(mut job) = self.queue.pop_front() else {
            return;
        };
        if self.writer.work(&mut job, (self.clock)()) {
            self.waiting.push_back((self.writer.position(), job));
        } else {
            self.queue.push_front(job);
        }
    }

    fn hand_over(&mut self) {
        if self.in_flight || self.stopped.is_some() || !self.writer.has_staged() {
            return;
        }
        self.in_flight = self.appends.send(self.writer.take_staged()).is_ok();
        if !self.in_flight {
            self.stop(&gone());
        }
    }

    /// Answers every job whose answer depends on nothing that is not durable.
    fn answer_what_is_durable(&mut self) {
        while self.waiting.front().is_some_and(|(needed, _)| *needed <= self.durable) {
            if let Some((_, job)) = self.waiting.pop_front() {
                job.answer();
            }
        }
        while self.telling.front().is_some_and(|(needed, _)| *needed <= self.durable) {
            if let Some((_, answer)) = self.telling.pop_front() {
                answer();
            }
        }
    }

    /// A sync failed: what waited for it is unknown, and nothing more is recorded.
    fn stop(&mut self, error: &AppendError) {
        tracing::error!(%error, "the log refused an append; the ledger stops until it is reopened");
        let why: Arc<str> = error.to_string().into();
        let unknown = if matches!(error, AppendError::InDoubt { .. } | AppendError::Poisoned { .. }) {
            ExecuteError::OutcomeUnknown { why: why.clone() }
        } else {
            // Every other error wrote nothing.
            ExecuteError::Stopped
        };
        // Who waits to be told something that may never have been is told nothing.
        self.telling.clear();
        for (_, job) in self.waiting.drain(..) {
            job.answer_upto(self.durable, &unknown);
        }
        for job in self.queue.drain(..) {
            job.answer_upto(self.durable, &unknown);
        }
        self.in_flight = false;
        self.stopped = Some(why);
    }

    fn is_done(&self) -> bool {
        let idle = self.queue.is_empty() && self.waiting.is_empty() && !self.in_flight;
        let written = self.stopped.is_some() || !self.writer.has_staged();
        !self.closing.is_empty() && idle && written
    }
}

/// What is known of an append whose thread is gone: nothing.
fn gone() -> AppendError {
    AppendError::InDoubt { doing: "appending", source: "the appending thread is gone".into() }
}

fn append_loop(
    log: &dyn EventLog,
    to_append: &Receiver<Vec<Arc<Draft>>>,
    back: &Sender<Message>,
    published: &watch::Sender<Head>,
    counters: &Counters,
) {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(%error, "no runtime for the appending thread");
            return;
        }
    };
    while let Ok(drafts) = to_append.recv() {
        let expected = log.head();
        let mut head = expected;
        let mut frames: Vec<Frame> = Vec::with_capacity(drafts.len());
        for draft in drafts {
            let (frame, next) = draft.frame.seal(&head, log.ledger(), draft.recorded_at, CODEC);
            frames.push(frame);
            head = next;
        }
        // A log that panics has written nobody knows what.
        let append = || runtime.block_on(log.append(expected, &frames));
        let appended = catch_unwind(AssertUnwindSafe(append)).unwrap_or_else(|_| Err(gone()));
        if let Ok(head) = &appended {
            counters.add(&frames);
            published.send_replace(*head);
        }
        if back.send(Message::Appended(appended)).is_err() {
            return;
        }
    }
}
