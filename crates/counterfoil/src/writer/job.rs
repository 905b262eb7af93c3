//! A job: what callers hand to the writer, and what they get back.

use std::ops::Range;

use counterfoil_domain::AccountId;
use counterfoil_domain::account::Account;
use counterfoil_domain::bookmark::Bookmark;
use counterfoil_domain::calendar::Timestamp;
use smallvec::SmallVec;
use tokio::sync::oneshot;
use uuid::Uuid;

use super::places::Taken;
use super::stamp::Keyed;
use crate::error::ExecuteError;
use crate::outcome::Outcome;
use crate::request::Request;

/// What became of one request.
pub(crate) type Answer = Result<Sure, ExecuteError>;

/// A receipt before it is handed out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sure {
    pub(crate) outcome: Outcome,
    /// Nil where the request named none.
    pub(crate) command: Uuid,
    pub(crate) first: u64,
    pub(crate) events: u16,
    pub(crate) time: Timestamp,
    pub(crate) replayed: bool,
}

impl Sure {
    pub(crate) fn positions(&self) -> Range<u64> {
        self.first..self.first + u64::from(self.events)
    }
}

/// Many of a batch; one of a lone request, which then needs no memory of its own.
pub(crate) type Few<T> = SmallVec<[T; 1]>;

/// Requests that are answered together. A group of them shares one frame.
pub(crate) struct Job {
    pub(crate) requests: Few<Request>,
    /// What stands for each request's key, made by the caller's thread.
    pub(crate) keys: Few<Keyed>,
    pub(crate) groups: Groups,
    /// How far they depend on each other.
    pub(crate) mode: Mode,
    pub(crate) answered: Few<Answer>,
    /// For each group that was answered, how many answers there were after it, and the
    /// position that must be durable first.
    pub(crate) ends: Few<(usize, u64)>,
    /// Where it goes back to, with its answers: whoever made it disposes of it.
    pub(crate) reply: Option<oneshot::Sender<Box<Job>>>,
    /// Places in the bounded queue, given back with the answer.
    pub(crate) places: Option<Taken>,
}

/// Where the groups of a job end.
pub(crate) enum Groups {
    /// Every request is a group.
    Single,
    /// After so many requests, counted from the first.
    Ends(Vec<usize>),
}

/// How the groups of a job are executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Each group by itself.
    Apart,
    /// In order: after a group that was refused none is tried.
    InOrder,
    /// Nothing is recorded.
    Preview,
}

/// What is asked of the writer's own state.
pub(crate) enum Question {
    /// How far a source is read.
    Bookmark(String, oneshot::Sender<Option<Bookmark>>),
    /// How an account stands.
    Account(AccountId, oneshot::Sender<Option<Box<Account>>>),
    /// What the whole ledger looks like.
    Ledger(oneshot::Sender<Box<counterfoil_domain::Ledger>>),
}

impl Job {
    /// The requests of the group that is next; `None` where all are answered.
    pub(super) fn next_group(&self) -> Option<Range<usize>> {
        let first = self.answered.len();
        match &self.groups {
            // There is a key for each request, and the requests may be on loan.
            Groups::Single => (first < self.keys.len()).then_some(first..first + 1),
            // An empty group is answered without a request, so places tell groups apart.
            Groups::Ends(ends) => ends.get(self.ends.len()).map(|end| first..*end),
        }
    }

    /// Answers every request of the job with one error.
    pub(crate) fn fail(mut self: Box<Self>, error: &ExecuteError) {
        self.answered = self.requests.iter().map(|_| Err(error.clone())).collect();
        self.answer();
    }

    /// Hands the answers out after a failed append: those that saw nothing beyond
    /// `durable` stand, those that did are `unknown`, and what was not decided is not tried.
    pub(crate) fn answer_upto(mut self: Box<Self>, durable: u64, unknown: &ExecuteError) {
        let stand =
            self.ends.iter().take_while(|(_, end)| *end <= durable).last().map_or(0, |(after, _)| *after);
        for answer in self.answered.iter_mut().skip(stand) {
            *answer = Err(unknown.clone());
        }
        self.answered.resize_with(self.requests.len(), || Err(ExecuteError::Stopped));
        self.answer();
    }

    /// Hands the answers out.
    pub(crate) fn answer(mut self: Box<Self>) {
        // Whoever is answered may ask again at once.
        self.places = None;
        if let Some(reply) = self.reply.take() {
            // A caller that went away has no use for the answer.
            let _ = reply.send(self);
        }
    }
}
