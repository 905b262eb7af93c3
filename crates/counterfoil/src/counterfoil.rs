//! The handle: what an embedding program holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use counterfoil_domain::account::{Account, KeyId, Sealed};
use counterfoil_domain::bookmark::Bookmark;
use counterfoil_domain::calendar::Timestamp;
use counterfoil_domain::{AccountId, Command, Ledger, Settings};
use counterfoil_log::{EventLog, Head};
use counterfoil_views::{Projector, Reading, View};
use tokio::sync::{oneshot, watch};

use crate::ask::Ask;
use crate::error::{ExecuteError, OpenError};
use crate::execute::Execute;
use crate::feed::Feed;
use crate::ids::Ids;
use crate::open::Builder;
use crate::outcome::Outcome;
use crate::projection::{Projection, Rebuilt, ViewsStopped};
use crate::receipt::Receipt;
use crate::request::Request;
use crate::sealing::{self, SealError};
use crate::writer::{Answer, Few, Groups, Job, Message, Mode, Places, Question, Shell, Stamper};

/// An open ledger. Cloning it is cheap and gives another handle to the same ledger.
#[derive(Clone)]
pub struct Counterfoil {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) log: Arc<dyn EventLog>,
    pub(crate) shell: Shell,
    pub(crate) head: watch::Receiver<Head>,
    /// Places in the queue, one a request.
    pub(crate) places: Places,
    pub(crate) stamper: Stamper,
    pub(crate) projection: Projection,
    pub(crate) keys: Option<sealing::Keys>,
    pub(crate) settings: Settings,
    pub(crate) ids: Ids,
    /// Whether somebody has closed the ledger: what is asked from then on is not tried.
    pub(crate) closed: AtomicBool,
}

/// A job that was not handed over yet, and where its answers come.
pub(crate) struct Made {
    job: Box<Job>,
    answer: oneshot::Receiver<Box<Job>>,
}

impl Counterfoil {
    /// A builder of ledgers.
    pub fn builder() -> Builder {
        Builder::new()
    }

