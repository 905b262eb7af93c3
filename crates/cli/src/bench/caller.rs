//! A caller: one submission in flight, until its share of the commands is done.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use counterfoil::{Counterfoil, ExecuteError, Outcome, Receipt};

use super::generator::{Generator, Submission};
use super::{callers, process};
use crate::exit::Failure;

/// Commands that are made between two readings of the thread's time: a reading costs
/// about as much as making twenty of them.
const AHEAD: u64 = 128;

/// One caller.
pub(super) struct Caller {
    /// The ledger.
    pub(super) ledger: Counterfoil,
    /// Makes its commands.
    pub(super) generator: Generator,
    /// The numbers of its commands.
    pub(super) numbers: Range<u64>,
    /// How many it hands over at once.
    pub(super) batch: u64,
    /// How many commands of all callers are done.
    pub(super) done: Arc<AtomicU64>,
}

/// What a caller saw.
#[derive(Default)]
pub(super) struct Seen {
    /// When its first submission went out, and when its last answer came.
    pub(super) between: Option<(Instant, Instant)>,
    /// Microseconds from submission to answer.
    pub(super) acks: Vec<u32>,
    /// What making the commands took of the processor, where that can be known.
    pub(super) generating: Option<Duration>,
}

impl Caller {
    /// Calls until its share is done.
    pub(super) async fn run(mut self) -> Result<Seen, Failure> {
        let mut seen = Seen { generating: Some(Duration::ZERO), ..Seen::default() };
        while !self.numbers.is_empty() {
            for (submission, commands) in self.make(&mut seen) {
                let asked = Instant::now();
                let answers = ask(&self.ledger, submission).await;
                let answered = Instant::now();
                let first = seen.between.map_or(asked, |(first, _)| first);
                seen.between = Some((first, answered));
                let micros = answered.duration_since(asked).as_micros();
                seen.acks.push(u32::try_from(micros).unwrap_or(u32::MAX));
                self.check(answers)?;
                self.done.fetch_add(commands, Ordering::Relaxed);
            }
        }
        Ok(seen)
    }

    /// The next submissions, each with how many commands it has.
    fn make(&mut self, seen: &mut Seen) -> Vec<(Submission, u64)> {
        let before = process::thread_cpu();
        let mut made = Vec::new();
        let upto = self.numbers.end.min(self.numbers.start.saturating_add(AHEAD.max(self.batch)));
        while self.numbers.start < upto {
            let end = self.numbers.end.min(self.numbers.start + self.batch);
            made.push((self.generator.submission(self.numbers.start..end), end - self.numbers.start));
            self.numbers.start = end;
        }
        let took = process::thread_cpu().zip(before).map(|(after, before)| after.saturating_sub(before));
        seen.generating = seen.generating.zip(took).map(|(all, took)| all + took);
        made
    }

    /// Every command was executed, and none before.
    fn check(&mut self, answers: Answers) -> Result<(), Failure> {
        match answers {
            Answers::One(answer) => self.generator.note(callers::new(answer)?.reply),
            Answers::Batch(answers) => self.check_group(answers)?,
            Answers::Together(groups) => {
                groups.into_iter().try_for_each(|group| self.check_group(group))?;
            }
        }
        Ok(())
    }

    fn check_group(&mut self, group: Vec<Answer>) -> Result<(), Failure> {
        let alone = group.len() == 1;
        for answer in group {
            let receipt = callers::new(answer)?;
            if alone {
                self.generator.note(receipt.reply);
            }
        }
        Ok(())
    }
}

type Answer = Result<Receipt<Outcome>, ExecuteError>;

/// The answers to a submission, in its form.
enum Answers {
    One(Answer),
    Batch(Vec<Answer>),
    Together(Vec<Vec<Answer>>),
}

async fn ask(ledger: &Counterfoil, submission: Submission) -> Answers {
    match submission {
        Submission::One(request) => {
            let key = request.key.unwrap_or_default();
            Answers::One(ledger.execute(request.command).idempotent(key).await)
        }
        Submission::Batch(requests) => Answers::Batch(ledger.execute_batch(requests).await),
        Submission::Together(groups) => Answers::Together(ledger.execute_together(groups).await),
    }
}
