//! A job: what callers hand to the writer, and what they get back.

use std::collections::VecDeque;
use std::ops::Range;

use counterfoil_domain::bookmark::Bookmark;
use counterfoil_domain::calendar::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use uuid::Uuid;

use crate::error::ExecuteError;
use crate::outcome::Outcome;
use crate::request::Request;

/// What became of one request.
pub(crate) type Answer = Result<Sure, ExecuteError>;

/// A receipt before it is handed out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sure {
    pub(crate) outcome: Outcome,
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

/// Groups of requests, answered together. A group shares one frame.
pub(crate) struct Job {
    pub(crate) groups: VecDeque<Vec<Request>>,
    /// How far they depend on each other.
    pub(crate) mode: Mode,
    pub(crate) answered: Vec<Vec<Answer>>,
    /// For each group that was answered, the position that must be durable first.
    pub(crate) ends: Vec<u64>,
    pub(crate) reply: oneshot::Sender<Answered>,
    /// A place in the bounded queue, given back with the answer.
    pub(crate) _place: OwnedSemaphorePermit,
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

/// The answers of a job, group by group.
pub(crate) type Answered = Vec<Vec<Answer>>;

/// What is asked of the writer's own state.
pub(crate) enum Question {
    /// How far a source is read.
    Bookmark(String, oneshot::Sender<Option<Bookmark>>),
    /// What the whole ledger looks like.
    Ledger(oneshot::Sender<Box<counterfoil_domain::Ledger>>),
}

impl Job {
    /// Answers every request of the job with one error.
    pub(crate) fn fail(self, error: &ExecuteError) {
        let left = self.groups.iter().map(Vec::len);
        let sizes: Vec<usize> = self.answered.iter().map(Vec::len).chain(left).collect();
        let answers = sizes.into_iter().map(|size| vec![Err(error.clone()); size]).collect();
        // A caller that went away has no use for the answer.
        let _ = self.reply.send(answers);
    }

    /// Hands the answers out after a failed append: those that saw nothing beyond
    /// `durable` stand, those that did are `unknown`, and what was not decided is not tried.
    pub(crate) fn answer_upto(mut self, durable: u64, unknown: &ExecuteError) {
        for (answers, end) in self.answered.iter_mut().zip(&self.ends) {
            if *end > durable {
                answers.fill_with(|| Err(unknown.clone()));
            }
        }
        let left = self.groups.iter().map(|group| vec![Err(ExecuteError::Stopped); group.len()]);
        self.answered.extend(left);
        self.answer();
    }

    /// Hands the answers out.
    pub(crate) fn answer(self) {
        let _ = self.reply.send(self.answered);
    }
}