    /// Executes a command: `ledger.execute(command).idempotent("order-17").await`.
    pub fn execute<C: Ask>(&self, command: C) -> Execute<'_, C> {
        Execute::new(self, command, Mode::Apart)
    }

    /// Decides a command without a trace: the same path, the same refusals.
    ///
    /// Where work falls due before it (funds that mature, payouts of a schedule), each preview
    /// does it on a copy of its own of the whole ledger, which costs the writer as much time
    /// and memory as all accounts take. A command records that work, and then no preview
    /// copies anything: before many previews let time pass, by
    /// [`AdvanceTo`](counterfoil_domain::calendar::AdvanceTo).
    pub fn preview<C: Ask>(&self, command: C) -> Execute<'_, C> {
        Execute::new(self, command, Mode::Preview)
    }

    /// Executes many requests. Each is atomic by itself; the results are in order.
    pub async fn execute_batch(&self, requests: Vec<Request>) -> Vec<Result<Receipt<Outcome>, ExecuteError>> {
        let answers = self.submit(Self::made(requests.into(), Groups::Single, Mode::Apart)).await;
        answers.into_iter().map(|answer| self.receipt(answer)).collect()
    }

    /// Executes groups of requests: all that a group records lands in one frame, so
    /// that after a crash it is there whole or not at all. A group stops at its first
    /// refusal; what precedes it stands. A split may name a charge of its own group by
    /// [`charge_of_request`](crate::charge_of_request).
    pub async fn execute_together(
        &self,
        groups: Vec<Vec<Request>>,
    ) -> Vec<Vec<Result<Receipt<Outcome>, ExecuteError>>> {
        self.submit_groups(groups, Mode::Apart).await
    }

    /// Like [`execute_together`](Self::execute_together), and after a group that was
    /// refused none of those behind it is tried: for a caller that feeds a source in
    /// order and must not pass over a part of it.
    pub async fn execute_in_order(
        &self,
        groups: Vec<Vec<Request>>,
    ) -> Vec<Vec<Result<Receipt<Outcome>, ExecuteError>>> {
        self.submit_groups(groups, Mode::InOrder).await
    }

    /// Every durable event from `position` on, in order.
    #[must_use]
    pub fn subscribe(&self, position: u64) -> Feed {
        Feed::new(self.inner.log.clone(), self.inner.head.clone(), self.inner.ids.clone(), position)
    }

    /// The newest durable head of the log.
    #[must_use]
    pub fn head(&self) -> Head {
        self.inner.log.head()
    }

    /// What the ledger was opened with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// How ids are written.
    #[must_use]
    pub fn ids(&self) -> &Ids {
        &self.inner.ids
    }

    /// How far a caller has read a source.
    ///
    /// # Errors
    /// The ledger is closed.
    pub async fn bookmark(&self, name: &str) -> Result<Option<Bookmark>, ExecuteError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Question::Bookmark(name.to_owned(), reply))?;
        answer.await.map_err(|_| ExecuteError::Closed)
    }

    /// A copy of one account, tentative decisions included; `None` where there is none.
    ///
    /// # Errors
    /// The ledger is closed.
    pub async fn account(&self, account: AccountId) -> Result<Option<Box<Account>>, ExecuteError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Question::Account(account, reply))?;
        answer.await.map_err(|_| ExecuteError::Closed)
    }

    /// A copy of the ledger's state, tentative decisions included.
    ///
    /// # Errors
    /// The ledger is closed.
    pub async fn ledger(&self) -> Result<Box<Ledger>, ExecuteError> {
        let (reply, answer) = oneshot::channel();
        self.ask(Question::Ledger(reply))?;
        answer.await.map_err(|_| ExecuteError::Closed)
    }

    /// Seals personal data under a subject's key, which is made where it is new.
    ///
    /// # Errors
    /// A text that is too long, a key file that cannot be written, or a ledger without a
    /// data folder.
    pub fn seal(&self, subject: KeyId, text: &str) -> Result<Sealed, SealError> {
        let keys = self.inner.keys.as_ref().ok_or(SealError::NoFolder)?;
        sealing::seal(keys, subject, text)
    }

    /// Opens sealed personal data; `None` where its key was destroyed.
    ///
    /// # Errors
    /// A ciphertext that its key does not open, or a key file that cannot be read.
    pub fn unseal(&self, sealed: &Sealed) -> Result<Option<String>, SealError> {
        let keys = self.inner.keys.as_ref().ok_or(SealError::NoFolder)?;
        sealing::open(keys, sealed)
    }

    /// Waits until the views have seen every event before `position`.
    ///
    /// # Errors
    /// The views stand still, or the ledger is closed.
    pub async fn seen(&self, position: u64) -> Result<(), ViewsStopped> {
        self.inner.projection.seen(position).await
    }

    /// Waits until the views have seen everything that is durable now.
    ///
    /// # Errors
    /// The views stand still, or the ledger is closed.
    pub async fn caught_up(&self) -> Result<(), ViewsStopped> {
        self.seen(self.head().next_position).await
    }

    /// Asks the views, all at one position. The views stand still while `with` runs, so
    /// it takes what it needs and leaves. What it asks may be read from disk.
    pub fn views<T>(&self, with: impl FnOnce(Reading<'_>) -> T) -> T {
        self.inner.projection.read(with)
    }

    /// One view as it was at a business time: folded from the log, every event of that
    /// instant included.
    ///
    /// # Errors
    /// A log that cannot be read, or an event that cannot be understood.
    pub async fn view_as_of<P: Projector>(&self, time: Timestamp) -> Result<P, OpenError> {
        let mut follower = counterfoil_views::Follower::<P>::new();
        let mut feed = self.subscribe(0);
        while let Some(recorded) = feed.try_next().await? {
            if recorded.time > time {
                break;
            }
            let position = recorded.position;
            let why = |gap: counterfoil_views::Gap| OpenError::Breach { position, why: gap.to_string() };
            follower.apply(&recorded).map_err(why)?;
        }
        Ok(follower.into_state())
    }

    /// Rebuilds a view from the first event beside the live one and exchanges them. The views
    /// wait while what is left of the log is read: little, unless the log grows nearly as
    /// fast as it can be read.
    ///
    /// # Errors
    /// A log that cannot be read, a snapshot that cannot be written, or a ledger that was
    /// closed meanwhile.
    pub async fn rebuild(&self, view: View) -> Result<Rebuilt, OpenError> {
        self.inner.projection.rebuild(view, &*self.inner.log).await
    }

    /// The views whose snapshots were damaged when the ledger was opened, and how. They
    /// were built from the log instead; [`Counterfoil::rebuild`] mends the snapshot.
    #[must_use]
    pub fn damaged_views(&self) -> Vec<(View, String)> {
        self.inner.projection.damaged()
    }

    /// Finishes what is queued, makes everything durable, keeps what spares the next opening
    /// and lets go of the data folder. Other handles answer `Closed` afterwards.
    ///
    /// # Errors
    /// A sync that fails now, or failed before; another handle closed it, and then it is
    /// closed as well.
    pub async fn close(self) -> Result<(), ExecuteError> {
        self.inner.closed.store(true, Ordering::SeqCst);
        let finished = self.finish().await;
        // However the writer ended, the folder is let go of by all who write into it.
        self.inner.projection.close().await;
        let closed = self.inner.log.close().await;
        finished?;
        closed.map_err(|error| ExecuteError::OutcomeUnknown { why: error.to_string().into() })
    }

    /// Has the writer finish what is queued.
    async fn finish(&self) -> Result<(), ExecuteError> {
        let (reply, done) = oneshot::channel();
        let sent = self.inner.shell.messages.send(Message::Close(reply));
        sent.map_err(|_| ExecuteError::Closed)?;
        let finished = done.await.map_err(|_| ExecuteError::Closed)?;
        finished.map_err(|why| ExecuteError::OutcomeUnknown { why })
    }

    fn ask(&self, question: Question) -> Result<(), ExecuteError> {
        self.inner.shell.messages.send(Message::Question(question)).map_err(|_| ExecuteError::Closed)
    }

    async fn submit_groups(
        &self,
        groups: Vec<Vec<Request>>,
        mode: Mode,
    ) -> Vec<Vec<Result<Receipt<Outcome>, ExecuteError>>> {
        let sizes: Vec<usize> = groups.iter().map(Vec::len).collect();
        let end = |end: &mut usize, size: &usize| {
            *end += size;
            Some(*end)
        };
        let ends = sizes.iter().scan(0, end).collect();
        let mut requests = Few::with_capacity(sizes.iter().sum());
        groups.into_iter().for_each(|group| requests.extend(group));
        let mut answers = self.submit(Self::made(requests, Groups::Ends(ends), mode)).await.into_iter();
        let receipts = |size| answers.by_ref().take(size).map(|answer| self.receipt(answer)).collect();
        sizes.into_iter().map(receipts).collect()
    }

    /// What is handed to the writer, made where it stays: it is too large to be moved about.
    pub(crate) fn made(requests: Few<Request>, groups: Groups, mode: Mode) -> Made {
        let count = requests.len();
        let keys = Few::with_capacity(count);
        let (reply, answer) = oneshot::channel();
        let (answered, ends) = (Few::with_capacity(count), Few::with_capacity(count));
        let (reply, places) = (Some(reply), None);
        Made { job: Box::new(Job { requests, keys, groups, mode, answered, ends, reply, places }), answer }
    }

    pub(crate) async fn submit(&self, made: Made) -> Few<Answer> {
        let Made { mut job, answer } = made;
        let count = job.requests.len();
        let all = |error: ExecuteError| (0..count).map(|_| Err(error.clone())).collect();
        if self.inner.closed.load(Ordering::SeqCst) {
            return all(ExecuteError::Closed);
        }
        // Places in the bounded queue, or a refusal before anything is done for the requests.
        job.places = self.inner.places.take(count);
        if job.places.is_none() {
            return all(ExecuteError::Overloaded);
        }
        job.keys.extend(job.requests.iter().map(|request| self.inner.stamper.stamp(request)));
        if self.inner.shell.messages.send(Message::Job(job)).is_err() {
            return all(ExecuteError::Closed);
        }
        match answer.await {
            Ok(mut job) => std::mem::take(&mut job.answered),
            Err(_) => {
                all(ExecuteError::OutcomeUnknown { why: "the writer stopped before it answered".into() })
            }
        }
    }

    pub(crate) fn receipt(&self, answer: Answer) -> Result<Receipt<Outcome>, ExecuteError> {
        let sure = answer?;
        Ok(Receipt {
            reply: sure.outcome,
            positions: sure.positions(),
            time: sure.time,
            replayed: sure.replayed,
            preview: false,
            named: sure.command,
            ledger: self.clone(),
        })
    }
}

/// The last handle is gone: the writer finishes what is queued and lets its threads and
/// the log go, in its own time. Who must know that it is done calls [`Counterfoil::close`].
impl Drop for Inner {
    fn drop(&mut self) {
        // A ledger that was closed has no writer to tell.
        let _ = self.shell.messages.send(Message::Close(oneshot::channel().0));
    }
}

impl std::fmt::Debug for Counterfoil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Counterfoil {} at {}", self.inner.settings.ledger, self.head())
    }
}

/// Any command by its variant, for callers that hold one.
impl From<Command> for Request {
    fn from(command: Command) -> Self {
        Self::new(command)
    }
}
